"""What the units look for: the pad on which they are looked at and switched off."""

import numpy as np

from components import pads
from components.figures import theme
from components.figures.image_sheet import HIGHEST_CONTRAST
from components.runs import stage
from components.words.language import t
from core.configs import layer_activations
from core.datasets import info_of
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.queries.questions import Decoder, DecoderLayers, UnitPictures, Units

FAINTEST = 1e-3

_pad = pads.register("units")


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Who fires for an image, what is lost without some, and what each paints and prefers."""
    units = snapshot.view(Units())
    decoder = snapshot.view(Decoder())
    if units is None or decoder is None:
        stage.show_waiting(
            t("Choose a digit here, see which units fire for it, and switch some of them off.")
        )
        return
    version = (experiment, snapshot.update, theme.colours())
    data = pads.latest(
        f"{key}_units",
        version,
        running=snapshot.is_running,
        make=lambda: _data(units, decoder, experiment),
    )
    _pad(key=f"{key}_units_pad", data=data)


def _data(units: UnitPictures, decoder: DecoderLayers, experiment: Experiment) -> pads.Packed:
    config = experiment.config
    info = info_of(experiment.dataset)
    pictures = units.pictures
    strongest = np.maximum(np.abs(pictures).max(axis=1, keepdims=True), FAINTEST)
    activations = layer_activations(config)[len(config.hidden_units) + 1 :]
    return {
        "layers": pads.pack_layers(decoder.layers, activations),
        "x": pads.pack(decoder.x),
        "z": pads.pack(decoder.z),
        "numbers": units.numbers.tolist(),
        "pictures": pads.pack(pictures / strongest, exact=False),
        "exciting": pads.pack(units.exciting, exact=False),
        "by_class": pads.pack(units.by_class),
        "class_names": [t(name) for name in units.class_names.tolist()],
        "size": config.latent_dim,
        "run": experiment.key_before(0),
        "kind": info.kind,
        "highest": HIGHEST_CONTRAST,
        "shape": info.image_shape,
        "colours": theme.colours()._asdict(),
    }
