"""Hosts: how Host and Origin headers are read, and which hosts $BOTTLENECK_HOSTS adds."""

import ipaddress
import os
import re
import socket
from typing import NamedTuple

import psutil

VARIABLE = "BOTTLENECK_HOSTS"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
WILDCARDS = frozenset({"0.0.0.0", "::"})
DEFAULT_PORTS = {"http": 80, "https": 443}
LAST_PORT = 65535
HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[0-9a-zA-Z_][0-9a-zA-Z._-]*)(?::([0-9]{1,5}))?")
ORIGIN = re.compile(r"(https?)://(.+)")
TEST_ADDRESS = ("192.0.2.1", 9)
"""An address for documentation (RFC 5737); nothing is sent to it."""


class Host(NamedTuple):
    """A host name or an IP address as in a Host header; `port` is None where it has none."""

    name: str
    port: int | None


def read_host(text: str) -> Host | None:
    """Reads a Host header such as "Example.org:8501" or "[::1]"; None where it is malformed."""
    found = HOST.fullmatch(text)
    if found is None:
        return None
    name, port = found[1], None if found[2] is None else int(found[2])
    if port is not None and port > LAST_PORT:
        return None
    if name.startswith("["):
        name = name[1:-1]
        if not _is_ip_address(name):
            return None
    return Host(normalize(name), port)


def read_origin(text: str) -> tuple[str, Host] | None:
    """Reads an Origin header into its scheme and host; None where it is malformed or "null"."""
    found = ORIGIN.fullmatch(text)
    host = found and read_host(found[2])
    return (found[1], host) if found and host else None


def is_same_origin(origin: str, host: Host) -> bool:
    """Whether an Origin header names the host and port to which the request was sent. A port that
    is missing is the default of the origin's scheme: TLS may end in a proxy.
    """
    read = read_origin(origin)
    if read is None:
        return False
    scheme, of_origin = read
    default = DEFAULT_PORTS[scheme]
    has_same_port = (of_origin.port or default) == (host.port or default)
    return of_origin.name == host.name and has_same_port


def normalize(name: str) -> str:
    """A host name in lower case without the final dot, an IP address in its usual notation."""
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return name.lower().removesuffix(".")
    return str(getattr(address, "ipv4_mapped", None) or address)


def extra_hosts() -> list[str]:
    """The hosts in $BOTTLENECK_HOSTS.

    Raises:
        ValueError: A sentence; an entry is not a host name or an IP address.
    """
    entries = [entry.strip() for entry in os.environ.get(VARIABLE, "").split(",")]
    return [_extra_host(entry) for entry in entries if entry]


def _extra_host(entry: str) -> str:
    if _is_ip_address(entry):
        return normalize(entry)
    try:
        host = read_host(entry.encode("idna").decode("ascii"))
    except UnicodeError:
        host = None
    if host is None or host.port is not None:
        raise ValueError(
            f"{VARIABLE} holds host names or IP addresses, separated by commas, without http:// "
            f"and without a port; received {entry!r}. Example: {VARIABLE}=bottleneck.example.org"
        )
    return host.name


def lan_addresses() -> list[str]:
    """The IPv4 addresses of this computer's networks, that of the default route first. They are
    read from the operating system; no packet is sent.
    """
    default = _address_of_default_route()
    up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    found = [
        entry.address
        for name, entries in psutil.net_if_addrs().items()
        for entry in entries
        if name in up and entry.family == socket.AF_INET
    ]
    usable = [text for text in found if _is_usable(text)]
    return sorted(usable, key=lambda text: text != default)


def _address_of_default_route() -> str:
    """The source address of packets to far networks: connecting a UDP socket only chooses it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(TEST_ADDRESS)
        except OSError:
            return ""
        return str(probe.getsockname()[0])


def _is_usable(text: str) -> bool:
    address = ipaddress.ip_address(text)
    return not (address.is_loopback or address.is_link_local or address.is_unspecified)


def _is_ip_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True
