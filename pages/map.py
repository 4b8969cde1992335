"""The map: what the codings know, as points that find their neighbours in front of the visitor."""

import streamlit as st

from components import frame
from components.knobs import controls, switch
from components.parts import maps
from components.parts.maps import panel, sources, stage
from components.runs import chained, own_images
from core.configs.maps import MapConfig
from core.datasets import is_at_hand
from core.maps.experiment import MapExperiment
from core.presets import MAP

KEY = "map"
KNOBS = (
    ("source",),
    ("dataset", "space"),
    ("perplexity",),
    ("num_points",),
    ("early_exaggeration", "learning_rate"),
    ("start", "seed"),
)

sources.offer(KEY)
offered = {name: preset for name, preset in MAP.items() if is_at_hand(preset.experiment.dataset)}
left, right = frame.columns()
with left:
    place = st.container(key=f"{KEY}_panel")
    settings = controls.show(MapConfig, KNOBS, KEY, MAP["codes"].experiment)
    own_images.show(settings, KEY)
with right:
    frame.introduce(offered, "map", KEY, None)
    if isinstance(settings, MapExperiment):
        stage.show(settings, KEY)
        switch.choose(maps.PARTS, KEY)
        chained.show_part(maps.PARTS, settings, KEY)
with place:
    if isinstance(settings, MapExperiment):
        panel.watch(settings, KEY)
frame.explain("map")
