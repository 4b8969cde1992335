"""What runs in the browser, alone: networks, drawings and noise beside their likes in Python."""

import json

import numpy as np
import pytest
import tensorflow as tf

from components import pads
from core.configs import StackedConfig, layer_activations
from core.engine.draws import corrupt
from core.queries.autoencoder import VIEWS
from core.queries.questions import Decoder
from core.training import init_state, load_model

FORWARD = """({ layers, rows }) => {
  const all = unpackLayers(layers), z = unpack(rows);
  return Array.from({ length: z.shape[0] }, (_, i) => Array.from(forward(all, row(z, i).values)));
}"""


@pytest.fixture(scope="module")
def page(browser):
    page = alone(browser, "dense", "keys", "digit", "corrupt", "walk")
    yield page
    page.close()


def alone(browser, *names):
    """A page on which the last of these scripts, if it is a pad, is a function `pad`."""
    page = browser.new_page()
    for name in names:
        text = (pads.FOLDER / f"{name}.js").read_text()
        page.add_script_tag(content=text.replace("export default function", "function pad"))
    return page


class Digits:
    """Test images for the view of a decoder."""

    x_test = np.random.default_rng(0).random((10, 20)).astype(np.float32)
    y_test, class_names = None, ()


@pytest.mark.parametrize("activation", ["relu", "selu", "tanh", "sigmoid", "linear"])
def test_the_browser_decodes_as_keras_does(page, activation):
    config = StackedConfig(hidden_units=(30,), latent_dim=6, activation=activation)
    model = load_model(config, 20, init_state(config, 20, 1))
    view = VIEWS[Decoder](model, Digits())
    layers = pads.pack_layers(view.layers, layer_activations(config)[2:])
    rows = pads.pack(4 * view.z)
    decoded = page.evaluate(FORWARD, json.loads(json.dumps({"layers": layers, "rows": rows})))
    assert np.abs(np.array(decoded) - np.asarray(model.decoder(4 * view.z))).max() < 1e-4


def test_what_need_not_be_exact_travels_as_half_floats(page):
    values = np.array([[0.0, 1.0, -2.5, 65504.0], [6e-8, -6.1e-5, 0.3333, 1e-3]])
    packed = pads.pack(values, exact=False)
    assert packed["dtype"] == "float16"
    read = page.evaluate("packed => Array.from(unpack(packed).values)", packed)
    assert np.array_equal(np.array(read).reshape(2, 4), values.astype(np.float16))


DRAWN = """({ strokes, side, isCentred }) => {
  const board = new Board(document.createElement('canvas'), '#000000', () => {});
  board.strokes = strokes.map((points) => ({ erases: false, points }));
  board.paint();
  return Array.from(board.image(side, isCentred));
}"""


def drawn(page, *strokes, side=28, centred=True):
    found = page.evaluate(DRAWN, {"strokes": strokes, "side": side, "isCentred": centred})
    return np.array(found).reshape(side, side)


def box(image):
    rows, columns = np.nonzero(image > 0.2)
    return rows.max() - rows.min() + 1, columns.max() - columns.min() + 1


@pytest.mark.parametrize("stroke", [[[20, 30], [20, 130]], [[90, 20], [150, 60], [100, 70]]])
def test_a_drawing_is_scaled_and_centred_as_mnist_is(page, stroke):
    image = drawn(page, stroke)
    places = np.arange(28) + 0.5
    middle = [(image.sum(axis) * places).sum() / image.sum() for axis in (0, 1)]
    assert np.allclose(middle, 14, atol=0.5)
    assert 18 <= max(box(image)) <= 21
    raw = drawn(page, stroke, centred=False)
    off = [(raw.sum(axis) * places).sum() / raw.sum() for axis in (0, 1)]
    assert np.abs(np.array(off) - 14).max() > 2


def test_an_empty_board_a_full_one_and_a_dot_are_images(page):
    assert drawn(page).max() == 0
    rows = [[[0, y], [168, y]] for y in range(0, 168, 6)]
    full = drawn(page, *rows)
    assert full[8:20, 8:20].min() > 0.9
    assert full[:2].max() < 0.1
    dot = drawn(page, [[30, 30]])
    assert dot.max() > 0.9
    assert max(box(dot)) < 9
    assert drawn(page, [[30, 30], [100, 100]], side=8).max() > 0.3


def test_a_drawing_may_go_off_the_board(page):
    image = drawn(page, [[-500, 80], [700, 90]])
    assert np.isfinite(image).all()
    assert 0 <= image.min() <= image.max() <= 1


@pytest.mark.parametrize(
    ("kind", "level"),
    [("gaussian", 0.4), ("masking", 0.3), ("dropout", 0.3), ("salt_and_pepper", 0.25)],
)
def test_the_browser_corrupts_as_the_training_does(page, kind, level):
    x = np.repeat(np.float32([0.0, 0.4, 1.0]), 4000)
    found = page.evaluate(
        "([x, kind, level]) => Array.from(corrupt(Float32Array.from(x), kind, level, 3))",
        [x.tolist(), kind, level],
    )
    corrupted = np.array(found).reshape(3, -1)
    expected = corrupt(tf.constant(x[None]), kind, level, tf.constant([1, 2])).numpy()
    expected = expected.reshape(3, -1)
    assert np.allclose(corrupted.mean(axis=1), expected.mean(axis=1), atol=0.03)
    assert np.allclose(corrupted.std(axis=1), expected.std(axis=1), atol=0.03)
    assert np.allclose(corrupted.max(axis=1), expected.max(axis=1), atol=1e-6)


def test_axes_stay_until_a_latent_falls_silent(browser):
    page = alone(browser, "dense", "keys", "latent_map")
    axes = """([axes, told]) => axesOf({ axes, told, size: told.length,
      order: [...told.keys()].sort((a, b) => told[b] - told[a]) })"""
    for before, told, expected in (
        ([], [1, 5, 0, 7], [1, 3]),
        ([1, 3], [4, 3, 0, 9], [1, 3]),
        ([1, 3], [4, 1, 0, 9], [0, 3]),
        ([], [2], [0]),
    ):
        assert page.evaluate(axes, [before, told]) == expected
    page.close()


def test_a_pad_comes_back_as_it_was_left(page):
    found = page.evaluate(
        """() => {
          const stand = () => element('div', {}, element('div', { class: 'some' }));
          const start = (root) => ({ root });
          const mount = (parent, translations) => recall(parent, 'some', { translations }, start);
          const [first, second, third] = [stand(), stand(), stand()], pad = mount(first, {});
          pad.pinned = 3;
          return [mount(first, {}) === pad, mount(second, {}).pinned,
            second.firstChild === pad.root, mount(third, { Play: '재생' }).pinned === undefined];
        }"""
    )
    assert found == [True, 3, True, True]


FILM = """([first, last]) => {
  const parent = element('div', {}, element('div', { class: 'maps' }));
  document.body.append(parent);
  const colours = { classes: ['#000000'], reconstruction: '#000000', limit: '#000000' };
  const maps = [first, last].map((positions, i) => ({ title: `epoch ${i}`, words: '', positions }));
  const data = { maps, labels: null, columns: 2, film: true, axes: ['', ''], alt: '', colours };
  pad({ parentElement: parent, data: { ...data, translations: {} } });
}"""


def test_the_film_of_the_training_glides_from_its_first_map_to_its_last(browser):
    page = alone(browser, "dense", "keys", "maps")
    page.evaluate(FILM, [pads.pack(at * np.eye(2)) for at in (1, 5)])
    screen, slider = page.locator(".screen"), page.get_by_role("slider")
    first = screen.evaluate("canvas => canvas.toDataURL()")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelector('.film input').value === '1'")
    assert page.locator(".film b").inner_text() == "epoch 1"
    assert screen.evaluate("canvas => canvas.toDataURL()") != first
    slider.fill("0")
    assert screen.evaluate("canvas => canvas.toDataURL()") == first
    page.close()


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_a_way_is_a_line_or_an_arc(page, share):
    a, b = np.array([3.0, 0, 0]), np.array([0, 2.0, 0])
    line, arc = (
        np.array(page.evaluate("way => between(...way)", [a.tolist(), b.tolist(), share, kind]))
        for kind in (False, True)
    )
    assert np.allclose(line, (1 - share) * a + share * b)
    angle = share * np.pi / 2
    assert np.allclose(arc, np.cos(angle) * a + np.sin(angle) * b)


def test_an_arc_between_a_code_and_itself_or_nothing_is_a_line(page):
    for b in ([3, 4], [0, 0], [-3, -4]):
        found = page.evaluate("way => between(...way)", [[3, 4], b, 0.5, True])
        assert np.allclose(found, (np.array([3, 4]) + b) / 2)


def test_the_plane_of_a_way_holds_it_and_the_main_direction_of_the_rest(page):
    rng = np.random.default_rng(0)
    codes = rng.normal(size=(300, 4)) * [1, 5, 1, 1] + [0, 0, 9, 0]
    dots = {"values": codes.astype(np.float32).ravel().tolist(), "shape": [300, 4]}
    found = page.evaluate(
        """([{ values, shape }, ends]) => {
          const { across, up } = findPlane({ values: Float32Array.from(values), shape }, ends);
          return [Array.from(across), Array.from(up)];
        }""",
        [dots, [[1, 0, 9, 0], [3, 0, 9, 0]]],
    )
    assert np.allclose(found[0], [1, 0, 0, 0], atol=1e-6)
    assert np.abs(found[1]) == pytest.approx(np.array([0, 1, 0, 0]), abs=0.05)
