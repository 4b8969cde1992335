"""Exports of a run: its history as CSV, its network as a `.keras` file, and a script in plain Keras
that trains it again. Importing this module imports no TensorFlow; calling it does.
"""

import csv
import io
import tempfile
import textwrap
import zipfile
from importlib.metadata import version
from pathlib import Path
from string import Template
from typing import Any

import numpy as np

from core.build import build
from core.configs import AutoencoderConfig, layer_activations, layer_sizes
from core.datasets import DATASETS, Dataset
from core.engine.state import Record, State, rows_of_epoch, updates_per_epoch
from core.experiments import Experiment
from core.message import Message

MAX_ORDER_BYTES = 200_000_000
TOLERANCE = 1e-3
OPTIMIZERS = {"adam": "Adam", "nadam": "Nadam", "rmsprop": "RMSprop", "sgd": "SGD"}
LOSSES = {"mse": "mse", "bce": "binary_crossentropy"}
PACKAGES = ("keras", "tensorflow", "numpy")
TEMPLATES = Path(__file__).parent / "templates"
SCRIPT = Template((TEMPLATES / "train.py.txt").read_text(encoding="utf-8"))
README = Template((TEMPLATES / "README.txt").read_text(encoding="utf-8"))


def make_csv(records: list[Record]) -> bytes:
    """The history as CSV, a row per epoch: the parts of both losses, scalar readings, live knobs.

    Columns come in the order in which they first appear; missing values stay empty.
    """
    rows = [_csv_row(record) for record in records]
    columns = dict.fromkeys(name for row in rows for name in row)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns or ["epoch"]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def make_keras(experiment: Experiment, state: State) -> bytes:
    """The network with the weights of `state`, as a `.keras` file of stock layers."""
    from core.export import keras_archive
    from core.models import trainer

    model = trainer.load_model(experiment.config, experiment.input_dim, state)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        keras_archive.save_autoencoder(model, path)
        return path.read_bytes()


def make_script(experiment: Experiment, update: int, records: list[Record], data: Dataset) -> bytes:
    """A zip of `train.py`, which trains the complete epochs of the run again in plain Keras and
    compares the losses, the `run.npz` that it reads, and `README.txt`.

    Args:
        update: Updates made; an incomplete epoch is left out.
        records: One per epoch, from the first.

    Raises:
        ValueError: A family without a script, no full epoch, or too many for one file.
    """
    records = check_script(experiment.config, len(data.x_train), update, records)
    arrays = _arrays(experiment, records, data)
    text = _script(experiment, arrays)
    return _zip({"train.py": text, "README.txt": _readme(experiment, arrays)}, arrays)


def check_script(
    config: AutoencoderConfig, num_rows: int, update: int, records: list[Record]
) -> list[Record]:
    """The records of the complete epochs, which a script trains again.

    Raises:
        ValueError: A family without a script, no full epoch, or too many for one file.
    """
    if config.family != "stacked":
        raise ValueError(
            Message(
                "Only a plain autoencoder (stacked) becomes a script so far; received the "
                "family {family}. Its history as CSV and its network as a .keras file can "
                "be had.",
                family=config.family,
            )
        )
    records = records[: update // updates_per_epoch(num_rows, config.batch_size)]
    if not records:
        raise ValueError(
            Message("A script needs at least one full epoch; let the run train a little more.")
        )
    if len(records) * num_rows * _row_type(num_rows).itemsize > MAX_ORDER_BYTES:
        raise ValueError(
            Message(
                "The order of {rows:,} rows in {epochs:,} epochs is too much for one file. "
                "Train for fewer epochs.",
                rows=num_rows,
                epochs=len(records),
            )
        )
    return records


def _row_type(num_rows: int) -> np.dtype:
    """The smallest unsigned integer type for row numbers."""
    return np.min_scalar_type(num_rows - 1)


def _csv_row(record: Record) -> dict[str, str]:
    numbers = {f"train_{name}": value for name, value in record.parts.items()}
    numbers |= {f"test_{name}": value for name, value in record.validation.items()}
    for name, value in record.readings.items():
        if not isinstance(value, tuple):
            numbers[name] = value
    numbers |= record.coefficients
    texts = {name: repr(float(value)) for name, value in numbers.items()}
    return {"epoch": str(record.epoch)} | texts


def _zip(texts: dict[str, str], arrays: dict[str, np.ndarray]) -> bytes:
    """A zip of text files by name, and of the arrays as `run.npz`."""
    npz = io.BytesIO()
    file = io.BytesIO()
    np.savez_compressed(npz, allow_pickle=False, **arrays)
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in texts.items():
            archive.writestr(name, text, zipfile.ZIP_DEFLATED)
        archive.writestr("run.npz", npz.getvalue())
    return file.getvalue()


def _arrays(experiment: Experiment, records: list[Record], data: Dataset) -> dict[str, np.ndarray]:
    """The arrays of `run.npz` by name: data, order of the rows [epochs, rows], history, initial
    weights.
    """
    from core.models import trainer

    config = experiment.config
    start = trainer.init_state(config, data.input_dim, experiment.seed)
    weights = _weights(trainer.load_model(config, data.input_dim, start), config.tied_weights)
    return {
        "x_train": trainer.pack(data.x_train).numpy(),
        "x_test": trainer.pack(data.x_test).numpy(),
        "order": _orders(config, start, len(records), data),
        "epoch": np.array([record.epoch for record in records]),
        "train_total": np.array([record.parts["total"] for record in records]),
        "test_total": np.array([record.validation["total"] for record in records]),
        "rmse": np.array([record.readings["rmse"] for record in records]),
        **{f"weights_{number}": array for number, array in enumerate(weights)},
    }


def _weights(model: Any, tied: bool) -> list[np.ndarray]:
    """Kernel and bias of each layer in order; of a layer with a tied kernel the bias alone."""
    weights = list(model.encoder.get_weights())
    for layer in model.decoder.layers[1:]:
        weights += [layer.bias.numpy()] if tied else layer.get_weights()
    return weights


def _orders(config: AutoencoderConfig, start: State, num_epochs: int, data: Dataset) -> np.ndarray:
    """The rows of each epoch in training order, filled up to full batches: [epochs, rows]."""
    num_rows = len(data.x_train)
    orders = (
        rows_of_epoch(num_rows, config.batch_size, start.seed, epoch) for epoch in range(num_epochs)
    )
    return np.stack([order.astype(_row_type(num_rows)) for order in orders])


def _script(experiment: Experiment, arrays: dict[str, np.ndarray]) -> str:
    """The text of `train.py`; only numbers and words of fixed lists are substituted into it."""
    config = experiment.config
    num_rows, input_dim = arrays["x_train"].shape
    decay = f", weight_decay={float(config.weight_decay)!r}" if config.weight_decay else ""
    return SCRIPT.substitute(
        x_train=_load("x_train", arrays),
        x_test=_load("x_test", arrays),
        transposed=TRANSPOSED if config.tied_weights else "",
        network=_network(config, input_dim),
        input_dim=input_dim,
        num_weights=sum(name.startswith("weights_") for name in arrays),
        learning_rate=_learning_rate(experiment, _num_updates(config, arrays)),
        decay_note=DECAY_NOTE if decay else "",
        optimizer=f"{OPTIMIZERS[config.optimizer]}(learning_rate{decay})",
        loss=LOSSES[config.reconstruction_loss],
        batch_size=min(config.batch_size, num_rows),
        filled_note=FILLED_NOTE if arrays["order"].shape[1] > num_rows else "",
        tolerance=TOLERANCE,
    )


def _num_updates(config: AutoencoderConfig, arrays: dict[str, np.ndarray]) -> int:
    """Updates of the complete epochs."""
    return len(arrays["order"]) * updates_per_epoch(len(arrays["x_train"]), config.batch_size)


def _load(name: str, arrays: dict[str, np.ndarray]) -> str:
    """The line of the script that loads an array of `run.npz`."""
    if arrays[name].dtype == np.uint8:
        return f'{name} = run["{name}"].astype("float32") / 255  # bytes 0 to 255: 0 to 1'
    return f'{name} = run["{name}"]'


def _network(config: AutoencoderConfig, input_dim: int) -> str:
    """Encoder and decoder of the script, a line per layer; tied layers refer to others by name."""
    sizes = layer_sizes(config, input_dim)[1:]
    activations = layer_activations(config)
    dense = [
        f'keras.layers.Dense({units}, activation="{activation}")'
        for units, activation in zip(sizes, activations, strict=True)
    ]
    num_encoder = len(config.hidden_units) + 1
    encoder = dense[:num_encoder]
    decoder = dense[num_encoder:]
    named = ""
    if config.tied_weights:
        names = [f"dense_{number}" for number in range(1, num_encoder + 1)]
        pairs = zip(names, encoder, strict=True)
        named = "".join(f"{name} = {layer}\n" for name, layer in pairs)
        tied = zip(names[::-1], activations[num_encoder:], strict=True)
        encoder = names
        decoder = [f'Transposed({name}, activation="{activation}")' for name, activation in tied]
    return NETWORK.substitute(
        input_dim=input_dim,
        latent_dim=config.latent_dim,
        named=named,
        encoder="".join(f"        {layer},\n" for layer in encoder),
        decoder="".join(f"        {layer},\n" for layer in decoder),
    )


def _learning_rate(experiment: Experiment, num_updates: int) -> str:
    """The learning rate in the script: constant, piecewise constant, on a cosine, or both."""
    coefficients = experiment.coefficients_at(0)
    rates = {0: coefficients["learning_rate"]} | {
        move.update: move.value
        for move in experiment.moves
        if move.name == "learning_rate" and move.update < num_updates
    }
    values = {
        "rate": repr(float(rates[0])),
        "moves": "".join(f"    ({update}, {float(rate)!r}),\n" for update, rate in rates.items()),
        "planned": int(coefficients.get("planned_updates", 0)),
    }
    has_cosine = "planned_updates" in coefficients
    if len(rates) == 1:
        return (COSINE if has_cosine else CONSTANT).substitute(values)
    return MOVES.substitute(values) + (MOVED_COSINE.substitute(values) if has_cosine else "")


def _readme(experiment: Experiment, arrays: dict[str, np.ndarray]) -> str:
    """The text of `README.txt`, wrapped at 80 characters."""
    config = experiment.config
    num_rows, input_dim = arrays["x_train"].shape
    info = DATASETS.get(experiment.dataset)
    paragraphs = README.substitute(
        packages=" ".join(f"{package}=={version(package)}" for package in PACKAGES),
        network=" -> ".join(str(size) for size in layer_sizes(config, input_dim)),
        data=f'"{info.title}"' if info else "own data",
        num_rows=f"{num_rows:,}",
        num_test=f"{len(arrays['x_test']):,}",
        num_epochs=f"{len(arrays['order']):,}",
        per_epoch=f"{updates_per_epoch(num_rows, config.batch_size):,}",
        batch_size=min(config.batch_size, num_rows),
        seed=experiment.seed,
        tolerance=TOLERANCE,
        build=build(),
    ).split("\n\n")
    wrapped = [text if text.startswith("  ") else textwrap.fill(text, 80) for text in paragraphs]
    return "\n\n".join(wrapped) + "\n"


# Parts of train.py that not every run has.

TRANSPOSED = '''

class Transposed(keras.layers.Layer):
    """A dense layer that borrows another one's weights, transposed; the bias is its own."""

    def __init__(self, dense, activation):
        super().__init__()
        self.dense = dense
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        num_outputs = self.dense.kernel.shape[0]
        self.bias = self.add_weight(shape=(num_outputs,), initializer="zeros")

    def call(self, x):
        kernel = keras.ops.transpose(self.dense.kernel)
        return self.activation(keras.ops.matmul(x, kernel) + self.bias)

'''

NETWORK = Template("""\
# The encoder turns $input_dim numbers into a code of $latent_dim, the decoder turns it back.
${named}encoder = keras.Sequential(
    [
$encoder    ]
)
decoder = keras.Sequential(
    [
$decoder    ]
)
autoencoder = keras.Sequential([keras.Input(($input_dim,)), encoder, decoder])
""")

CONSTANT = Template("learning_rate = $rate\n")

COSINE = Template("""\
# The learning rate glides along a cosine to 0 at the last of the updates planned.
learning_rate = keras.optimizers.schedules.CosineDecay($rate, decay_steps=$planned)
""")

MOVES = Template("""\
# The learning rate was moved on the way: (from this update on, it was this). Keras keeps
# a value up to and including its boundary, hence update - 1.
moves = [
$moves]
learning_rate = keras.optimizers.schedules.PiecewiseConstantDecay(
    [update - 1 for update, _ in moves[1:]], [rate for _, rate in moves]
)
""")

MOVED_COSINE = Template('''\


class Gliding(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate that also glides along a cosine to 0 at the last update planned."""

    def __init__(self, learning_rate, num_planned):
        self.learning_rate = learning_rate
        self.cosine = keras.optimizers.schedules.CosineDecay(1.0, num_planned)

    def __call__(self, update):
        return self.learning_rate(update) * self.cosine(update)


learning_rate = Gliding(learning_rate, num_planned=$planned)
''')

DECAY_NOTE = "# Weight decay pulls every weight towards 0 at each update.\n"

FILLED_NOTE = """\
    # The epoch's first examples come once more at its end, to fill up the last batch.
"""
