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
from core.question import Question

# What a job can show after every chunk: questions without arguments, by `core.queries.autoencoder`.


class Copies(NamedTuple):
    """Images and what a network makes of them, [10, D]."""

    x: np.ndarray
    x_hat: np.ndarray


@dataclass(frozen=True)
class Reconstructions(Question[Copies]):
    """Ten test images and their reconstructions."""


class PcaBeside(NamedTuple):
    """PCA beside a model.

    Attributes:
        errors: Test error with 0, 1, ... D principal components, [D + 1].
        angles: For a linear network whose code is smaller than its input, in degrees, between the
            space of its code and that of as many components, smallest first, [Z]; else None.
        largest_angle: Of these.
    """

    errors: np.ndarray
    angles: np.ndarray | None = None
    largest_angle: float | None = None


@dataclass(frozen=True)
class Pca(Question[PcaBeside]):
    """How near the code is to PCA's."""


class NoiseCopies(NamedTuple):
    """Images of uniform noise and their reconstructions, [10, D]; copy_score is R² over 500 of
    them: 1 for a network that copies any input, below 0 for one that reconstructs only images like
    its training data.
    """

    x: np.ndarray
    x_hat: np.ndarray
    copy_score: float


@dataclass(frozen=True)
class PureNoise(Question[NoiseCopies]):
    """Whether a network copies what it has never seen the like of."""


class FactorFit(NamedTuple):
    """R² on the test rows of the best linear map, with constant, from codes to each of the three
    hidden factors, [3]; and their mean.
    """

    r_squared: np.ndarray
    mean_r_squared: float


@dataclass(frozen=True)
class Factors(Question[FactorFit]):
    """How well the codes of `mixed_features` determine its factors."""


class Floor(NamedTuple):
    """A loss that no copy can be below."""

    floor: float


@dataclass(frozen=True)
class LossFloor(Question[Floor]):
    """The binary cross-entropy of perfect copies of the test images."""


@dataclass(frozen=True)
class LayerOutputs(Question[list[np.ndarray]]):
    """The input of the ten test images and the output of each layer for them, [10, U]."""


class DecoderLayers(NamedTuple):
    """The ten test images [10, D], their codes [10, Z], and every dense layer from the code on:
    kernel_0 [Z, U], bias_0 [U], kernel_1, ...
    """

    x: np.ndarray
    z: np.ndarray
    layers: dict[str, np.ndarray]


@dataclass(frozen=True)
class Decoder(Question[DecoderLayers]):
    """The decoder, to be run in the browser."""


class ActivationStatistics(NamedTuple):
    """Statistics of the latents on the test images, of absolute values |a|.

    Attributes:
        means: Mean activation of each unit, [Z].
        counts, edges: Histogram of all activations in 40 bins, [40] and [41].
        hoyer: The mean over images of (√Z - |a|₁ / |a|₂) / (√Z - 1), 0 when all units are equally
            active and 1 when only one is active (Hoyer 2004), NaN when no unit is active for any
            image.
        mean_activation: Over all units and images.
    """

    means: np.ndarray
    counts: np.ndarray
    edges: np.ndarray
    hoyer: float
    mean_activation: float


@dataclass(frozen=True)
class Activations(Question[ActivationStatistics]):
    """How active the latents are."""


class UnitPictures(NamedTuple):
    """Latent units, at most 48, sorted by mean activation.

    Attributes:
        numbers: Which units, int [U].
        use: Their mean activation, [U].
        pictures: What each adds to the output, [U, D]: the decoder's output with that unit alone at
            its maximum, minus its output for z = 0.
        exciting: The 6 test images on which each is most active, most active first, [U, 6, D].
        by_class: Mean activation on the test images of each class, [U, K]; K is 0 without labels.
        class_names: Their names, [K].
    """

    numbers: np.ndarray
    use: np.ndarray
    pictures: np.ndarray
    exciting: np.ndarray
    by_class: np.ndarray
    class_names: np.ndarray


@dataclass(frozen=True)
class Units(Question[UnitPictures]):
    """What latent units respond to: the most active, and the two that prefer each class most."""


class Posteriors(NamedTuple):
    """The posterior of a variational autoencoder for the first 1,000 test images, [N, Z]; and for
    the ten test images, [10, Z].
    """

    mean: np.ndarray
    log_var: np.ndarray
    example_mean: np.ndarray
    example_log_var: np.ndarray


@dataclass(frozen=True)
class Clouds(Question[Posteriors]):
    """Where test images lie, each in its cloud."""


class Positions(NamedTuple):
    """The points on a t-SNE map, float32 [N, 2], and its divergence."""

    positions: np.ndarray
    tsne_kl: float


@dataclass(frozen=True)
class MapPositions(Question[Positions]):
    """A map as it stands."""


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
    """The test images whose codes are in `Clouds`."""

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


@dataclass(frozen=True, eq=False)
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
class PointsCopied(Question[PointCopies]):
    """What a network makes of those images."""

    num_points: int


@dataclass(frozen=True, eq=False)
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
