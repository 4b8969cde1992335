"""The network as blocks, with the activations of one image flowing through it."""

import numpy as np
import streamlit as st

from components.figures import architecture, image_sheet, theme
from components.figures.drawing import show_html
from components.streamlit_adapter import session
from components.words.escaping import join, markup
from components.words.language import t
from core.configs import layer_activations, layer_sizes
from core.datasets import DatasetInfo, info_of
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.queries.questions import LayerOutputs

STYLE = """
<style>
.st-key-{key}_images {{ gap: .35rem; }}
.st-key-{key}_images button {{ width: 3rem; min-height: 3rem; background: no-repeat center;
  background-size: 2.4rem; image-rendering: pixelated; }}
.st-key-{key}_images button p {{ opacity: 0; }}
.st-key-{key}_image_{chosen} button {{ border-width: 2px; border-color: {accent}; }}
{pictures}
</style>
"""


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """The network that trains, with the activations of a chosen image; or the one that the knobs
    describe, while it differs.
    """
    wanted = session.page(key).wanted or experiment
    config = wanted.config
    outputs = snapshot.view(LayerOutputs()) or []
    sizes = layer_sizes(config, wanted.input_dim)
    runs = sizes == layer_sizes(experiment.config, experiment.input_dim)
    fits = runs and [output.shape[1] for output in outputs] == list(sizes)
    values = None
    if fits:
        chosen = min(session.page(key).image, len(outputs[0]) - 1)
        _show_images(outputs[0], chosen, experiment, key)
        values = [output[chosen] for output in outputs]
    show_html(architecture.draw(sizes, layer_activations(config), values, theme.colours()))
    count = t("{num_parameters:,} parameters.", num_parameters=wanted.num_parameters)
    if runs:
        st.caption(
            t(
                "{count} In each block the activations of the image, darkest the strongest.",
                count=count,
            )
        )
    else:
        st.caption(
            t("{count} This is what the knobs describe: **Start again** trains it.", count=count)
        )


def _show_images(x: np.ndarray, chosen: int, experiment: Experiment, key: str) -> None:
    """A row of images to click."""
    info = info_of(experiment.dataset)
    colours = theme.colours()
    pictures = join(
        markup(
            ".st-key-{key}_image_{i} button {{ background-image: url({url}); }}",
            key=key,
            i=i,
            url=_picture(row, info),
        )
        for i, row in enumerate(x)
    )
    accent = colours.reconstruction
    show_html(markup(STYLE, key=key, chosen=chosen, accent=accent, pictures=pictures))
    with st.container(horizontal=True, key=f"{key}_images"):
        for i in range(len(x)):
            st.button(
                str(i + 1),
                key=f"{key}_image_{i}",
                on_click=_choose,
                args=(key, i),
                help=t("Sends this image through the network."),
            )


def _choose(key: str, number: int) -> None:
    session.page(key).image = number


def _picture(row: np.ndarray, info: DatasetInfo) -> str:
    ink = theme.colours().ink
    return image_sheet.make_url(row[None], info.image_shape, ink, columns=1, kind=info.kind)
