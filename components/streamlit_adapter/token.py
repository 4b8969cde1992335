"""A random token that the browser keeps: by it a visitor is known again, and by nothing else."""

import streamlit as st

from components.streamlit_adapter import session

JS = """
export default function ({ setStateValue, data }) {
  const NAME = 'bottleneck-token';
  let token = null;
  try { token = localStorage.getItem(NAME); } catch { /* a browser that keeps nothing */ }
  if (!token) {
    const bytes = crypto.getRandomValues(new Uint8Array(24));
    token = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    try { localStorage.setItem(NAME, token); } catch { /* then it lasts as long as this page */ }
  }
  if (data !== token) setStateValue('token', token);
}
"""
_component = st.components.v2.component("bottleneck_token", js=JS)


def show() -> str:
    """Asks the browser once a session; "" until it has answered."""
    known = session.visitor().token
    if known:
        return known
    answer = _component(key="token", data=known, on_token_change=_nothing).token
    if isinstance(answer, str):
        session.visitor().token = answer[:100]
    return session.visitor().token


def _nothing() -> None:
    """Streamlit passes on only values with a callback."""
