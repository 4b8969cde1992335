"""The arms: classifiers that learn from the same few labels, with and without pretraining.

N rows, K classes, Z codes, L labelled rows, D input features of the baselines. A trained arm is a
function from what is to be classified, (x, raw) as in `core.pretraining.material`, to scores
[N, K], of which the largest is the answer.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from core.engine.advance import advance
from core.pretraining import nets
from core.pretraining.experiment import NEURAL
from core.pretraining.labelled import num_updates
from core.pretraining.material import Material
from core.pretraining.net_loop import NetLoop
from core.pretraining.nets import Net

Scores = Callable[[np.ndarray, np.ndarray], np.ndarray]
SVM_C = 10.0
FROZEN_RATE_FACTOR = 10.0


def begin(arm: str, material: Material, seed: int) -> Net:
    """The net of a neural arm before its first update."""
    num_classes = len(material.class_names)
    if arm == "pretrained_frozen":
        return nets.frozen(material.encoder.width, num_classes, seed)
    if arm == "from_scratch":
        return nets.from_scratch(material.encoder, num_classes, seed)
    return nets.fine_tuned(material.encoder, material.scale, num_classes, seed)


def loop_of(arm: str, material: Material, rows: np.ndarray, seed: int) -> NetLoop:
    """The training of a neural arm on the labels of `rows`; a softmax alone learns at ten times
    the rate.
    """
    net = begin(arm, material, seed)
    if arm == "pretrained_frozen":
        codes = material.codes(material.x_train[rows])  # [L, Z]
        labels = material.y_train[rows]
        return NetLoop(net, codes, labels, np.arange(len(rows)), FROZEN_RATE_FACTOR)
    return NetLoop(net, material.x_train, material.y_train, rows)


def scores_of(arm: str, net: Net, material: Material) -> Scores:
    """The class probabilities by the net of a neural arm."""
    if arm == "pretrained_frozen":
        return lambda x, _: nets.probabilities(net, material.codes(x))
    return lambda x, _: nets.probabilities(net, x)


def fit(arm: str, material: Material, rows: np.ndarray, seed: int, learning_rate: float) -> Scores:
    """Trains an arm to its end on the labels of `rows`.

    Raises:
        TrainingDiverged: The loss of a net is no longer a finite number.
    """
    if arm in NEURAL:
        loop = loop_of(arm, material, rows, seed)
        state = loop.first_state(loop.net.weights, seed)
        rate = {"learning_rate": learning_rate}
        advance(loop, state, rate, num_updates=num_updates(len(rows)))
        return scores_of(arm, loop.trained(), material)
    return BASELINES[arm](material, rows)


def _pretrained_svm(material: Material, rows: np.ndarray) -> Scores:
    scores = _svm(material.codes(material.x_train[rows]), material, rows)
    return lambda x, _: scores(material.codes(x))


def _rbf_svm(material: Material, rows: np.ndarray) -> Scores:
    scores = _svm(material.raw_train[rows], material, rows)
    return lambda _, raw: scores(raw)


def _svm(x: np.ndarray, material: Material, rows: np.ndarray) -> Callable[..., np.ndarray]:
    """A support vector machine with a gaussian kernel; scores by one against the rest."""
    from sklearn.svm import SVC

    fitted = SVC(C=SVM_C, break_ties=True).fit(x, material.y_train[rows])
    num_classes = len(material.class_names)

    def scores(x: np.ndarray) -> np.ndarray:
        margins = fitted.decision_function(x)  # [N] with two classes
        margins = np.column_stack((-margins, margins)) if margins.ndim == 1 else margins
        return _of_all_classes(margins, fitted.classes_, num_classes)

    return scores


def _nearest_neighbour(material: Material, rows: np.ndarray) -> Scores:
    """Minus the distance to the nearest labelled row of each class."""
    from sklearn.metrics import pairwise_distances

    labelled = material.raw_train[rows]  # [L, D]
    labels = material.y_train[rows]  # [L]
    classes = np.unique(labels)

    def scores(_: np.ndarray, raw: np.ndarray) -> np.ndarray:
        distances = pairwise_distances(raw, labelled)  # [N, L]
        nearest = [-distances[:, labels == label].min(axis=1) for label in classes]
        return _of_all_classes(np.column_stack(nearest), classes, len(material.class_names))

    return scores


def _pca_logistic(material: Material, rows: np.ndarray) -> Scores:
    """Logistic regression on 50 principal components of all rows, labelled or not."""
    from sklearn.linear_model import LogisticRegression

    basis = material.components
    num_classes = len(material.class_names)
    scale = np.sqrt(basis.explained_variance_.mean())
    fitted = LogisticRegression(max_iter=1_000).fit(
        basis.transform(material.raw_train[rows]) / scale, material.y_train[rows]
    )

    def scores(_: np.ndarray, raw: np.ndarray) -> np.ndarray:
        probabilities = fitted.predict_proba(basis.transform(raw) / scale)
        return _of_all_classes(probabilities, fitted.classes_, num_classes)

    return scores


def _pretrained_spreading(material: Material, rows: np.ndarray) -> Scores:
    """Labels spread over the neighbours among all codes; see `core.pretraining.spreading`."""
    graph = material.graph_of_codes
    shares = graph.spread(rows, material.y_train[rows], len(material.class_names))  # [N, K]

    def scores(x: np.ndarray, _: np.ndarray) -> np.ndarray:
        codes = material.codes_test if x is material.x_test else material.codes(x)
        return shares[graph.near(codes)].mean(axis=1)

    return scores


def _pca_spreading(material: Material, rows: np.ndarray) -> Scores:
    """The same on 50 principal components, without any network."""
    graph = material.graph_of_components
    shares = graph.spread(rows, material.y_train[rows], len(material.class_names))  # [N, K]

    def scores(_: np.ndarray, raw: np.ndarray) -> np.ndarray:
        is_test = raw is material.raw_test
        x = material.components_test if is_test else material.components.transform(raw)
        return shares[graph.near(x)].mean(axis=1)

    return scores


def _of_all_classes(scores: np.ndarray, classes: np.ndarray, num_classes: int) -> np.ndarray:
    """Scores [N, K] from those of the labelled `classes`; -inf for a class without a label."""
    all_scores = np.full((len(scores), num_classes), -np.inf, np.float32)
    all_scores[:, classes] = scores
    return all_scores


BASELINES: dict[str, Callable[[Material, np.ndarray], Any]] = {
    "pretrained_svm": _pretrained_svm,
    "pretrained_spreading": _pretrained_spreading,
    "rbf_svm": _rbf_svm,
    "nearest_neighbour": _nearest_neighbour,
    "pca_logistic": _pca_logistic,
    "pca_spreading": _pca_spreading,
}
