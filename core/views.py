"""What a page may ask to see of a model after every chunk: functions (model, data) -> arrays by
name.

They run where the model is; only what they return travels. Single numbers are kept by the job from
chunk to chunk, so that they can be drawn as curves. Imports no TensorFlow.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from core import pca as principal
from core import toys
from core.configs import is_linear
from core.datasets import Dataset

View = Callable[[Any, Dataset], dict[str, np.ndarray]]
NUM_EXAMPLES = 10
NUM_NOISE_IMAGES = 500
TINY = 1e-7


def examples(data: Dataset, count: int = NUM_EXAMPLES) -> np.ndarray:
    """Row numbers of `count` test images: the first of every class, or the first ones where there
    are no classes.
    """
    if data.y_test is None or len(data.class_names) < count:
        return np.arange(min(count, len(data.x_test)))
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
    arrays: dict[str, np.ndarray] = {}
    for number, layer in enumerate((*model.encoder.layers[1:], *model.decoder.layers[1:])):
        kernel, bias = layer.get_weights()
        arrays |= {f"kernel_{number}": kernel, f"bias_{number}": bias}
    return arrays


VIEWS: dict[str, View] = {
    view.__name__: view
    for view in (reconstructions, pca, pure_noise, factors, loss_floor, layers, weights)
}
