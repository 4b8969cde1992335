"""Views: queries that a job answers after every chunk, functions (model, data) -> arrays by name.

They run in the process that holds the model; only what they return travels. Scalars are kept by the
job from chunk to chunk and form curves. Imports no TensorFlow.

N test images, D input features, Z latent_dim, U units, K classes.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from core.analysis import pca as principal
from core.configs import is_linear
from core.data import toys
from core.datasets import Dataset

View = Callable[[Any, Dataset], dict[str, np.ndarray]]
NUM_EXAMPLES = 10
NUM_NOISE_IMAGES = 500
NUM_CLOUDS = 1_000
NUM_BINS = 40
NUM_UNITS = 48
NUM_A_CLASS = 2
NUM_EXCITING = 6
HALF = 0.5
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


def reconstructions(model: Any, data: Dataset) -> dict[str, np.ndarray]:
    """Ten test images and their reconstructions: x, x_hat [10, D]."""
    x = data.x_test[examples(data)]
    return {"x": x, "x_hat": np.asarray(model(x))}


def pca(model: Any, data: Dataset) -> dict[str, np.ndarray]:
    """PCA beside the model. errors [D + 1]: test error with 0, 1, ... D principal components.

    For a linear network whose code is smaller than its input also `angles` [Z] in degrees, between
    the space that its decoder spans and that of the first Z components, and `largest_angle`.
    """
    fitted = principal.fit(data)
    size = model.config.latent_dim
    if not is_linear(model.config) or size >= data.input_dim:
        return {"errors": fitted.errors}
    z = np.concatenate([np.zeros((1, size)), np.eye(size)]).astype(np.float32)  # [1 + Z, Z]
    x_hat = np.asarray(model.decoder(z))  # [1 + Z, D]
    angles = principal.principal_angles(x_hat[1:] - x_hat[:1], fitted.components[:size])  # [Z]
    return {"errors": fitted.errors, "angles": angles, "largest_angle": angles.max()}


def pure_noise(model: Any, data: Dataset) -> dict[str, np.ndarray]:
    """Images of uniform noise and their reconstructions: x, x_hat [10, D].

    `copy_score` is R² over 500 of them: 1 for a network that copies any input, below 0 for one that
    reconstructs only images like its training data.
    """
    rng = np.random.default_rng(0)
    x = rng.uniform(0, 1, (NUM_NOISE_IMAGES, data.input_dim)).astype(np.float32)
    x_hat = np.asarray(model(x))  # [500, D]
    score = 1 - np.square(x - x_hat).mean() / np.square(x - x.mean(axis=0)).mean()
    return {"x": x[:NUM_EXAMPLES], "x_hat": x_hat[:NUM_EXAMPLES], "copy_score": score}


def factors(model: Any, data: Dataset) -> dict[str, np.ndarray]:
    """How well the codes of `mixed_features` determine its three factors by a linear map.

    r_squared [3]: R² on the test rows of the best linear map, with constant, from codes to factors;
    `mean_r_squared` is their mean.
    """
    z = np.asarray(model.encoder(data.x_test))  # [N, Z]
    f = toys.hidden_factors(data.x_test)  # [N, 3]
    inputs = np.concatenate([z, np.ones((len(z), 1))], axis=1)  # [N, Z + 1]
    residuals = f - inputs @ np.linalg.lstsq(inputs, f, rcond=None)[0]  # [N, 3]
    r_squared = 1 - np.square(residuals).mean(axis=0) / f.var(axis=0)  # [3]
    return {"r_squared": r_squared, "mean_r_squared": r_squared.mean()}


def loss_floor(_: Any, data: Dataset) -> dict[str, np.ndarray]:
    """`floor`, the binary cross-entropy of perfect copies of the test images: the mean of
    -x ln x - (1-x) ln(1-x), above 0 because of grey pixels.
    """
    x = np.clip(data.x_test.astype(np.float64), TINY, 1 - TINY)
    return {"floor": -(x * np.log(x) + (1 - x) * np.log1p(-x)).mean()}


def layers(model: Any, data: Dataset) -> dict[str, np.ndarray]:
    """The output of each layer for the ten test images: "0" the input, "1", "2", ..., [10, U]."""
    values = [data.x_test[examples(data)]]
    for layer in (*model.encoder.layers[1:], *model.decoder.layers[1:]):
        values.append(np.asarray(layer(values[-1])))
    return {str(number): value for number, value in enumerate(values)}


def weights(model: Any, _: Dataset) -> dict[str, np.ndarray]:
    """Every dense layer in order: kernel_0 [D, U], bias_0 [U], kernel_1, ... For small networks."""
    return _dense_weights([*model.encoder.layers[1:], *model.decoder.layers[1:]])


def decoder(model: Any, data: Dataset) -> dict[str, np.ndarray]:
    """The ten test images x [10, D], their codes z [10, Z], and every dense layer from the code on:
    kernel_0 [Z, U], bias_0 [U], kernel_1, ...
    """
    x = data.x_test[examples(data)]
    return {"x": x, "z": np.asarray(model.encoder(x))} | _dense_weights(model.decoder.layers[1:])


def clouds(model: Any, data: Dataset) -> dict[str, np.ndarray]:
    """The posterior of a variational autoencoder for the first 1,000 test images: mean and log_var
    [N, Z]; and for the ten of `examples`: example_mean and example_log_var [10, Z].
    """
    mean, log_var = model.posterior(data.x_test[:NUM_CLOUDS])  # [N, Z] each
    example_mean, example_log_var = model.posterior(data.x_test[examples(data)])  # [10, Z] each
    return {
        "mean": np.asarray(mean),
        "log_var": np.asarray(log_var),
        "example_mean": np.asarray(example_mean),
        "example_log_var": np.asarray(example_log_var),
    }


def _dense_weights(layers: Sequence[Any]) -> dict[str, np.ndarray]:
    arrays: dict[str, np.ndarray] = {}
    for number, layer in enumerate(layers):
        untied_weights = getattr(layer, "dense_weights", None)
        kernel, bias = untied_weights() if untied_weights else layer.get_weights()
        arrays |= {f"kernel_{number}": np.asarray(kernel), f"bias_{number}": np.asarray(bias)}
    return arrays


def codes(model: Any, data: Dataset) -> dict[str, np.ndarray]:
    """Activation statistics of the latents on the test images, of absolute values |a|.

    Returns:
        means: Mean activation of each unit, [Z].
        counts, edges: Histogram of all activations in 40 bins, [40] and [41].
        used: Share of the test images in which each unit exceeds 0.5, [Z].
        Scalars: `hoyer`, the mean over images of (√Z - |a|₁ / |a|₂) / (√Z - 1), 0 when all units
        are equally active and 1 when only one is active (Hoyer 2004), NaN when no unit is active
        for any image; `mean_activation`; `above_half`, the share of all activations above 0.5.
    """
    a = np.abs(np.asarray(model.encoder(data.x_test), dtype=np.float64))  # [N, Z]
    counts, edges = np.histogram(a, bins=NUM_BINS, range=(0, max(1.0, a.max())))
    root = np.sqrt(a.shape[1])
    length = np.sqrt(np.square(a).sum(axis=1))  # [N]
    hoyer = (root - a.sum(axis=1) / np.maximum(length, TINY)) / max(root - 1, TINY)  # [N]
    return {
        "means": a.mean(axis=0),
        "counts": counts,
        "edges": edges,
        "used": (a > HALF).mean(axis=0),
        "hoyer": hoyer[length > TINY].mean() if (length > TINY).any() else np.float64(np.nan),
        "mean_activation": a.mean(),
        "above_half": (a > HALF).mean(),
    }


def units(model: Any, data: Dataset) -> dict[str, np.ndarray]:
    """What latent units respond to: the most active, and the two that prefer each class most; at
    most 48, sorted by mean activation.

    Returns:
        numbers: Which units, int [U].
        use: Their mean activation, [U].
        pictures: What each adds to the output, [U, D]: the decoder's output with that unit alone at
            its maximum, minus its output for z = 0.
        exciting: The 6 test images on which each is most active, most active first, [U, 6, D].
        by_class: Mean activation on the test images of each class, [U, K]; K is 0 without labels.
        class_names: Their names, [K].
    """
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
    return {
        "numbers": numbers,
        "use": a.mean(axis=0),
        "pictures": x_hat[1:] - x_hat[:1],
        "exciting": data.x_test[most_active],
        "by_class": class_means.T[numbers],
        "class_names": np.array(data.class_names, dtype=str),
    }


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


def tsne_map(model: Any, _: Any) -> dict[str, np.ndarray]:
    """positions: of the points on the t-SNE map, float32 [N, 2]; `tsne_kl`: its divergence."""
    positions = np.asarray(model.positions, np.float32)
    return {"positions": positions, "tsne_kl": np.asarray(model.tsne_kl)}


VIEWS: dict[str, View] = {
    view.__name__: view
    for view in (
        reconstructions,
        pca,
        pure_noise,
        factors,
        loss_floor,
        layers,
        weights,
        decoder,
        codes,
        units,
        clouds,
        tsne_map,
    )
}
