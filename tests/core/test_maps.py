"""A map as a family of the job layer: its knobs, its slices, what is asked of it and its models."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest

from core import links, projection
from core.configs.maps import MapConfig
from core.datasets import Dataset
from core.maps import points, trainer
from core.maps.experiment import MapExperiment
from core.maps.questions import JudgeMap, Neighbours, Place
from core.queries import codings
from core.queries.questions import Codes, CodesOf, Pictures, PointsCopied

pytestmark = pytest.mark.trains

QUICK = MapConfig(num_points=60, perplexity=5.0)


@pytest.fixture(scope="module")
def some():
    rng = np.random.default_rng(0)
    x = np.concatenate([rng.normal(size=(30, 4)), rng.normal(size=(30, 4)) + 9])
    return points.make(x.astype(np.float32), np.repeat([0, 1], 30))


def run(knobs, some, count, seed=0):
    state = trainer.begin(knobs, some, seed)
    return trainer.advance(knobs, some, state, knobs.coefficients(), num_updates=count)


def test_chunks_of_any_length_make_the_same_map_and_records(some):
    whole, records = run(QUICK, some, 80)
    state, found = trainer.begin(QUICK, some, 0), []
    for count in (10, 30, 40):
        state, new = trainer.advance(QUICK, some, state, QUICK.coefficients(), num_updates=count)
        found += new
    assert np.array_equal(state.weights[0], whole.weights[0])
    assert [record.epoch for record in found] == [1, 2, 3]
    assert [r.parts for r in found] == [r.parts for r in records]


@pytest.mark.parametrize(
    ("name", "value"),
    [("perplexity", 12.0), ("early_exaggeration", 4.0), ("learning_rate", 20.0),
     ("start", "random")],
)  # fmt: skip
def test_no_knob_of_the_map_is_dead(some, name, value):
    state, _ = run(QUICK, some, 50)
    other, _ = run(dataclasses.replace(QUICK, **{name: value}), some, 50)
    assert not np.allclose(state.weights[0], other.weights[0])
    seeded, _ = run(QUICK, some, 50, seed=1)
    assert not np.array_equal(state.weights[0], seeded.weights[0])


def test_a_map_is_judged_beside_pca_and_the_codes(some):
    state, _ = run(QUICK, some, 300)
    marks = trainer.judge(trainer.shared_model(QUICK, some, state), some, JudgeMap())
    assert marks.codes == (1.0, 1.0)
    assert marks.map[1] == 1
    assert 0.5 < marks.pca[0] <= 1


def test_points_of_one_dimension_lie_on_a_plane_all_the_same(some):
    line = points.make(some.x[:, :1], some.labels)
    assert trainer.neighbours(None, line, Neighbours()).pca.shape == (60, 2)


def test_a_state_that_has_travelled_without_its_optimizer_can_be_asked(some):
    state, _ = run(QUICK, some, 300)
    bare = dataclasses.replace(state, optimizer=())
    answer = trainer.place(trainer.shared_model(QUICK, some, bare), some, Place(some.x[7]))
    assert answer.rows[0] == 7
    assert answer.distances[0] == pytest.approx(0, abs=1e-3)
    assert np.linalg.norm(answer.position - state.weights[0][7]) < 5


def test_two_clusters_ten_times_apart_in_width_become_islands_of_one_size():
    demo = points.two_clusters()
    knobs = MapConfig(num_points=len(demo.x))
    state, _ = run(knobs, demo, projection.NUM_ITERATIONS)

    def ratio(x):
        near, far = (x[demo.labels == label].std(axis=0).mean() for label in (0, 1))
        return far / near

    assert ratio(demo.x) > 9
    assert 0.5 < ratio(state.weights[0]) < 2


def test_points_are_equal_by_content_and_known_while_held(some):
    again = points.make(some.x.copy(), some.labels.copy())
    assert again is some
    other = points.make(some.x + 1, some.labels)
    assert other != some
    name = other.name
    del other
    assert points.find(name) is None


def test_two_maps_differ_in_their_keys_when_their_points_do(some):
    first = MapExperiment(config=QUICK, points=some.name)
    second = dataclasses.replace(first, points="points-others")
    assert first.key_before(10) != second.key_before(10)
    assert first.data_name != second.data_name
    assert first.own() is some
    with pytest.raises(ValueError, match="are gone"):
        second.load()


def test_a_link_gives_the_same_map_and_an_unknown_source_is_told():
    settings = MapExperiment(config=MapConfig(perplexity=7.0, start="random"), seed=5)
    texts = links.to_params(settings)
    assert links.from_params(MapConfig, texts, {}) == (settings, [])
    read, notices = links.from_params(MapConfig, texts | {"source": "run-<b>"}, {})
    assert read == dataclasses.replace(
        settings, config=dataclasses.replace(settings.config, source="network")
    )
    assert "run-<b>" in notices[0]
    assert not links.from_params(MapConfig, texts | {"source": "run-0123"}, {})[1]


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    x = rng.uniform(size=(50, 120)).astype(np.float32)
    return Dataset(x[:30], x[30:], np.zeros(30, int), np.ones(20, int), (10, 12), ("a", "b"))


@pytest.fixture
def model():
    """Codes are the first three pixels, copies twice as bright."""

    class Double:
        encoder = staticmethod(lambda x: x[:, :3])

        def __call__(self, x):
            return 2 * x

    return Double()


def test_points_are_test_images_first_and_training_images_then(model, data):
    answer = codings.pictures(model, data, Pictures(26))
    assert answer.labels.tolist() == [1] * 20 + [0] * 6
    assert answer.num_test == 20
    assert np.array_equal(answer.x, np.rint(255 * np.r_[data.x_test, data.x_train[:6]]))
    codes = codings.codes(model, data, Codes(26))
    assert np.array_equal(codes.codes, np.r_[data.x_test, data.x_train[:6]][:, :3])
    assert codes.basis is None
    assert len(codings.codes(model, data, Codes(1_000)).codes) == 50


def test_pixels_are_reduced_and_a_new_image_fits_among_them(model, data):
    codes = codings.codes(model, data, Codes(50, "pixels"))
    assert codes.codes.shape == (50, 50)
    new = codings.codes_of(model, data, CodesOf(data.x_test[3], "pixels"))
    assert np.allclose(codes.basis.project(new), codes.codes[3], atol=1e-5)


def test_copies_come_with_their_errors(model, data):
    answer = codings.copies(model, data, PointsCopied(20))
    assert np.allclose(answer.errors, np.square(data.x_test).mean(axis=1))
    assert answer.x_hat.max() == 255


def test_every_latent_is_offered_and_of_very_many_those_that_vary_most(monkeypatch):
    rng = np.random.default_rng(0)
    codes = (rng.normal(size=(20, 120)) * np.linspace(9, 1, 120)).astype(np.float32)
    answer = codings.reduced(codes)
    assert answer.codes.shape == (20, 50)
    assert np.allclose(answer.latents, codes, rtol=1e-3, atol=1e-3)
    assert answer.numbers == list(range(120))
    monkeypatch.setattr(codings, "MAX_VALUES", 20 * 7 + 3)
    codes[:, 110] *= 100
    answer = codings.reduced(codes)
    assert answer.latents.shape == (20, 7)
    assert 110 in answer.numbers
    assert answer.dimensions == 120


def test_codes_that_are_no_numbers_travel_to_be_refused(data):
    broken = SimpleNamespace(encoder=lambda x: x[:, :3] * np.nan)
    codes = codings.codes(broken, data, Codes(20)).codes
    with pytest.raises(ValueError, match="smaller learning rate"):
        projection.check(codes, 5)
