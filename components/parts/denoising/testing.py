"""What the test images are corrupted with: chosen apart from the noise of the training."""

from collections.abc import Sequence

import streamlit as st

from components.knobs import controls
from components.streamlit_adapter import session
from components.words.language import t
from core.comparisons import NO_CORRUPTION, USUAL_LEVELS, corruption_of, level_knob
from core.configs import Corruption, DenoisingConfig
from core.experiments import Experiment
from core.knobs import params

SAME = "as in training"
CLEAN = "no noise"
WHEN_NONE_IS_TRAINED: Corruption = ("gaussian", USUAL_LEVELS["gaussian"])
KNOBS = params(DenoisingConfig)
KINDS: Sequence[str] = KNOBS["corruption"].options or ()


def show(key: str) -> None:
    """Draws the choice of a kind, and of its level."""
    left, right = st.columns([1.9, 1], gap="medium", vertical_alignment="top")
    with left:
        st.segmented_control(
            t("Corrupt the test images with"),
            [SAME, CLEAN, *KINDS],
            default=_kind(key),
            format_func=lambda kind: t(KNOBS["corruption"].value_names.get(kind, kind)),
            key=f"{key}_test_kind",
            bind="query-params",
            help=t(
                "What the network gets below, and is judged by. Choose another noise "
                "than it was trained on: it takes it for something else. Without any "
                "noise, its copies of clean digits."
            ),
        )
    kind = _kind(key)
    if kind in KINDS:
        declared = KNOBS[level_knob(kind)]
        with right:
            controls.slide(
                t("Test: {label}", label=t(declared.label)),
                [float(stop) for stop in declared.stops if stop],
                f"{key}_test_level_{kind}",
                t(declared.help),
                USUAL_LEVELS[kind],
            )


def current(experiment: Experiment, update: int, key: str) -> Corruption:
    """The corruption of the test images: that of the training unless another one is chosen.

    A network that was trained without any is tested with the gaussian one.
    """
    key = session.leader(key)
    kind = _kind(key)
    if kind == CLEAN:
        return NO_CORRUPTION
    if kind in KINDS:
        return kind, session.widget_value(f"{key}_test_level_{kind}", USUAL_LEVELS[kind])
    trained = corruption_of(experiment, update)
    return trained if trained[1] else WHEN_NONE_IS_TRAINED


def words_of(corruption: Corruption) -> str:
    """Such as "gaussian 0.4"."""
    kind, level = corruption
    return f"{t(KNOBS['corruption'].value_names.get(kind, kind))} {level:g}" if level else t(CLEAN)


def _kind(key: str) -> str:
    return session.widget_value(f"{key}_test_kind", None) or SAME
