"""What a page may ask to see of a model after every chunk: functions (model, data) -> arrays by
name.

They run where the model is; only what they return travels. Single numbers are kept by the job from
chunk to chunk, so that they can be drawn as curves. Imports no TensorFlow.
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
NUM_BINS, NUM_UNITS, NUM_A_CLASS, NUM_EXCITING = 40, 48, 2, 6
HALF = 0.5
TINY = 1e-7


def examples(data: Dataset, count: int = NUM_EXAMPLES) -> np.ndarray:
    """Row numbers of `count` test images: the first of every class; where there are no classes, of
    rising contrast, from the median to the highest.
    """
    if data.y_test is None or len(data.class_names) < count:
        order = np.argsort(data.x_test.std(axis=1), kind="stable")
        return order[
            np.linspace(len(order) // 2, len(order) - 1, min(count, len(order))).astype(int)
        ]
    return np.array([np.argmax(data.y_test == label) for label in range(count)])


def reconstructions(model: Any, data: Dataset) -> dict[str, np.ndarray]:
    """Ten test images and what the model makes of them: x, x_hat [10, D]."""
    x = data.x_test[examples(data)]
    return {"x": x, "x_hat": np.asarray(model(x))}


def pca(model: Any, data: Dataset) -> dict[str, np.ndarray]:
    """PCA beside the model. errors [D + 1]: test error with 0, 1, ... D principal components.

    For a linear network whose code is smaller than its input also `angles` [Z] in degrees, between
    the space that its decoder spans and that of the first Z components, and `largest_angle`.
    """
    fitted, size = principal.fit(data), model.config.latent_dim
    if not is_linear(model.config) or size >= data.input_dim:
        return {"errors": fitted.errors}
    codes = np.concatenate([np.zeros((1, size)), np.eye(size)]).astype(np.float32)
    pictures = np.asarray(model.decoder(codes))
    angles = principal.principal_angles(pictures[1:] - pictures[:1], fitted.components[:size])
    return {"errors": fitted.errors, "angles": angles, "largest_angle": angles.max()}


def pure_noise(model: Any, data: Dataset) -> dict[str, np.ndarray]:
    """Images of pure noise, which no data set holds, and their copies: x, x_hat [10, D].

    `copy_score` is R² over 500 of them: 1 for a network that copies anything, below 0 for one that
    paints what it knows.
    """
    rng = np.random.default_rng(0)
    x = rng.uniform(0, 1, (NUM_NOISE_IMAGES, data.input_dim)).astype(np.float32)
    x_hat = np.asarray(model(x))
    score = 1 - np.square(x - x_hat).mean() / np.square(x - x.mean(axis=0)).mean()
    return {"x": x[:NUM_EXAMPLES], "x_hat": x_hat[:NUM_EXAMPLES], "copy_score": score}


def factors(model: Any, data: Dataset) -> dict[str, np.ndarray]:
    """Whether the codes of `mixed_features` hold its three factors, in whatever mixture.

    r_squared [3]: R² on the test rows of the best linear map, with constant, from codes to factors;
    `mean_r_squared` is their mean.
    """
    z, f = np.asarray(model.encoder(data.x_test)), toys.hidden_factors(data.x_test)
    inputs = np.concatenate([z, np.ones((len(z), 1))], axis=1)
    left = f - inputs @ np.linalg.lstsq(inputs, f, rcond=None)[0]
    r_squared = 1 - np.square(left).mean(axis=0) / f.var(axis=0)
    return {"r_squared": r_squared, "mean_r_squared": r_squared.mean()}


def loss_floor(_: Any, data: Dataset) -> dict[str, np.ndarray]:
    """`floor`, the binary cross-entropy of perfect copies of the test images: the mean of
    -x ln x - (1-x) ln(1-x), above 0 because of grey pixels.
    """
    x = np.clip(data.x_test.astype(np.float64), TINY, 1 - TINY)
    return {"floor": -(x * np.log(x) + (1 - x) * np.log1p(-x)).mean()}


def layers(model: Any, data: Dataset) -> dict[str, np.ndarray]:
    """The ten test images on their way: what leaves each layer, "0" the input, "1", "2", ..."""
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
    """What a variational autoencoder makes of the first 1,000 test images: mean and log_var [N, Z];
    and of the ten of `examples`: example_mean and example_log_var [10, Z].
    """
    mean, log_var = model.posterior(data.x_test[:NUM_CLOUDS])
    example_mean, example_log_var = model.posterior(data.x_test[examples(data)])
    found = (mean, log_var, example_mean, example_log_var)
    names = ("mean", "log_var", "example_mean", "example_log_var")
    return {name: np.asarray(value) for name, value in zip(names, found, strict=True)}


def _dense_weights(layers: Sequence[Any]) -> dict[str, np.ndarray]:
    arrays: dict[str, np.ndarray] = {}
    for number, layer in enumerate(layers):
        borrowed = getattr(layer, "dense_weights", None)
        kernel, bias = borrowed() if borrowed else layer.get_weights()
        arrays |= {f"kernel_{number}": np.asarray(kernel), f"bias_{number}": np.asarray(bias)}
    return arrays


def codes(model: Any, data: Dataset) -> dict[str, np.ndarray]:
    """How the coding units speak on the test images.

    Returns:
        means: Mean activation of each unit, [Z].
        counts, edges: Histogram of all activations, [B] and [B + 1].
        used: Share of the test images in which each unit exceeds 0.5, [Z].
        Single numbers: `hoyer`, the mean over images of (√Z - |a|₁ / |a|₂) / (√Z - 1), 0 when all
        units speak alike and 1 when one alone does (Hoyer 2004), NaN when none speaks for any;
        `mean_activation`; `above_half`, the share of all activations that exceed 0.5.
    """
    a = np.abs(np.asarray(model.encoder(data.x_test), dtype=np.float64))
    counts, edges = np.histogram(a, bins=NUM_BINS, range=(0, max(1.0, a.max())))
    root, length = np.sqrt(a.shape[1]), np.sqrt(np.square(a).sum(axis=1))
    hoyer = (root - a.sum(axis=1) / np.maximum(length, TINY)) / max(root - 1, TINY)
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
    """What units look for: the most used, and those that prefer each class most; 48 at most, by
    mean activation.

    Returns:
        numbers: Which units, int [U].
        use: Their mean activation, [U].
        pictures: What each adds to the output, [U, D]: the decoder at that unit alone speaking
            less the decoder at silence.
        exciting: The test images on which each is most active, most first, [U, E, D].
        by_class: Mean activation on the test images of each class, [U, K]; K is 0 without labels.
        class_names: Their names, [K].
    """
    a = np.asarray(model.encoder(data.x_test))
    by_class = [a[data.y_test == label].mean(axis=0) for label in range(len(data.class_names))]
    numbers = _worth_a_look(a.mean(axis=0), np.array(by_class).reshape(-1, a.shape[1]))
    alone = np.zeros((len(numbers) + 1, a.shape[1]), np.float32)
    alone[1 + np.arange(len(numbers)), numbers] = np.maximum(a.max(axis=0), TINY)[numbers]
    painted, a = np.asarray(model.decoder(alone)), a[:, numbers]
    return {
        "numbers": numbers,
        "use": a.mean(axis=0),
        "pictures": painted[1:] - painted[:1],
        "exciting": data.x_test[np.argsort(-a, axis=0, kind="stable")[:NUM_EXCITING].T],
        "by_class": np.array(by_class).reshape(-1, len(alone[0])).T[numbers],
        "class_names": np.array(data.class_names, dtype=str),
    }


def _worth_a_look(use: np.ndarray, by_class: np.ndarray) -> np.ndarray:
    """Numbers of units, by use. use: [Z]; by_class, mean activations: [K, Z]."""
    order = np.argsort(-use, kind="stable")
    chosen: list[int] = []
    if len(by_class) > 1:
        best, second = -np.sort(-by_class, axis=0)[:2]
        for label in range(len(by_class)):
            margin = np.where(by_class[label] == best, best - second, 0.0)
            favourites = np.argsort(-margin, kind="stable")[:NUM_A_CLASS]
            chosen += [int(unit) for unit in favourites if margin[unit] > 0]
    chosen = list(dict.fromkeys([*chosen, *order.tolist()]))[:NUM_UNITS]
    return order[np.isin(order, chosen)]


def tsne_map(model: Any, _: Any) -> dict[str, np.ndarray]:
    """positions: of a map's points, float32 [N, 2]; `tsne_kl`, its divergence."""
    shown = np.asarray(model.positions, np.float32)
    return {"positions": shown, "tsne_kl": np.asarray(model.tsne_kl)}


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
