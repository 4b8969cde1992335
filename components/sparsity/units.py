"""What the units look for: the pad on which they are looked at and switched off."""

import numpy as np

from components import live, look, stage
from components.image_sheet import HIGHEST_CONTRAST
from components.language import t
from core.configs import layer_activations
from core.datasets import info_of
from core.engine.state import Snapshot
from core.experiments import Experiment

FAINTEST = 1e-3

_pad = live.register("units")


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Who fires for an image, what is lost without some, and what each paints and prefers."""
    if not {"units", "decoder"} <= snapshot.views.keys():
        stage.show_waiting(
            t("Choose a digit here, see which units fire for it, and switch some of them off.")
        )
        return
    version = (experiment, snapshot.update, look.colours())
    data = live.latest(
        f"{key}_units",
        version,
        running=snapshot.is_running,
        make=lambda: _data(snapshot, experiment),
    )
    _pad(key=f"{key}_units_pad", data=data)


def _data(snapshot: Snapshot, experiment: Experiment) -> live.Packed:
    units, decoder = snapshot.views["units"], snapshot.views["decoder"]
    config, info = experiment.config, info_of(experiment.dataset)
    pictures = units["pictures"]
    strongest = np.maximum(np.abs(pictures).max(axis=1, keepdims=True), FAINTEST)
    activations = layer_activations(config)[len(config.hidden_units) + 1 :]
    return {
        "layers": live.pack_layers(decoder, activations),
        "x": live.pack(decoder["x"]),
        "z": live.pack(decoder["z"]),
        "numbers": units["numbers"].tolist(),
        "pictures": live.pack(pictures / strongest, exact=False),
        "exciting": live.pack(units["exciting"], exact=False),
        "by_class": live.pack(units["by_class"]),
        "class_names": [t(name) for name in units["class_names"].tolist()],
        "size": config.latent_dim,
        "run": experiment.key_before(0),
        "kind": info.kind,
        "highest": HIGHEST_CONTRAST,
        "shape": info.image_shape,
        "colours": look.colours()._asdict(),
    }
