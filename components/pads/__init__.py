"""Pads: parts of a page that answer in the browser, from the weights just trained.

A pad is a file of JavaScript and one of style with its name; `dense.js`, `keys.js` and `pad.css`
are joined in front.
"""

import base64
import binascii
import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from components.streamlit_adapter import session
from components.words import catalogues, language

FOLDER = Path(__file__).parent
LARGE = 400_000
SECONDS_BETWEEN = 2.0
Packed = dict[str, Any]


def register(name: str, *others: str) -> Callable[..., Any]:
    """Makes a pad known to Streamlit, with other files of JavaScript in front; returns what mounts
    it, with the words of the visitor's language for `learn` in dense.js; in another language it is
    another pad, made anew.
    """
    js = "\n".join((FOLDER / f"{part}.js").read_text() for part in ("dense", "keys", *others, name))
    css = "\n".join((FOLDER / f"{part}.css").read_text() for part in ("pad", name))
    html = f'<div class="pad"><div class="{name}"></div></div>'
    component = st.components.v2.component(f"bottleneck_{name}", html=html, css=css, js=js)

    def mount(*, key: str, data: dict[str, Any], **options: Any) -> Any:
        spoken = language.current()
        words = translations(spoken, js)
        own_key = key if spoken == catalogues.ENGLISH else f"{key}_{spoken}"
        return component(key=own_key, data=data | {"translations": words, "pad": key}, **options)

    return mount


@functools.lru_cache
def translations(spoken: str, js: str) -> dict[str, str]:
    """The words of pads in a language, and those of the other catalogue that a script says."""
    shared = {
        english: text for english, text in language.table(spoken).items() if f"t('{english}')" in js
    }
    return shared | catalogues.read(spoken, catalogues.PADS).texts


def pack(array: np.ndarray, *, exact: bool = True) -> Packed:
    """An array as text, for `unpack` in dense.js: float32, or float16 if it need not be exact."""
    values = np.ascontiguousarray(array, dtype=np.float32 if exact else np.float16)
    text = base64.b64encode(values.tobytes()).decode()
    return {"base64": text, "dtype": values.dtype.name, "shape": values.shape}


def pack_layers(view: Mapping[str, np.ndarray], activations: Sequence[str]) -> list[Packed]:
    """Dense layers (kernel_0, bias_0, kernel_1, ...) for `unpackLayers`; large ones as float16."""
    return [
        {
            "kernel": pack(view[f"kernel_{i}"], exact=view[f"kernel_{i}"].size <= LARGE),
            "bias": pack(view[f"bias_{i}"]),
            "activation": activation,
        }
        for i, activation in enumerate(activations)
    ]


def latest(name: str, version: object, *, running: bool, make: Callable[[], Any]) -> Any:
    """What to send to a pad: made anew for another version (of the model, of the colours), but
    while a model trains not more often than every 2 seconds. None is not kept.
    """
    return session.latest(name, version, SECONDS_BETWEEN * running, make)


def read(drawn: Any, name: str) -> np.ndarray | None:
    """Numbers that the browser has sent, [D]; None for anything that is no such thing."""
    try:
        values = np.frombuffer(base64.b64decode(drawn[name], validate=True), "<f4")
    except (TypeError, KeyError, ValueError, binascii.Error):
        return None
    return values if np.isfinite(values).all() else None
