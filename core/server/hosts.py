"""The hosts whose requests a server answers, and its addresses for others.

Another site can resolve its own name to this computer (DNS rebinding); a browser then takes this
server for a part of that site and sends that name as the Host header. So a server answers only to
configured names.
"""

import ipaddress
import os
import re
from collections.abc import Iterable

from core.message import Message

VARIABLE = "BOTTLENECK_HOSTS"
PROXY_VARIABLE = "BOTTLENECK_TRUSTED_PROXY"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
WILDCARDS = ("", "0.0.0.0", "::")
LARGEST_PORT = 65535
AUTHORITY = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9_.-]+))(?::([0-9]{1,5}))?", re.ASCII)


def host_of(authority: str) -> str | None:
    """Returns the host in `host`, `host:port`, `[IPv6]` or `[IPv6]:port`: in lower case, without
    port, brackets and final dot; None where the text is none of these.
    """
    match = AUTHORITY.fullmatch(authority.strip().lower())
    if match is None:
        return None
    ipv6, name, port = match.groups()
    if int(port or 0) > LARGEST_PORT:
        return None
    if ipv6 is None:
        return name.removesuffix(".") or None
    try:
        return str(ipaddress.IPv6Address(ipv6))
    except ValueError:
        return None


def named_hosts() -> list[str]:
    """The hosts in $BOTTLENECK_HOSTS, in their order.

    Raises:
        ValueError: A sentence with the first entry that is no host.
    """
    entries = [entry.strip() for entry in os.environ.get(VARIABLE, "").split(",")]
    hosts = []
    for entry in filter(None, entries):
        is_bare_ipv6 = entry.count(":") > 1 and not entry.startswith("[")
        host = host_of(f"[{entry}]" if is_bare_ipv6 else entry)
        if host is None:
            raise ValueError(
                f"{VARIABLE} received {entry!r}, which is no host. List host names or IP addresses "
                "with commas between them, such as lab.example.org,192.168.0.5; a name in another "
                "script in its xn-- form."
            )
        hosts.append(host)
    return list(dict.fromkeys(hosts))


def trusted_proxies() -> list[str]:
    """The addresses in $BOTTLENECK_TRUSTED_PROXY, of proxies whose X-Forwarded-For is believed.

    The Makefile passes them to uvicorn as $FORWARDED_ALLOW_IPS. A server that is started without
    the Makefile needs that variable too: by itself uvicorn trusts 127.0.0.1.

    Raises:
        ValueError: A sentence with the first entry that is no IP address.
    """
    entries = [entry.strip() for entry in os.environ.get(PROXY_VARIABLE, "").split(",")]
    for entry in filter(None, entries):
        try:
            ipaddress.ip_network(entry)
        except ValueError as error:
            raise ValueError(
                Message(
                    "{variable} received {received!r}, which is no IP address. Name the address "
                    "of the proxy, such as 127.0.0.1, or unset the variable.",
                    variable=PROXY_VARIABLE,
                    received=entry,
                )
            ) from error
    return [entry for entry in entries if entry]


def allowed_hosts(addresses: Iterable[str]) -> frozenset[str]:
    """The hosts that a request may name: loopback, $BOTTLENECK_HOSTS, and `addresses`, at which the
    server listens, but for wildcards.
    """
    listening = [host_of(bracketed(address)) for address in addresses if address not in WILDCARDS]
    return frozenset([*LOOPBACK, *named_hosts(), *filter(None, listening)])


def bracketed(host: str) -> str:
    """The host as in a URL: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def announcement(address: str, url: str) -> str:
    """Returns where the server can be opened, and by whom.

    Args:
        address: The address at which it listens; one of `WILDCARDS` for all interfaces.
        url: Its URL with {} for the host, such as `http://{}:8501`.
    """
    first, *more = [url.format(bracketed(host)) for host in named_hosts()] or [""]
    others = [f"Give to others: {first}"] if first else []
    others += [f"It also answers to: {', '.join(more)}"] if more else []
    if address in WILDCARDS:
        lines = [f"Bottleneck runs at {url.format('localhost')}"]
        lines += others or [
            "Nobody else can open it yet: it answers only to hosts that it was told. Start it by "
            f"make serve, or set {VARIABLE} to the host that others type."
        ]
    elif address in LOOPBACK:
        lines = [f"Bottleneck runs at {url.format('localhost')}"]
        lines.append(
            f"Behind a proxy it also answers to: {', '.join(named_hosts())}"
            if others
            else "Only this computer can open it. For a class: make serve"
        )
    else:
        lines = [f"Bottleneck runs at {url.format(bracketed(address))}", *others]
    return "\n".join(lines)
