"""The teacher: whoever knows the secret in $BOTTLENECK_TEACHER. Imports no TensorFlow."""

import hmac
import logging
import os
import secrets
import threading
import time
from collections import defaultdict, deque

VARIABLE = "BOTTLENECK_TEACHER"
MIN_LENGTH = 8
MAX_TRIES, TRIES_SECONDS = 10, 60.0
WRONG_SECONDS = 1.0
EVERYBODY = ""
WRONG = "This is not the secret of this server."
TOO_MANY = (
    "Ten wrong secrets were typed on this server within a minute. Wait a minute, then type yours "
    "again."
)
_LOG = logging.getLogger(__name__)


class SecretRefused(Exception):
    """The secret is wrong or was not checked; its text is a sentence for the reader."""


class Teacher:
    """Checks the secret, and gives whoever knows it a key that lasts as long as the server runs.

    Wrong secrets are limited for the whole server, so that nobody can guess it. A browser that has
    proven the secret before has a limit of its own: other people's guesses cannot lock it out.
    """

    def __init__(self) -> None:
        self._secret = ""
        self._key = secrets.token_hex(16)
        self._lock = threading.Lock()
        self._tries: dict[str, deque[float]] = defaultdict(deque)
        self._proven: set[str] = set()
        self._quiet_until = 0.0

    def take_secret(self) -> None:
        """Reads the secret and removes it from the environment, which the workers inherit.

        Raises:
            ValueError: A sentence; the secret is too short.
        """
        secret = os.environ.pop(VARIABLE, "")
        if secret and len(secret) < MIN_LENGTH:
            raise ValueError(
                f"{VARIABLE} must have at least {MIN_LENGTH} characters; received {len(secret)}. "
                "Choose a longer secret, or unset the variable."
            )
        self._secret = secret or self._secret

    def prove(self, typed: str, browser: str) -> str:
        """Checks a typed secret; a wrong one takes a second.

        Args:
            browser: The token of the visitor's browser.

        Returns:
            The key that `has_key` knows.

        Raises:
            SecretRefused: A sentence.
        """
        limit = browser if browser in self._proven else EVERYBODY
        started = self._begin_try(limit)
        if self._secret and hmac.compare_digest(_to_bytes(typed), _to_bytes(self._secret)):
            self._end_right_try(limit, started, browser)
            return self._key
        _LOG.warning("A wrong secret of the teacher was typed.")
        time.sleep(WRONG_SECONDS)
        raise SecretRefused(WRONG)

    def has_key(self, key: str) -> bool:
        """Whether it is the key that `prove` has returned."""
        return hmac.compare_digest(_to_bytes(key), _to_bytes(self._key))

    def _begin_try(self, limit: str) -> float:
        """Counts a try before the secret is compared: tries at the same time count, too."""
        now = time.monotonic()
        with self._lock:
            tries = self._tries[limit]
            while tries and tries[0] <= now - TRIES_SECONDS:
                tries.popleft()
            if len(tries) < MAX_TRIES:
                tries.append(now)
                return now
            is_first = now >= self._quiet_until
            if is_first:
                self._quiet_until = now + TRIES_SECONDS
        if is_first:
            _LOG.warning("Secrets of the teacher are refused: %d wrong ones a minute.", MAX_TRIES)
        raise SecretRefused(TOO_MANY)

    def _end_right_try(self, limit: str, started: float, browser: str) -> None:
        with self._lock:
            self._tries[limit].remove(started)
            if browser:
                self._proven.add(browser)


def _to_bytes(text: str) -> bytes:
    """Also of text that no UTF-8 can write, as an environment variable may hold it."""
    return text.encode("utf-8", "surrogatepass")


TEACHER = Teacher()
