"""Rows of numbers: the visitor's own sequence and its copy, or the hidden factors found."""

import numpy as np
import streamlit as st

from components.figures import charts, theme
from components.figures.drawing import show_figure
from components.knobs import boxes
from components.words.errors import say
from components.words.language import t
from core import dense
from core.analysis.readings import rmse
from core.configs import layer_activations
from core.data.toys import SEQUENCE_LENGTH, SEQUENCE_SCALE
from core.datasets import info_of
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.message import Message
from core.queries.questions import Factors, Weights
from core.question import Views

MOST_LETTERS = 200
OWN_SEQUENCE = "70, 68, 66, 64, 62, 60, 58, 56"


def views(experiment: Experiment) -> Views:
    if experiment.dataset == "mixed_features":
        return (Factors(),)
    return (Weights(),) if info_of(experiment.dataset).kind == "numbers" else ()


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Rows of numbers: the user's own sequence and its copy, or the factors found."""
    if experiment.dataset == "mixed_features":
        _show_factors(snapshot, key)
    elif info_of(experiment.dataset).kind == "numbers":
        _show_sequence(snapshot, experiment, key)
    else:
        st.info(
            t(
                "Here you can type numbers of your own when the data are number "
                "sequences: choose **A rule** or **No rule** above."
            ),
            icon=":material/123:",
        )


def _show_factors(snapshot: Snapshot, key: str) -> None:
    view = snapshot.view(Factors())
    show_figure(
        charts.make_bars(
            np.clip(view.r_squared, 0, 1) if view else (),
            x_title=t("hidden factor"),
            y_title=t("R² from the codes"),
            highest=1,
            colours=theme.colours(),
        ),
        key=f"{key}_factors",
        alt=t("How well a linear map from the codes finds each of the three hidden factors."),
    )


def _show_sequence(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    text = boxes.line(
        t("Your own {sequence_length} numbers, from 0 to 100", sequence_length=SEQUENCE_LENGTH),
        OWN_SEQUENCE,
        most=MOST_LETTERS,
        key=f"{key}_own",
        help=t(
            "The network was never trained on them. Try a rule of your own, then no rule at all."
        ),
    )
    try:
        x = read_numbers(text)
    except ValueError as error:
        st.warning(say(error), icon=":material/123:")
        return
    view = snapshot.view(Weights())
    activations = layer_activations(experiment.config)
    x_hat = (
        dense.forward(view, activations, x[None] / SEQUENCE_SCALE)[0] * SEQUENCE_SCALE
        if view and len(view) == 2 * len(activations)
        else None
    )
    show_figure(
        charts.make_sequence(x, x_hat, theme.colours()),
        key=f"{key}_sequence",
        alt=t("Your numbers and their copy, place by place."),
    )
    if x_hat is not None:
        st.caption(
            t(
                "Root mean squared error of the copy: **{sqrt:.2f}**",
                sqrt=rmse(x, x_hat),
            )
        )


def read_numbers(text: str) -> np.ndarray:
    """Eight numbers out of a text.

    Raises:
        ValueError: A sentence that says what was received.
    """
    words = text.replace(",", " ").replace(";", " ").split()[: SEQUENCE_LENGTH + 1]
    try:
        numbers = np.array([float(word) for word in words])
    except ValueError:
        raise ValueError(
            Message("Numbers only, such as {example}.", example=OWN_SEQUENCE)
        ) from None
    if len(numbers) != SEQUENCE_LENGTH:
        count = (
            t("more than {sequence_length}", sequence_length=SEQUENCE_LENGTH)
            if len(numbers) > SEQUENCE_LENGTH
            else len(numbers)
        )
        raise ValueError(
            Message(
                "{wanted} numbers are needed; received {count}.",
                wanted=SEQUENCE_LENGTH,
                count=count,
            )
        )
    if not np.isfinite(numbers).all() or np.abs(numbers).max() > 1e6:
        raise ValueError(Message("Every number must lie between -1,000,000 and 1,000,000."))
    return numbers
