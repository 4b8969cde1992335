"""What the map page shows under its map, one part at a time."""

from components.knobs.switch import Part, Stage
from components.parts.maps import beside, epochs, honesty, panel, place, sources, stage
from components.runs import kit
from components.runs.page import ChainedPage
from core.configs.maps import MapConfig
from core.maps.experiment import MapExperiment
from core.presets import MAP

STAGE = Stage(
    {
        "me": Part("Put me on the map", place.show),
        "beside": Part("Beside PCA and pixels", beside.show, beside=beside.pixels),
        "honesty": Part("Honesty", honesty.show, beside=honesty.clusters),
        "epochs": Part("Before and after", epochs.show, beside=epochs.maps),
        **kit.PARTS,
    }
)
PAGE = ChainedPage(
    story="map",
    config=MapConfig,
    settings=MapExperiment,
    knobs=(
        ("source",),
        ("dataset", "space"),
        ("perplexity",),
        ("num_points",),
        ("early_exaggeration", "learning_rate"),
        ("start", "seed"),
    ),
    presets=MAP,
    stage=STAGE,
    first=MAP["codes"].experiment,
    offer=sources.offer,
    begin=panel.begin,
    show=stage.show,
    panel=panel.PANEL,
)
