"""Images that nobody has written: codes drawn from the prior, and whether they are copies."""

import random

import numpy as np
import streamlit as st

from components.figures import image_sheet, theme
from components.figures.drawing import show_html
from components.knobs import controls
from components.runs import moments, stage
from components.streamlit_adapter import session
from components.words.escaping import join, markup
from components.words.language import t
from core.datasets import info_of
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.message import Message
from core.queries.questions import Generated, RealImages, Samples

SIGMAS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
SEEDS = 1_000_000
SIGMA = Message(
    "Codes are drawn from N(0, σ²). 0: only the centre. 1: the prior. More: "
    "codes that hardly ever occurred in training."
)
UNIT = Message(
    "Squared distance: the sum over all pixels of the squared difference to the nearest of all "
    "training images. 0 would be a copy."
)


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Ten samples beside ten real test images, each over the training image nearest to it."""
    job = moments.shown(key)
    seed_key = f"{key}_prior_seed"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=320):
            sigma = controls.slide(
                t("Sigma of the sampling"),
                SIGMAS,
                f"{key}_prior_sigma",
                t(SIGMA),
                1.0,
            )
        st.button(
            t("New samples"),
            key=f"{key}_prior_again",
            icon=":material/casino:",
            on_click=_draw_again,
            args=(seed_key,),
            help=t("Draws a hundred other codes."),
        )
    seed = session.widget_value(seed_key, 0)
    new = real = None
    if job is not None and snapshot.phase != "failed":
        new = job.ask(Samples(sigma, seed))
        real = job.ask(RealImages())
    if new is None or real is None:
        stage.show_waiting(t("Ten generated images will appear here: none of them is in the data."))
        return
    left, right = stage.columns(2, key)
    with left:
        title = t("Decoded from N(0, {sigma:g}²)", sigma=sigma)
        _show_pairs(title, new, "reconstruction", experiment)
    with right:
        _show_pairs(t("Real test images, for comparison"), real, "ink", experiment)
    st.markdown(
        _verdict(new.distances, real.distances),
        help=t("Over a hundred images each; the smallest in brackets. ") + t(UNIT),
    )


def _draw_again(seed_key: str) -> None:
    session.set_widget(seed_key, random.randrange(SEEDS))


def _show_pairs(title: str, found: Generated, colour: str, experiment: Experiment) -> None:
    info = info_of(experiment.dataset)
    colours = theme.colours()
    rows = (
        (title, found.x, colour),
        (t("Nearest training image"), found.nearest, "ink"),
    )
    for words, x, name in rows:
        sheet = image_sheet.make(
            x, info.image_shape, getattr(colours, name),
            alt=t("{words}, {count} of them", words=words, count=len(x)),
            kind=info.kind,
        )  # fmt: skip
        show_html(
            markup('<div class="pairs"><span>{words}</span>{sheet}</div>', words=words, sheet=sheet)
        )
    distances = found.distances[: len(found.x)]
    row = markup(
        '<div class="pairs" title="{unit}"><span>{name}</span><p>{cells}</p></div>',
        unit=t(UNIT),
        name=t("Squared distance"),
        cells=join(markup("<b>{value:.1f}</b>", value=value) for value in distances),
    )
    show_html(row)


def _verdict(new: np.ndarray, real: np.ndarray) -> str:
    """How near the samples come to a training image, and how near real images do."""
    (median, least), (usual, least_real) = (
        (np.median(distances), distances.min()) for distances in (new, real)
    )
    return t(
        "Median squared distance to the nearest training image: samples "
        "**{median:.1f}** ({least:.1f}), real test images **{usual:.1f}** "
        "({least_real:.1f}). A copy would have 0.",
        median=median,
        least=least,
        usual=usual,
        least_real=least_real,
    )
