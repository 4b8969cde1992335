"""The denoising page in a real browser: digits are ruined, come back, and every mark moves."""

import re

import numpy as np

from tests.browser.axe import look_through

QUICK = {"latent_dim": 50, "hidden_units": "none", "num_epochs": 4, "early_stopping": "off"}
TOY = QUICK | {"dataset": "digits8", "num_epochs": 2, "batch_size": 128}
MARK = """name => [...document.querySelectorAll('.marks span')]
    .find(span => span.innerText === name)?.nextElementSibling.nextElementSibling.innerText"""


def mark(student, name):
    """The decibels that the table gives."""
    student.until(f"name => /^\\d/.test(({MARK})(name) ?? '')", arg=name)
    return float(student.page.evaluate(MARK, name))


def rows(student):
    """What the rows of the strip are."""
    return student.page.evaluate(
        "[...document.querySelector('.strip').querySelectorAll('span')].map(s => s.innerText)"
    )


PIXELS = """name => {
  const canvas = document.querySelector('.st-key-denoising_pad canvas.' + name) ??
    [...document.querySelectorAll('*')].map(one => one.shadowRoot?.querySelector('canvas.' + name))
      .find(Boolean);
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return Array.from({ length: data.length / 4 }, (_, i) => data[4 * i + 3] / 255);
}"""


def pixels(student, name):
    return np.array(student.page.evaluate(PIXELS, name))


def places(student, *points):
    """Points of the board, from 0 to 1, on the screen."""
    board = student.page.locator(".denoise .board")
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    return [(box["x"] + u * box["width"], box["y"] + v * box["height"]) for u, v in points]


def draw(student, *points):
    first, *others = places(student, *points)
    student.page.mouse.move(*first)
    student.page.mouse.down()
    for place in others:
        student.page.mouse.move(*place, steps=8)
    student.page.mouse.up()


def difference(student):
    """By how much a pixel of the browser and one of Keras differ at most."""
    student.until("document.body.innerText.includes('largest difference')")
    text = student.page.get_by_text("largest difference").inner_text()
    return float(re.search(r"pixel ([0-9.e-]+[0-9])", text)[1])


def test_digits_drawn_ones_too_are_ruined_and_come_back(visit):
    student = visit().open("denoising", "denoising", **QUICK)
    student.wait_for_text("All 4 epochs done")
    a_drawn_digit_is_ruined_and_restored_while_the_pen_moves(student)
    digits_are_ruined_and_come_back(student)
    look_through(student.page, "denoising")


def a_drawn_digit_is_ruined_and_restored_while_the_pen_moves(student):
    student.page.locator(".denoise .board").wait_for()
    assert pixels(student, "seen").max() == 0
    pad = student.page.locator(".denoise")
    before = int(pad.get_attribute("data-redraws"))
    draw(student, (0.3, 0.1), (0.5, 0.1), (0.4, 0.8))
    assert int(pad.get_attribute("data-redraws")) >= before + 5
    assert difference(student) < 1e-4
    seen, ruined, restored = (pixels(student, name) for name in ("seen", "ruined", "restored"))
    assert seen.max() > 0.9
    assert np.mean((ruined - seen) ** 2) > 2 * np.mean((restored - seen) ** 2)
    pad.get_by_role("button", name="Centre").click()
    assert np.abs(pixels(student, "seen") - seen).max() > 0.5
    pad.get_by_role("button", name="Centre").click()
    draw(student, (0.1, 0.5), (0.9, 0.5))
    assert np.abs(pixels(student, "seen") - seen).max() > 0.5
    pad.get_by_role("button", name="Undo").click()
    assert np.allclose(pixels(student, "seen"), seen, atol=0.02)
    pad.get_by_role("button", name="Eraser").click()
    draw(student, (0.3, 0.1), (0.5, 0.1))
    assert pixels(student, "seen").sum() != seen.sum()
    pad.get_by_role("button", name="Eraser").click()
    pad.get_by_role("button", name="Clear").click()
    assert pixels(student, "seen").max() == 0
    pad.get_by_role("button", name="Undo").click()
    assert pixels(student, "seen").max() > 0.5
    student.choose("Loss")
    student.wait_for_text("clean input, test")
    student.choose("Draw")
    pad.locator(".board").wait_for()
    assert pixels(student, "seen").max() > 0.5
    for strokes in ([(0.5, 0.5)], [(0.1 + 0.8 * (i % 2), 0.1 + 0.08 * i) for i in range(11)]):
        pad.get_by_role("button", name="Clear").click()
        draw(student, *strokes)
        assert pixels(student, "seen").max() > 0.9
        assert difference(student) < 1e-4
    pad.get_by_role("button", name="test image 8").click()
    assert difference(student) < 1e-4
    student.shoot("drawn")


def digits_are_ruined_and_come_back(student):
    least = mark(student, "doing nothing") + 2
    student.until(f"least => ({MARK})('this network') > least", arg=least)
    assert mark(student, "linear (ridge)") > mark(student, "median filter")
    mark(student, "never saw noise")
    assert rows(student) == ["test image", "gaussian 0.4", "restored", "never saw noise"]
    for bottom in student.edges("bottom", ".strip", ".marks", ".st-key-denoising_lens"):
        assert bottom < 700
    before = mark(student, "doing nothing")
    student.choose("salt and pepper")
    student.until("document.body.innerText.includes('salt and pepper 0.25')")
    student.until(f"before => ({MARK})('doing nothing') != before", arg=before)
    student.choose("no noise")
    student.until(f"() => ({MARK})('doing nothing') === '∞'")
    student.choose("as in training")
    for part, words in (
        ("Filters", "Trained with gaussian 0.4"),
        ("Gallery", "Test images"),
        ("Kinds of noise", "every pixel is moved"),
    ):
        student.choose(part)
        student.wait_for_text(words)
    student.shoot("denoising")


def test_the_level_acts_on_the_running_model_and_each_run_has_its_row(visit):
    student = visit().open("denoising", "denoising", **TOY)
    student.wait_for_text("All 2 epochs done")
    student.slide("Noise level σ", 2)
    student.until("location.search.includes('corruption_stddev%3A0.7')")
    student.until(
        "[...document.querySelectorAll('.strip span')].some(s => s.innerText === 'gaussian 0.7')"
    )
    assert rows(student)[1] == "gaussian 0.7"
    student.choose("Noise × noise")
    student.press("Train the missing rows")
    cells = "document.querySelectorAll('.heatmap-label').length"
    student.until(f"{cells} >= 8 * 8")
    student.shoot("noise_by_noise")
