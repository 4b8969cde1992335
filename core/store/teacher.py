"""Authentication of the teacher by the secret in $BOTTLENECK_TEACHER. Imports no TensorFlow."""

import hmac
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable

from core.message import Message

VARIABLE = "BOTTLENECK_TEACHER"
MIN_SECRET = 8
WAIT_SECONDS = 1.0
MAX_TRIES = 10
WINDOW_SECONDS = 60.0
MAX_KNOWN_BROWSERS = 100


class SecretRefused(Exception):
    """The secret is wrong, or too many were tried; the text is a sentence for the reader."""


class Teacher:
    """Holds the secret of the server, and limits how fast it can be guessed.

    Args:
        clock: Returns a monotonic time in seconds.
        wait: Waits for a number of seconds.
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
        self._has_warned = False

    def withhold_secret(self) -> None:
        """Removes the secret from the environment, which child processes inherit."""
        self._secret = os.environ.pop(VARIABLE, self._secret)

    def check_secret(self) -> None:
        """Raises ValueError, with a sentence, if the secret of the server is too short."""
        self.withhold_secret()
        length = len(self._secret.strip())
        if self._secret and length < MIN_SECRET:
            raise ValueError(
                f"{VARIABLE} has {length} characters; a secret has at least {MIN_SECRET}. Choose a "
                "longer one, or unset the variable."
            )

    def knows(self, secret: str) -> bool:
        """Whether `secret` is the secret of the server; False if that is too short."""
        self.withhold_secret()
        is_long_enough = len(self._secret.strip()) >= MIN_SECRET
        return is_long_enough and hmac.compare_digest(_encoded(secret), _encoded(self._secret))

    def prove(self, secret: str, browser: str = "") -> None:
        """Checks a secret, with a rate limit.

        After a wrong one it waits a second. All browsers together have ten tries a minute; after
        them every secret is refused unchecked, the right one too. A browser that has proven the
        secret before has ten tries of its own, so that nobody can lock the teacher out.

        Args:
            browser: An identifier of the browser, or "".

        Raises:
            SecretRefused: A sentence.
        """
        with self._lock:
            own = browser if browser in self._known_browsers else ""
            if not self._may_try(own):
                raise SecretRefused(
                    Message(
                        "Too many secrets were tried on this server. Wait a minute, then try again."
                    )
                )
        if not self.knows(secret):
            logging.getLogger(__name__).warning("A wrong secret of the teacher was tried.")
            self._wait(WAIT_SECONDS)
            raise SecretRefused(Message("This is not the secret of this server."))
        with self._lock:
            self._tries[own].pop()
            if browser and not own:
                self._known_browsers = [*self._known_browsers, browser][-MAX_KNOWN_BROWSERS:]

    def _may_try(self, browser: str) -> bool:
        """Whether another try is allowed; if so, it is counted."""
        tries = self._tries.setdefault(browser, deque())
        now = self._clock()
        while tries and now - tries[0] >= WINDOW_SECONDS:
            tries.popleft()
        if len(tries) < MAX_TRIES:
            tries.append(now)
            self._has_warned = False
            return True
        if not self._has_warned:
            logging.getLogger(__name__).warning(
                "%d secrets of the teacher were tried within a minute: more are refused.", MAX_TRIES
            )
        self._has_warned = True
        return False


def is_teacher(secret: str) -> bool:
    """Whether `secret` is the secret of this server."""
    return TEACHER.knows(secret)


def _encoded(text: str) -> bytes:
    """UTF-8 bytes of a text, also of an environment variable that was not in UTF-8."""
    return text.encode("utf-8", "surrogateescape")


TEACHER = Teacher()
