"""Checks of the environment variables of a server. Imports no TensorFlow."""

import sys

from core.jobs.cluster import num_workers
from core.server.hosts import named_hosts, trusted_proxies
from core.store.teacher import TEACHER


def check_settings() -> None:
    """Exits with a sentence if an environment variable has an invalid value."""
    try:
        TEACHER.check_secret()
        named_hosts()
        trusted_proxies()
        num_workers()
    except ValueError as problem:
        sys.exit(str(problem))
