"""The teacher of a server: who knows the secret in $BOTTLENECK_TEACHER. Imports no TensorFlow."""

import hmac
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable

VARIABLE = "BOTTLENECK_TEACHER"
MIN_SECRET = 8
WAIT_SECONDS = 1.0
MAX_TRIES = 10
WINDOW_SECONDS = 60.0
MAX_KNOWN_BROWSERS = 100


class SecretRefused(Exception):
    """The secret is wrong, or too many were tried; its text is a sentence for the reader."""


class Teacher:
    """Holds the secret of the server, and limits how fast it can be guessed.

    Args:
        clock: Seconds, growing.
        wait: Waits so many seconds.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock = clock
        self._wait = wait
        self._lock = threading.Lock()
        self._secret = ""
        self._tries: dict[str, deque[float]] = {}
        self._known_browsers: list[str] = []
        self._told = False

    def withhold_secret(self) -> None:
        """Takes the secret out of the environment, which every process that is started inherits."""
        self._secret = os.environ.pop(VARIABLE, self._secret)

    def check_secret(self) -> None:
        """Raises ValueError, with a sentence, where the secret of the server is too short."""
        self.withhold_secret()
        length = len(self._secret.strip())
        if self._secret and length < MIN_SECRET:
            raise ValueError(
                f"{VARIABLE} has {length} characters; a secret has at least {MIN_SECRET}. Choose a "
                "longer one, or unset the variable."
            )

    def knows(self, secret: str) -> bool:
        """Whether it is the secret of the server; never where that is too short."""
        self.withhold_secret()
        is_long_enough = len(self._secret.strip()) >= MIN_SECRET
        return is_long_enough and hmac.compare_digest(_encoded(secret), _encoded(self._secret))

    def prove(self, secret: str, browser: str = "") -> None:
        """Compares a secret that somebody typed, once for every time it is sent.

        A wrong one waits a second. All browsers together have ten tries a minute; then every secret
        is refused unseen, the right one too, or guessing would go on. A browser that has proven the
        secret before has ten tries of its own, so that nobody can keep the teacher out.

        Args:
            browser: What this browser is known by, or "".

        Raises:
            SecretRefused: A sentence.
        """
        with self._lock:
            own = browser if browser in self._known_browsers else ""
            if not self._may_try(own):
                raise SecretRefused(
                    "Too many secrets were tried on this server. Wait a minute, then try again."
                )
        if not self.knows(secret):
            logging.getLogger(__name__).warning("A wrong secret of the teacher was tried.")
            self._wait(WAIT_SECONDS)
            raise SecretRefused("This is not the secret of this server.")
        with self._lock:
            self._tries[own].pop()
            if browser and not own:
                self._known_browsers = [*self._known_browsers, browser][-MAX_KNOWN_BROWSERS:]

    def _may_try(self, browser: str) -> bool:
        """Whether another try is allowed, which is counted then."""
        tries, now = self._tries.setdefault(browser, deque()), self._clock()
        while tries and now - tries[0] >= WINDOW_SECONDS:
            tries.popleft()
        if len(tries) < MAX_TRIES:
            tries.append(now)
            self._told = False
            return True
        if not self._told:
            logging.getLogger(__name__).warning(
                "%d secrets of the teacher were tried within a minute: more are refused.", MAX_TRIES
            )
        self._told = True
        return False


def is_teacher(secret: str) -> bool:
    """Whether it is the secret of this server."""
    return TEACHER.knows(secret)


def _encoded(text: str) -> bytes:
    """Bytes of a text; also of an environment variable that is not in UTF-8."""
    return text.encode("utf-8", "surrogateescape")


TEACHER = Teacher()
