"""Few labels: an autoencoder learns from everything, then classifiers learn from a few labels."""

import streamlit as st

from components import frame
from components.knobs import controls, switch
from components.parts import labels
from components.parts.labels import panel, phases, stage
from components.parts.maps import sources
from components.runs import chained, own_images
from core.configs.labels import LabelConfig
from core.presets import LABELS
from core.pretraining.experiment import LabelExperiment

KEY = "labels"
KNOBS = (
    ("num_labels",),
    ("source",),
    ("dataset",),
    ("learning_rate",),
    ("balanced", "seed"),
)

sources.offer(KEY, phases.PAGES, phases.fits)
left, right = frame.columns()
with left:
    place = st.container(key=f"{KEY}_panel")
    settings = controls.show(LabelConfig, KNOBS, KEY, LABELS["few"].experiment)
    own_images.show(settings, KEY)
with right:
    frame.introduce(LABELS, "labels", KEY, None)
    if isinstance(settings, LabelExperiment):
        stage.show(settings, KEY)
        switch.choose(labels.PARTS, KEY)
        chained.show_part(labels.PARTS, settings, KEY)
with place:
    if isinstance(settings, LabelExperiment):
        panel.watch(settings, KEY)
frame.explain("labels")
