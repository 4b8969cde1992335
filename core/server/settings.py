"""The settings of a server, looked at when it starts. Imports no TensorFlow."""

import sys

from core.jobs.cluster import num_workers
from core.server.hosts import named_hosts
from core.store.teacher import TEACHER


def check_settings() -> None:
    """Ends the process with a sentence where an environment variable cannot be used."""
    try:
        TEACHER.check_secret()
        named_hosts()
        num_workers()
    except ValueError as problem:
        sys.exit(str(problem))
