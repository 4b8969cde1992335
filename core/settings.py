"""The environment variables are checked before the server starts."""

import sys

from core import hosts
from core.cluster import num_workers
from core.teacher import TEACHER


def check() -> None:
    """Ends the start with a sentence if a variable has a value that cannot be used."""
    try:
        hosts.extra_hosts()
        num_workers()
        TEACHER.take_secret()
    except ValueError as error:
        sys.exit(str(error))
