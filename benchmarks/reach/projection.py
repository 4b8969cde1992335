"""Maps of 10,000 MNIST test images: 10-nearest-neighbour accuracy in two dimensions."""

import numpy as np

from benchmarks.reach.table import Claim, Say
from core import projection
from core.configs import StackedConfig
from core.datasets import load_dataset

LEAST = 0.95


def measure(say: Say) -> list[Claim]:
    """Of raw pixels (their first 50 principal components) and of 30-d codings, beside PCA."""
    data = load_dataset("mnist")
    labels = np.asarray(data.y_test)
    say(f"t-SNE of {len(labels):,} MNIST test images")
    basis = projection.reduction(data.x_test)
    pixels = data.x_test if basis is None else basis.project(data.x_test)
    return [
        _claim("raw pixels", pixels, labels, (LEAST, ".966")),
        _claim("30-d codings after 5 epochs", _codings(), labels, (0.0, "")),
    ]


def _codings() -> np.ndarray:
    from core.training import fit

    data = load_dataset("mnist")
    return fit(StackedConfig(batch_size=128), data, num_epochs=5).encode(data.x_test)


def _claim(what: str, x: np.ndarray, labels: np.ndarray, bound: tuple[float, str]) -> Claim:
    least, published = bound
    *_, last = projection.tsne(x)
    accuracy = projection.knn_accuracy(last.positions, labels)
    flat = projection.knn_accuracy(projection.pca(x, 2).project(x), labels)
    name = f"10,000 MNIST test images, {what}: 10-NN accuracy of the map"
    asked = f"at least {least}" if least else "nothing: to compare"
    return Claim(name, (accuracy,), asked, accuracy >= least, ("PCA", (flat,)), published)
