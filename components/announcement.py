"""What the server prints when it starts: the addresses at which it can be opened."""

import sys

from streamlit import config
from streamlit.web.server import server_util

from core import hosts


def show() -> None:
    """Prints the addresses."""
    address = config.get_option("server.address") or "0.0.0.0"
    sys.stdout.write(f"\n{text(address)}\n\n")
    sys.stdout.flush()


def text(address: str) -> str:
    """The lines for a server that listens on `address`."""
    local, name = _url("localhost"), hosts.normalize(address)
    if name in hosts.LOOPBACK:
        lines = [
            f"Bottleneck: open {local} on this computer.",
            "Other computers cannot open it. For a class: make serve, or streamlit run app.py "
            "--server.address 0.0.0.0",
        ]
    elif name in hosts.WILDCARDS:
        lines = [_for_the_class(), f"On this computer: {local}"]
    else:
        lines = [f"Bottleneck: the address for visitors is {_url(name)}"]
    extra = [_url(host) for host in hosts.extra_hosts()]
    if extra:
        lines.append(f"Also allowed by {hosts.VARIABLE}: {', '.join(extra)}")
    return "\n".join(lines)


def _for_the_class() -> str:
    urls = [_url(address) for address in hosts.lan_addresses()]
    if not urls:
        return "Bottleneck: this computer has no network, so no class can open it."
    others = f" (in its other networks: {', '.join(urls[1:])})" if urls[1:] else ""
    return f"Bottleneck: the address of this computer for the class is {urls[0]}{others}"


def _url(host: str) -> str:
    return server_util.get_url(f"[{host}]" if ":" in host else host)
