"""Keeps Streamlit from asking a server on the internet for the external address of this computer.

Streamlit does so with blocking requests of a second each, in its event loop, when a WebSocket
handshake comes from an origin that it does not know.
"""

from streamlit import net_util


def disable_lookup() -> None:
    """From now on Streamlit finds no external address. It also looks for one before it imports the
    app, to print it: `logger.hideWelcomeMessage` in .streamlit/config.toml prevents that.
    """
    net_util.get_external_ip = _no_address


def _no_address() -> None:
    return None
