"""Presets as thumbnails: a row of buttons, each with its network drawn small."""

import base64
from collections.abc import Callable, Mapping

import streamlit as st

from components.figures import architecture, theme
from components.figures.drawing import show_html
from components.knobs import controls, lesson
from components.knobs.switch import ViewsOf
from components.runs import own_run
from components.streamlit_adapter import session
from components.words import story
from components.words.escaping import Markup, join, markup
from components.words.language import t
from core.configs import layer_sizes
from core.presets import Preset

STYLE = """
<style>
.st-key-{key}_presets {{ gap: .35rem; }}
.st-key-{key}_presets button {{ width: 4.4rem; min-height: 3.6rem; padding: 2.2rem 0 .1rem;
  background: no-repeat center .3rem; background-size: 3.8rem 1.72rem; }}
.st-key-{key}_presets button p {{ font-size: .66rem; line-height: 1.1; white-space: nowrap; }}
.st-key-{key}_preset_{current} button {{ border-width: 2px; border-color: {accent}; }}
@media (max-width: 640px) {{
  .st-key-{key}_presets {{ flex-wrap: nowrap; overflow-x: auto; }}
  .st-key-{key}_presets > div {{ flex: none; }}
}}
{pictures}
</style>
"""


def show(
    presets: Mapping[str, Preset],
    page: str,
    key: str,
    views_of: Callable[[str], ViewsOf] | None,
) -> str:
    """Draws the row and returns the name of the preset that is on the page, or "".

    Args:
        page: The story in which "name: look for" says what a preset shows.
        views_of: Says for a lens what a job must compute; None for a page that starts its own jobs.
    """
    current = _current(presets, key)
    held = lesson.of(key)
    if held.hides(lesson.PRESETS):
        return current
    show_html(
        markup(
            STYLE,
            current=current or "none",
            accent=theme.colours().reconstruction,
            key=key,
            pictures=join(_picture(name, presets[name], key) for name in presets),
        )
    )
    with st.container(horizontal=True, key=f"{key}_presets"):
        for name, preset in presets.items():
            locked = held.holds(lesson.PRESETS) and t("Fixed by the lesson.")
            locked = locked or controls.refusal(preset.experiment, key, preset.lens)
            st.button(
                t(preset.title),
                key=f"{key}_preset_{name}",
                help=locked or story.sections(page)[f"{name}: look for"],
                disabled=bool(locked),
                on_click=choose,
                args=(name, preset, key, views_of),
            )
    return current


def choose(name: str, preset: Preset, key: str, views_of: Callable[[str], ViewsOf] | None) -> None:
    """Puts a preset on its page, and trains it; only from a callback."""
    session.page(key).preset = name
    session.set_widget(f"{key}_lens", preset.lens)
    controls.fill(preset.experiment, key)
    if views_of:
        own_run.restart(preset.experiment, key, views_of(preset.lens), playing=True)


def _current(presets: Mapping[str, Preset], key: str) -> str:
    """The one that was chosen last, else the one that the link describes, else ""."""
    chosen = session.page(key).preset
    if chosen:
        return chosen
    opened = session.opening(key)
    matching = [name for name, preset in presets.items() if preset.experiment == opened]
    return matching[0] if matching else ""


def _picture(name: str, preset: Preset, key: str) -> Markup:
    experiment = preset.experiment
    colours = theme.colours()
    if preset.symbol:
        svg = architecture.sign(preset.symbol, colours)
    else:
        sizes = layer_sizes(experiment.config, experiment.input_dim)
        svg = architecture.thumbnail(sizes, colours)
    data = base64.b64encode(svg.encode()).decode()
    return markup(
        ".st-key-{key}_preset_{name} button "
        "{{ background-image: url(data:image/svg+xml;base64,{data}); }}\n",
        key=key,
        name=name,
        data=data,
    )
