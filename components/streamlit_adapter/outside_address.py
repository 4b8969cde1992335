"""Keeps Streamlit from looking up the address that this computer has on the internet.

Streamlit (1.67) asks a public server for it, up to two seconds in the event loop, where nobody else
is answered meanwhile: at the start (`net_util.get_external_ip` by `bootstrap._print_url`) and for
every WebSocket with a foreign Origin (by `server_util.is_url_from_allowed_origins`). The start is
avoided by `logger.hideWelcomeMessage` in .streamlit/config.toml, which is read before the app is
loaded. Here the answer is filled in: an empty text is no host, and Streamlit asks no more.
"""

from streamlit import net_util


def never_look_up() -> None:
    """Fills in the answer of the look-up, in Streamlit's private cache."""
    net_util._external_ip = ""
