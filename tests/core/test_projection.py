"""Maps: the same in slices or at once, what they refuse, and whom they put together."""

import numpy as np
import pytest
from sklearn.manifold import TSNE
from sklearn.neighbors import KNeighborsClassifier

from core import projection
from core.projection import ITERATIONS_A_FRAME, NUM_ITERATIONS, tsne

NUM, DIM = 90, 6


@pytest.fixture(scope="module")
def blobs():
    """Three clusters, far apart, in rows of mixed order; and which is which."""
    rng = np.random.default_rng(0)
    labels = rng.permutation(np.repeat([0, 1, 2], NUM // 3))
    return (rng.normal(size=(NUM, DIM)) + 12 * np.eye(3, DIM)[labels]).astype(np.float32), labels


@pytest.fixture(scope="module")
def frames(blobs):
    return list(tsne(blobs[0], perplexity=8, num_jobs=1))


def test_frames_come_every_25_iterations_and_the_divergence_falls(frames):
    assert [each.iteration for each in frames] == list(
        range(0, NUM_ITERATIONS + 1, ITERATIONS_A_FRAME)
    )
    assert all(each.positions.shape == (NUM, 2) for each in frames)
    assert frames[-1].tsne_kl < frames[10].tsne_kl < frames[1].tsne_kl


def test_the_first_frame_is_pca(blobs, frames):
    flat = projection.pca(blobs[0], 2).project(blobs[0])
    for axis in (0, 1):
        assert abs(np.corrcoef(flat[:, axis], frames[0].positions[:, axis])[0, 1]) > 0.99


def test_one_dimension_lies_on_the_first_of_two_axes(blobs):
    flat = projection.pca(blobs[0][:, :1], 2).project(blobs[0][:, :1])
    assert flat.shape == (NUM, 2)
    assert flat[:, 0].std() > 1
    assert (flat[:, 1] == 0).all()


def test_same_seed_same_map_and_another_seed_another_map(blobs, frames):
    again = list(tsne(blobs[0], perplexity=8, num_jobs=1))
    assert np.array_equal(again[-1].positions, frames[-1].positions)
    (*_, other) = tsne(blobs[0], perplexity=8, num_jobs=1, seed=1, start="random")
    assert not np.allclose(other.positions, frames[-1].positions, atol=1)


def test_slices_of_any_length_make_the_same_map(blobs, frames):
    affinity = projection.affinities(blobs[0], 8, 1)
    state = projection.begin(blobs[0], "pca", 0)
    for count in (7, 230, 60, 3):
        state = projection.advance(affinity, state, count, num_jobs=1)
    assert np.array_equal(state.positions, frames[12].positions)


def test_a_map_keeps_clusters_together_as_scikit_learns_does(blobs, frames):
    x, labels = blobs
    theirs = TSNE(perplexity=8, random_state=0).fit_transform(x)
    ours = projection.knn_accuracy(frames[-1].positions, labels)
    assert ours >= projection.knn_accuracy(theirs, labels) == 1


def test_accuracy_is_that_of_a_classifier_that_leaves_the_point_out(blobs):
    x, _ = blobs
    labels = np.random.default_rng(1).integers(0, 3, NUM)
    guesses = []
    for row in range(NUM):
        rest = np.arange(NUM) != row
        fitted = KNeighborsClassifier(10).fit(x[rest], labels[rest])
        guesses.append(fitted.predict(x[[row]])[0])
    assert projection.knn_accuracy(x, labels) == np.mean(guesses == labels)


def test_trust_is_one_for_the_points_themselves_and_low_for_chance(blobs, frames):
    x, _ = blobs
    chance = np.random.default_rng(0).normal(size=(NUM, 2))
    trust = projection.trustworthiness(x, frames[-1].positions)
    assert projection.trustworthiness(x, x) == 1
    assert projection.trustworthiness(x, chance) < 0.7 < trust


def test_a_new_point_lands_in_its_cluster_and_moves_no_other(blobs, frames):
    x, labels = blobs
    positions = frames[-1].positions
    before = positions.copy()
    new = np.array([x[labels == label].mean(axis=0) for label in range(3)])
    placed = projection.place(x, positions, new)
    distances = np.linalg.norm(placed[:, None] - positions, axis=2)
    nearest = np.argsort(distances, axis=1)[:, :10]
    assert [set(labels[rows]) for rows in nearest] == [{0}, {1}, {2}]
    assert np.array_equal(positions, before)


def test_a_known_point_is_placed_where_it_stands(blobs, frames):
    x, positions = blobs[0], frames[-1].positions
    placed = projection.place(x, positions, x[:5])
    spread = np.linalg.norm(positions - positions.mean(axis=0), axis=1).mean()
    assert np.linalg.norm(placed - positions[:5], axis=1).max() < spread / 3


def test_neighbours_are_the_nearest_others(blobs):
    x = blobs[0].astype(np.float64)
    distances = np.linalg.norm(x[:, None] - x, axis=2)
    np.fill_diagonal(distances, np.inf)
    assert np.array_equal(projection.neighbours(x, 4), np.argsort(distances, axis=1)[:, :4])


def test_more_than_100_dimensions_become_50_components():
    x = np.random.default_rng(0).normal(size=(300, 120)) * np.linspace(3, 0.01, 120)
    basis = projection.reduction(x)
    assert basis is not None
    assert basis.project(x).shape == (300, 50)
    assert 0.8 < basis.kept < 1
    assert projection.reduction(x[:, :100]) is None


@pytest.mark.parametrize(
    ("x", "perplexity", "words"),
    [
        (np.zeros((1, 3)), 5, r"at least 4 points.*received the shape \(1, 3\)"),
        (np.ones((40, 3)), 5, "All 40 points are the same"),
        (np.full((40, 3), np.nan), 5, "finite numbers; received others in 40 of 40 rows"),
        (np.random.default_rng(0).normal(size=(40, 3)), 30, "may be 1 to 13; received 30"),
        (np.random.default_rng(0).normal(size=(40, 3)), 0, "may be 1 to 13; received 0"),
        (np.zeros(40), 5, "as rows"),
    ],
)
def test_what_no_map_can_be_made_of_is_said_in_a_sentence(x, perplexity, words):
    with pytest.raises(ValueError, match=words):
        next(tsne(x, perplexity=perplexity))


def test_many_copies_of_a_point_among_others_still_make_a_map(blobs):
    x = np.concatenate([blobs[0], np.repeat(blobs[0][:1], 20, axis=0)])
    (*_, last) = tsne(x, perplexity=5, num_jobs=1)
    assert np.isfinite(last.positions).all()


def test_a_new_point_of_another_width_is_refused(blobs, frames):
    with pytest.raises(ValueError, match=r"\[M, 6\]"):
        projection.place(blobs[0], frames[-1].positions, np.zeros((1, 5)))
