"""Questions to autoencoders, and those that a map or few labels asks of any encoder, with their
answers. Imports no TensorFlow.

N images or points, D pixels, Z codes, K classes, M corruptions, U units.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from core.analysis.pca import Basis
from core.configs.denoising import Corruption
from core.queries.question import Question

# Of any autoencoder.


@dataclass(frozen=True)
class Weights(Question[dict[str, np.ndarray]]):
    """Every dense layer in order: kernel_0 [D, U], bias_0 [U], kernel_1, ..."""


class Images(NamedTuple):
    """Test images.

    Attributes:
        x: [N, D].
        labels: int [N], or None.
        class_names: One a label.
    """

    x: np.ndarray
    labels: np.ndarray | None
    class_names: tuple[str, ...]


@dataclass(frozen=True)
class MappedImages(Question[Images]):
    """The test images whose codes are in the view `clouds`."""

    of_data = True


@dataclass(frozen=True)
class MappedCodes(Question[np.ndarray]):
    """The codes of those images, [N, Z]; of a variational autoencoder their means."""


# Of a denoising autoencoder.


class Restored(NamedTuple):
    """Images, corrupted and restored, each [N, D]."""

    x: np.ndarray
    x_tilde: np.ndarray
    x_hat: np.ndarray


class Restoration(NamedTuple):
    """Ten test images, corrupted and restored, each [10, D]; psnr in decibels and mse over the
    first 2,000 test images.
    """

    x: np.ndarray
    x_tilde: np.ndarray
    x_hat: np.ndarray
    psnr: float
    mse: float


@dataclass(frozen=True)
class Restore(Question[Restoration]):
    """How test images come back from a corruption."""

    corruption: Corruption


@dataclass(frozen=True)
class Gallery(Question[Restored]):
    """The first 36 test images, corrupted and restored."""

    corruption: Corruption


@dataclass(frozen=True)
class Scores(Question[np.ndarray]):
    """PSNR in decibels of the first 1,000 test images, restored from each corruption, [M]."""

    corruptions: Sequence[Corruption]


class Corrupted(NamedTuple):
    """Ten test images, x [10, D], and the same under each of M corruptions, x_tilde [M, 10, D]."""

    x: np.ndarray
    x_tilde: np.ndarray


@dataclass(frozen=True)
class Previews(Question[Corrupted]):
    """What kinds of corruption do to test images."""

    corruptions: Sequence[Corruption]

    of_data = True


@dataclass(frozen=True)
class Filters(Question[np.ndarray]):
    """Weights of the first layer's units, [U, D]; the 48 of largest norm, largest first."""


class FilterMark(NamedTuple):
    """How well a filter that learns no network restores test images."""

    psnr: float
    mse: float
    description: str


@dataclass(frozen=True)
class ClassicalDenoisers(Question[dict[str, FilterMark]]):
    """The mark of each classical denoiser by its name, on the first 2,000 test images."""

    corruption: Corruption

    of_data = True


@dataclass(frozen=True)
class RestoreDrawing(Question[np.ndarray]):
    """The restored image [D] of one corrupted drawing x_tilde [D]."""

    x_tilde: np.ndarray

    by_hand = True


# Of a variational autoencoder.


class Generated(NamedTuple):
    """Images beside the training images nearest to them.

    Attributes:
        x: The first ten, [10, D].
        nearest: The training image nearest to each, [10, D].
        distances: The squared distances of all, [100].
    """

    x: np.ndarray
    nearest: np.ndarray
    distances: np.ndarray


@dataclass(frozen=True)
class Samples(Question[Generated]):
    """A hundred images decoded from codes that are drawn from N(0, sigma²)."""

    sigma: float
    seed: int


@dataclass(frozen=True)
class RealImages(Question[Generated]):
    """The same of the first hundred test images, which no model is trained on."""

    of_data = True


class BatchStatistics(NamedTuple):
    """Means over the B rows of a batch of μ², σ² and log σ², [Z]."""

    square: np.ndarray
    variance: np.ndarray
    log_var: np.ndarray
    num_rows: int


@dataclass(frozen=True)
class LatentLoss(Question[BatchStatistics]):
    """Statistics of the batch of an update, with the present weights."""

    seed: int
    update: int


# Of any encoder.


class MapCodes(NamedTuple):
    """Codes for a map.

    Attributes:
        codes: float32 [N, D]; of more than 100 dimensions, the first 50 principal components.
        basis: What projected them, or None.
        dimensions: How many dimensions there were.
        latents: float16 [N, at most D], of many the most varied; numbers: of their dimensions.
        words, labels, class_names: Of texts; see `Pictures` for images.
    """

    codes: np.ndarray
    basis: Basis | None
    dimensions: int
    latents: np.ndarray
    numbers: list[int]
    words: list[str] | None = None
    labels: np.ndarray | None = None
    class_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Codes(Question[MapCodes]):
    """The codes of the first images or texts, or the pixels of images (space "pixels")."""

    num_points: int
    space: str = "codes"


class PointPictures(NamedTuple):
    """What the points of a map are.

    Attributes:
        x: Images as bytes, uint8 [N, D]; None for words.
        labels: int [N], or None.
        class_names: One a label.
        num_test: How many of the rows are test images.
        words: [N], or None for images.
    """

    x: np.ndarray | None
    labels: np.ndarray | None
    class_names: tuple[str, ...]
    num_test: int = 0
    words: list[str] | None = None


@dataclass(frozen=True)
class Pictures(Question[PointPictures]):
    """The first images, test images first."""

    num_points: int

    of_data = True


class PointCopies(NamedTuple):
    """Reconstructions of images, uint8 [N, D], and the mean squared error of each, float32 [N]."""

    x_hat: np.ndarray
    errors: np.ndarray


@dataclass(frozen=True)
class Copies(Question[PointCopies]):
    """What a network makes of those images."""

    num_points: int


@dataclass(frozen=True)
class CodesOf(Question[np.ndarray]):
    """The codes [1, D] of an image [D] or a text, or the pixels of an image."""

    given: Any
    space: str = "codes"


class EncoderLayers(NamedTuple):
    """Weights of an encoder, for `core.pretraining.encoders.make`.

    Attributes:
        weights: Kernel and bias of every dense layer, from the input to the codes (of a variational
            encoder: to their means); of a speller those of `core.spelling.network`.
        activations: One a layer; None of a speller.
    """

    weights: Sequence[np.ndarray]
    activations: list[str] | None


@dataclass(frozen=True)
class EncoderWeights(Question[EncoderLayers]):
    """The encoder, to be pretrained with."""
