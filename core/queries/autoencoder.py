"""Views: the questions that a job can answer after every chunk, see `core.queries.questions`.

They are answered in the process that holds the model; only the answers travel. Scalars in them are
kept by the job from chunk to chunk and form curves. Imports no TensorFlow.

N test images, D input features, Z latent_dim, U units, K classes.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from core.analysis import pca as principal
from core.configs import is_linear
from core.data import toys
from core.datasets import Dataset
from core.queries.questions import (
    Activations,
    ActivationStatistics,
    Clouds,
    Copies,
    Decoder,
    DecoderLayers,
    FactorFit,
    Factors,
    Floor,
    LayerOutputs,
    LossFloor,
    MapPositions,
    NoiseCopies,
    Pca,
    PcaBeside,
    Positions,
    Posteriors,
    PureNoise,
    Reconstructions,
    UnitPictures,
    Units,
    Weights,
)
from core.question import Question

View = Callable[[Any, Any], Any]
NUM_EXAMPLES = 10
NUM_NOISE_IMAGES = 500
NUM_CLOUDS = 1_000
NUM_BINS = 40
NUM_UNITS = 48
NUM_A_CLASS = 2
NUM_EXCITING = 6
TINY = 1e-7


def examples(data: Dataset, count: int = NUM_EXAMPLES) -> np.ndarray:
    """Row numbers of `count` test images: the first of every class; where there are no classes, of
    rising contrast, from the median to the highest.
    """
    if data.y_test is None or len(data.class_names) < count:
        order = np.argsort(data.x_test.std(axis=1), kind="stable")  # [N]
        ranks = np.linspace(len(order) // 2, len(order) - 1, min(count, len(order))).astype(int)
        return order[ranks]
    return np.array([np.argmax(data.y_test == label) for label in range(count)])


def reconstructions(model: Any, data: Dataset) -> Copies:
    """The answer to `Reconstructions`."""
    x = data.x_test[examples(data)]
    return Copies(x, np.asarray(model(x)))


def pca(model: Any, data: Dataset) -> PcaBeside:
    """The answer to `Pca`."""
    fitted = principal.fit(data)
    size = model.config.latent_dim
    if not is_linear(model.config) or size >= data.input_dim:
        return PcaBeside(fitted.errors)
    z = np.concatenate([np.zeros((1, size)), np.eye(size)]).astype(np.float32)  # [1 + Z, Z]
    x_hat = np.asarray(model.decoder(z))  # [1 + Z, D]
    angles = principal.principal_angles(x_hat[1:] - x_hat[:1], fitted.components[:size])  # [Z]
    return PcaBeside(fitted.errors, angles, float(angles.max()))


def pure_noise(model: Any, data: Dataset) -> NoiseCopies:
    """The answer to `PureNoise`."""
    rng = np.random.default_rng(0)
    x = rng.uniform(0, 1, (NUM_NOISE_IMAGES, data.input_dim)).astype(np.float32)
    x_hat = np.asarray(model(x))  # [500, D]
    score = 1 - np.square(x - x_hat).mean() / np.square(x - x.mean(axis=0)).mean()
    return NoiseCopies(x[:NUM_EXAMPLES], x_hat[:NUM_EXAMPLES], float(score))


def factors(model: Any, data: Dataset) -> FactorFit:
    """The answer to `Factors`."""
    z = np.asarray(model.encoder(data.x_test))  # [N, Z]
    f = toys.hidden_factors(data.x_test)  # [N, 3]
    inputs = np.concatenate([z, np.ones((len(z), 1))], axis=1)  # [N, Z + 1]
    residuals = f - inputs @ np.linalg.lstsq(inputs, f, rcond=None)[0]  # [N, 3]
    r_squared = 1 - np.square(residuals).mean(axis=0) / f.var(axis=0)  # [3]
    return FactorFit(r_squared, float(r_squared.mean()))


def loss_floor(_: Any, data: Dataset) -> Floor:
    """The answer to `LossFloor`: the mean of -x ln x - (1-x) ln(1-x) over test images x [N, D],
    above 0 because of grey pixels.
    """
    x = np.clip(data.x_test.astype(np.float64), TINY, 1 - TINY)
    return Floor(float(-(x * np.log(x) + (1 - x) * np.log1p(-x)).mean()))


def layers(model: Any, data: Dataset) -> list[np.ndarray]:
    """The answer to `LayerOutputs`."""
    values = [data.x_test[examples(data)]]
    for layer in (*model.encoder.layers[1:], *model.decoder.layers[1:]):
        values.append(np.asarray(layer(values[-1])))
    return values


def weights(model: Any, _: Dataset) -> dict[str, np.ndarray]:
    """The answer to `Weights`."""
    return _dense_weights([*model.encoder.layers[1:], *model.decoder.layers[1:]])


def decoder(model: Any, data: Dataset) -> DecoderLayers:
    """The answer to `Decoder`."""
    x = data.x_test[examples(data)]
    return DecoderLayers(x, np.asarray(model.encoder(x)), _dense_weights(model.decoder.layers[1:]))


def clouds(model: Any, data: Dataset) -> Posteriors:
    """The answer to `Clouds`."""
    mean, log_var = model.posterior(data.x_test[:NUM_CLOUDS])  # [N, Z] each
    example_mean, example_log_var = model.posterior(data.x_test[examples(data)])  # [10, Z] each
    return Posteriors(*map(np.asarray, (mean, log_var, example_mean, example_log_var)))


def _dense_weights(layers: Sequence[Any]) -> dict[str, np.ndarray]:
    arrays: dict[str, np.ndarray] = {}
    for number, layer in enumerate(layers):
        untied_weights = getattr(layer, "dense_weights", None)
        kernel, bias = untied_weights() if untied_weights else layer.get_weights()
        arrays |= {f"kernel_{number}": np.asarray(kernel), f"bias_{number}": np.asarray(bias)}
    return arrays


def activations(model: Any, data: Dataset) -> ActivationStatistics:
    """The answer to `Activations`."""
    a = np.abs(np.asarray(model.encoder(data.x_test), dtype=np.float64))  # [N, Z]
    counts, edges = np.histogram(a, bins=NUM_BINS, range=(0, max(1.0, a.max())))
    root = np.sqrt(a.shape[1])
    length = np.sqrt(np.square(a).sum(axis=1))  # [N]
    hoyer = (root - a.sum(axis=1) / np.maximum(length, TINY)) / max(root - 1, TINY)  # [N]
    is_active = length > TINY
    return ActivationStatistics(
        means=a.mean(axis=0),
        counts=counts,
        edges=edges,
        hoyer=float(hoyer[is_active].mean()) if is_active.any() else float("nan"),
        mean_activation=float(a.mean()),
    )


def units(model: Any, data: Dataset) -> UnitPictures:
    """The answer to `Units`."""
    a = np.asarray(model.encoder(data.x_test))  # [N, Z]
    latent_dim = a.shape[1]
    class_means = np.array(
        [a[data.y_test == label].mean(axis=0) for label in range(len(data.class_names))]
    ).reshape(-1, latent_dim)  # [K, Z]
    numbers = _select_units(a.mean(axis=0), class_means)  # [U]
    one_active = np.zeros((len(numbers) + 1, latent_dim), np.float32)  # [1 + U, Z]; row 0 is z = 0
    one_active[1 + np.arange(len(numbers)), numbers] = np.maximum(a.max(axis=0), TINY)[numbers]
    x_hat = np.asarray(model.decoder(one_active))  # [1 + U, D]
    a = a[:, numbers]  # [N, U]
    most_active = np.argsort(-a, axis=0, kind="stable")[:NUM_EXCITING].T  # [U, 6]
    return UnitPictures(
        numbers=numbers,
        use=a.mean(axis=0),
        pictures=x_hat[1:] - x_hat[:1],
        exciting=data.x_test[most_active],
        by_class=class_means.T[numbers],
        class_names=np.array(data.class_names, dtype=str),
    )


def _select_units(use: np.ndarray, by_class: np.ndarray) -> np.ndarray:
    """Unit numbers, most active first: the two with the largest margin of each class, then the most
    active. use, mean activation: [Z]; by_class, mean activation on each class: [K, Z].
    """
    order = np.argsort(-use, kind="stable")  # [Z]
    chosen: list[int] = []
    if len(by_class) > 1:
        best, second = -np.sort(-by_class, axis=0)[:2]  # [Z] each
        for label in range(len(by_class)):
            margin = np.where(by_class[label] == best, best - second, 0.0)  # [Z]
            favourites = np.argsort(-margin, kind="stable")[:NUM_A_CLASS]
            chosen += [int(unit) for unit in favourites if margin[unit] > 0]
    chosen = list(dict.fromkeys([*chosen, *order.tolist()]))[:NUM_UNITS]
    return order[np.isin(order, chosen)]


def map_positions(model: Any, _: Any) -> Positions:
    """The answer to `MapPositions`."""
    return Positions(np.asarray(model.positions, np.float32), float(model.tsne_kl))


VIEWS: dict[type[Question[Any]], View] = {
    Reconstructions: reconstructions,
    Pca: pca,
    PureNoise: pure_noise,
    Factors: factors,
    LossFloor: loss_floor,
    LayerOutputs: layers,
    Weights: weights,
    Decoder: decoder,
    Activations: activations,
    Units: units,
    Clouds: clouds,
    MapPositions: map_positions,
}
