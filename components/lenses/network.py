"""The network as blocks, with the activations of one image flowing through it."""

import streamlit as st

from components import architecture, look
from core.configs import layer_activations, layer_sizes, num_parameters
from core.experiments import Experiment
from core.progress import Snapshot


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """The network as blocks; the activations of one image flow through it."""
    config = experiment.config
    view, sizes = snapshot.views.get("layers", {}), layer_sizes(config, experiment.input_dim)
    fits = len(view) == len(sizes)
    count = len(view["0"]) if fits else 1
    chosen = st.segmented_control(
        "Image",
        list(range(count)),
        default=0,
        format_func=lambda number: f"image {number + 1}",
        key=f"{key}_image",
        label_visibility="collapsed",
    )
    values = [view[str(i)][chosen or 0] for i in range(len(sizes))] if fits else None
    st.html(architecture.draw(sizes, layer_activations(config), values, look.colours()))
    st.caption(
        f"{num_parameters(config, experiment.input_dim):,} parameters. In each block the "
        "activations of the image, darkest the strongest of its layer."
    )
