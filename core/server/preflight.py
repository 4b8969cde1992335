"""Checks before a first start: `preflight.py python`, `preflight.py port 8501 127.0.0.1`; and the
hosts under which others reach this computer: `preflight.py hosts`.

The first two run on any Python 3 without installed packages. All exit with a sentence where
something is wrong.
"""

import ipaddress
import os
import re
import socket
import sys

OLDEST = (3, 11)
NEWEST = (3, 13)
ELSEWHERE = "203.0.113.1"
"""An address reserved for documentation (RFC 5737); nothing is sent to it."""


def check_python(version: tuple = sys.version_info[:2]) -> None:
    """Exits with a sentence if TensorFlow has no wheel for this Python."""
    if not OLDEST <= version <= NEWEST:
        oldest, newest, here = (
            ".".join(map(str, numbers)) for numbers in (OLDEST, NEWEST, version)
        )
        sys.exit(
            f"Bottleneck needs Python {oldest} to {newest}, because TensorFlow has no wheel for "
            f"others; this is Python {here}. Name another one: make run PYTHON=python{newest}"
        )


def check_port(text: str, address: str = "") -> None:
    """Exits with a sentence if no server can listen on the port.

    Args:
        address: An address of this computer; "" for all of them.
    """
    is_number = text.isascii() and text.isdigit() and len(text) <= 5
    if not (is_number and 0 < int(text) < 65536):
        sys.exit(f"PORT must be a whole number from 1 to 65535; received {text!r}.")
    _bind(0, address, f"ADDRESS must be an address of this computer; received {address!r}")
    _bind(
        int(text),
        address,
        f"Port {text} cannot be used. If this app runs there, open http://localhost:{text}; "
        "otherwise choose another one: make run PORT=8600",
    )


def _bind(port: int, address: str, problem: str) -> None:
    """Exits with a sentence if no server can listen on an address and port."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except (OSError, UnicodeError) as error:
            sys.exit(f"{problem} ({error}).")


def hosts_to_give() -> list:
    """The hosts in $BOTTLENECK_HOSTS, then the IPv4 addresses of this computer, first the one of
    its route to other networks, then its own name. Nothing is sent. Exits with a sentence if there
    is no address.
    """
    named = [host.strip() for host in os.environ.get("BOTTLENECK_HOSTS", "").split(",")]
    hosts = [*filter(None, named), *_address_of_route(), *_addresses_of_interfaces()]
    if not hosts:
        sys.exit(
            "This computer is in no network, so no other can open the app. Connect it, or name the "
            "host under which others reach it: BOTTLENECK_HOSTS=192.168.0.5 make serve"
        )
    return list(dict.fromkeys([*hosts, *_own_names()]))


def _own_names() -> list:
    """The host name of this computer, and its .local name (multicast DNS)."""
    name = socket.gethostname().lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9_.-]*", name) or name == "localhost":
        return []
    return [name] if "." in name else [name, f"{name}.local"]


def _address_of_route() -> list:
    """The address from which this computer connects to other networks: that of a connected UDP
    socket, which sends nothing.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((ELSEWHERE, 9))
        except OSError:
            return []
        return [probe.getsockname()[0]]


def _addresses_of_interfaces() -> list:
    """IPv4 addresses of the network interfaces that are up, but loopback and link-local ones."""
    import psutil

    states = psutil.net_if_stats()
    addresses = [
        ipaddress.ip_address(entry.address)
        for name, entries in psutil.net_if_addrs().items()
        for entry in entries
        if entry.family == socket.AF_INET and name in states and states[name].isup
    ]
    return [str(each) for each in addresses if not each.is_loopback and not each.is_link_local]


if __name__ == "__main__":
    if sys.argv[1] == "python":
        check_python()
    elif sys.argv[1] == "port":
        check_port(*sys.argv[2:])
    else:
        sys.stdout.write(",".join(hosts_to_give()))
