"""One digit on its way: its cloud, what is drawn from it, and what the decoder makes of that."""

from components import pads
from components.figures import theme
from components.figures.image_sheet import HIGHEST_CONTRAST
from components.runs import stage
from components.words.language import t
from core.configs import layer_activations
from core.datasets import info_of
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.queries.questions import Clouds, Decoder, DecoderLayers, Posteriors

_pad = pads.register("inside", "corrupt")


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """The pad, with the clouds of ten test images."""
    clouds = snapshot.view(Clouds())
    decoder = snapshot.view(Decoder())
    if clouds is None or decoder is None:
        stage.show_waiting(
            t("Choose a digit here, and watch its code being drawn from its distribution.")
        )
        return
    version = (experiment, snapshot.update, theme.colours())
    data = pads.latest(
        f"{key}_inside",
        version,
        running=snapshot.is_running,
        make=lambda: _data(clouds, decoder, experiment),
    )
    _pad(key=f"{key}_inside_pad", data=data)


def _data(clouds: Posteriors, decoder: DecoderLayers, experiment: Experiment) -> pads.Packed:
    config = experiment.config
    info = info_of(experiment.dataset)
    activations = layer_activations(config)[len(config.hidden_units) + 1 :]
    return {
        "layers": pads.pack_layers(decoder.layers, activations),
        "x": pads.pack(decoder.x),
        "mean": pads.pack(clouds.example_mean),
        "log_var": pads.pack(clouds.example_log_var),
        "kind": info.kind,
        "highest": HIGHEST_CONTRAST,
        "shape": info.image_shape,
        "colours": theme.colours()._asdict(),
    }
