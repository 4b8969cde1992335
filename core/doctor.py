"""Looks at what a first start can fail of: `doctor.py python`, `doctor.py port 8501`.

Runs on any Python 3 with nothing installed, and ends with a sentence where something is wrong.
"""

import socket
import sys

OLDEST, NEWEST = (3, 11), (3, 13)


def check_python(version: tuple = sys.version_info[:2]) -> None:
    """Ends with a sentence where TensorFlow has no wheel for this Python."""
    if not OLDEST <= version <= NEWEST:
        oldest, newest, here = (
            ".".join(map(str, numbers)) for numbers in (OLDEST, NEWEST, version)
        )
        sys.exit(
            f"Bottleneck needs Python {oldest} to {newest}, because TensorFlow has no wheel for "
            f"others; this is Python {here}. Name another one: make run PYTHON=python{newest}"
        )


def check_port(text: str) -> None:
    """Ends with a sentence where no server can listen on the port."""
    if not (text.isdigit() and 0 < int(text) < 65536):
        sys.exit(f"PORT must be a whole number from 1 to 65535; received {text!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", int(text)))
        except OSError as error:
            sys.exit(
                f"Port {text} cannot be used ({error.strerror}). If this app runs there, open "
                f"http://localhost:{text}; otherwise choose another one: make run PORT=8600"
            )


if __name__ == "__main__":
    if sys.argv[1] == "python":
        check_python()
    else:
        check_port(sys.argv[2])
