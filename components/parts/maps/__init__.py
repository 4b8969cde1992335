"""What the map page shows under its map, one part at a time."""

from components.knobs.switch import Part
from components.parts.maps import beside, epochs, honesty, panel, place, sources, stage
from components.runs import kit
from components.runs.page import ChainedPage
from core.configs.maps import MapConfig
from core.maps.experiment import MapExperiment
from core.presets import MAP

PARTS: dict[str, Part] = {
    "me": Part("Put me on the map", place.show),
    "beside": Part("Beside PCA and pixels", beside.show),
    "honesty": Part("Honesty", honesty.show),
    "epochs": Part("Before and after", epochs.show),
    **kit.PARTS,
}
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
    parts=PARTS,
    first=MAP["codes"].experiment,
    offer=sources.offer,
    show=stage.show,
    watch=panel.watch,
)
