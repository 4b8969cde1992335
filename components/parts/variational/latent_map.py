"""The map of the codes: a pad on which any place is decoded while the pointer moves."""

import functools

import numpy as np

from components import pads
from components.figures import image_sheet, theme
from components.figures.image_sheet import HIGHEST_CONTRAST
from components.runs import moments, stage
from components.words.language import t
from core.configs import layer_activations
from core.datasets import info_of
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.jobs.seen import Seen
from core.queries.questions import Clouds, Decoder, DecoderLayers, MappedImages, Posteriors

_pad = pads.register("latent_map")
COLUMNS = 40


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Test images as dots in their clouds, over the decoded plane."""
    job = moments.shown(key)
    data = None
    clouds = snapshot.view(Clouds())
    decoder = snapshot.view(Decoder())
    if job is not None and clouds is not None and decoder is not None:
        data = pads.latest(
            f"{key}_map",
            (experiment, snapshot.update, theme.colours()),
            running=snapshot.is_running,
            make=functools.partial(_data, clouds, decoder, experiment, job),
        )
    if data is None:
        stage.show_waiting(
            t(
                "Test images will appear here as dots on a plane, each with its "
                "distribution. Move over the plane: the code there is decoded "
                "immediately."
            )
        )
    else:
        _pad(key=f"{key}_map_pad", data=data)


def _data(
    clouds: Posteriors, decoder: DecoderLayers, experiment: Experiment, job: Seen
) -> pads.Packed | None:
    images = job.ask(MappedImages())
    if images is None:
        return None
    config = experiment.config
    info = info_of(experiment.dataset)
    activations = layer_activations(config)[len(config.hidden_units) + 1 :]
    labels = images.labels
    return {
        "layers": pads.pack_layers(decoder.layers, activations),
        "mean": pads.pack(clouds.mean),
        "log_var": pads.pack(clouds.log_var),
        "labels": None if labels is None else labels.tolist(),
        "class_names": [t(name) for name in images.class_names],
        "sprite": _sprite(images.x, experiment),
        "columns": COLUMNS,
        "kind": info.kind,
        "highest": HIGHEST_CONTRAST,
        "shape": info.image_shape,
        "colours": theme.colours()._asdict(),
    }


def _sprite(x: np.ndarray, experiment: Experiment) -> str:
    """All images of the map in one picture, made once for each data set and theme."""
    info = info_of(experiment.dataset)
    ink = theme.colours().ink
    version = (experiment.dataset, ink)
    return pads.latest(
        "sprite",
        version,
        running=False,
        make=lambda: image_sheet.make_url(
            x, info.image_shape, ink, columns=COLUMNS, kind=info.kind
        ),
    )
