"""Presets as thumbnails: a row of buttons, each with its network drawn small."""

import base64
from collections.abc import Mapping

import streamlit as st

from components import architecture, controls, lenses, look, run_panel, session
from core.configs import layer_sizes
from core.presets import Preset

STYLE = """
<style>
.st-key-{key}_presets {{ gap: .4rem; }}
.st-key-{key}_presets button {{ width: 5.4rem; min-height: 4rem; padding: 2.3rem .1rem .2rem;
  background: no-repeat center .35rem; background-size: 4.2rem 1.9rem; }}
.st-key-{key}_presets button p {{ font-size: .72rem; line-height: 1.1; white-space: nowrap; }}
{pictures}
</style>
"""


def show(presets: Mapping[str, Preset], key: str) -> str:
    """Draws the row and returns the name of the preset that is on the page."""
    current = _current(presets, key)
    st.html(
        STYLE.format(
            key=key, pictures="\n".join(_picture(name, presets[name], key) for name in presets)
        )
    )
    with st.container(horizontal=True, key=f"{key}_presets"):
        for name, preset in presets.items():
            st.button(
                preset.title,
                key=f"{key}_preset_{name}",
                type="primary" if name == current else "secondary",
                on_click=_choose,
                args=(name, preset, key),
            )
    return current


def _choose(name: str, preset: Preset, key: str) -> None:
    session.keep_preset(key, name)
    session.set_widget(f"{key}_lens", preset.lens)
    controls.fill(preset.experiment, key)
    run_panel.restart(preset.experiment, key, lenses.views_of(preset.lens), playing=True)


def _current(presets: Mapping[str, Preset], key: str) -> str:
    """The one that was chosen last, else the one that the link describes, else "stacked"."""
    chosen = session.preset(key)
    if chosen:
        return chosen
    opened = session.opening(key)
    matching = [name for name, preset in presets.items() if preset.experiment == opened]
    return matching[0] if matching else "stacked"


def _picture(name: str, preset: Preset, key: str) -> str:
    experiment = preset.experiment
    svg = architecture.thumbnail(
        layer_sizes(experiment.config, experiment.input_dim), look.colours()
    )
    data = base64.b64encode(svg.encode()).decode()
    return (
        f".st-key-{key}_preset_{name} button "
        f"{{ background-image: url(data:image/svg+xml;base64,{data}); }}"
    )
