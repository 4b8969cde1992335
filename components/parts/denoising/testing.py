"""What the test images are ruined with: chosen apart from the noise of the training."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from components.knobs import controls
from components.streamlit_adapter import session
from components.words.language import t
from core.configs import DenoisingConfig
from core.experiments import Experiment
from core.knobs import defaults, params

Corruption = tuple[str, float]

SAME, CLEAN = "as in training", "no noise"
NOTHING: Corruption = ("masking", 0.0)
WHEN_NONE_IS_TRAINED: Corruption = ("gaussian", 0.4)
KNOBS = params(DenoisingConfig)
KINDS: Sequence[str] = KNOBS["corruption"].options or ()
FIRST_LEVELS = {"gaussian": 0.4, "masking": 0.5, "dropout": 0.5, "salt_and_pepper": 0.25}


def show(key: str) -> None:
    """Draws the choice of a kind, and of its level."""
    left, right = st.columns([1.9, 1], gap="medium", vertical_alignment="top")
    with left:
        st.segmented_control(
            t("Ruin the test images with"),
            [SAME, CLEAN, *KINDS],
            default=_kind(key),
            format_func=lambda kind: t(KNOBS["corruption"].words.get(kind, kind)),
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
        declared = KNOBS[_level_knob(kind)]
        with right:
            controls.slide(
                t("Test: {label}", label=t(declared.label)),
                [float(stop) for stop in declared.stops if stop],
                f"{key}_test_level_{kind}",
                t(declared.help),
                FIRST_LEVELS[kind],
            )


def current(experiment: Experiment, update: int, key: str) -> Corruption:
    """The corruption of the test images: that of the training unless another one is chosen.

    A network that was trained without any is tested with the gaussian one.
    """
    kind = _kind(key)
    if kind == CLEAN:
        return NOTHING
    if kind in KINDS:
        return kind, session.widget_value(f"{key}_test_level_{kind}", FIRST_LEVELS[kind])
    trained = of_training(experiment, update)
    return trained if trained[1] else WHEN_NONE_IS_TRAINED


def of_training(experiment: Experiment, update: int) -> Corruption:
    """What the training images of a run are ruined with at an update."""
    config: DenoisingConfig = experiment.config
    return config.corruption, experiment.coefficients_at(update)[config.level_knob]


def training_with(experiment: Experiment, corruption: Corruption) -> Experiment:
    """The same experiment with another corruption from the start."""
    kind, level = corruption
    names = {_level_knob(each) for each in KINDS}
    levels = {name: defaults(DenoisingConfig)[name] for name in names} | {_level_knob(kind): level}
    config = replace(experiment.config, corruption=kind, **levels)
    return replace(experiment, config=config, moves=())


def words_of(corruption: Corruption) -> str:
    """Such as "gaussian 0.4"."""
    kind, level = corruption
    return f"{t(KNOBS['corruption'].words.get(kind, kind))} {level:g}" if level else t(CLEAN)


def _level_knob(kind: str) -> str:
    return DenoisingConfig(corruption=kind).level_knob


def _kind(key: str) -> str:
    return session.widget_value(f"{key}_test_kind", None) or SAME
