"""The variational page in a real browser: the plane under the pointer, the way from A to B, β."""

import re

import numpy as np

from tests.browser.axe import look_through

QUICK = {
    "dataset": "digits8", "hidden_units": "32", "latent_dim": 4, "batch_size": 64, "num_epochs": 30,
    "learning_rate": 0.003, "early_stopping": "off",
}  # fmt: skip
PIXELS = """canvas => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return Array.from({ length: data.length / 4 }, (_, i) => data[4 * i + 3] / 255);
}"""


SLOWEST_REDRAW, SLOWEST_DECODE = 20, 5  # milliseconds: 50 redraws a second
MEDIAN = "(all => all.sort((a, b) => a - b)[all.length >> 1])"
REDRAWS = """Array.from({ length: 50 }, (_, i) => {
  const { plane } = bottleneckPads.variational_map_pad;
  const { left, top } = plane.getBoundingClientRect();
  const begun = performance.now(), place = { clientX: left + 5 * i, clientY: top + 4 * i };
  plane.dispatchEvent(new PointerEvent('pointermove', place));
  return performance.now() - begun;
})"""


def pixels(pad, selector):
    """The opacity of every pixel of a canvas, from 0 to 1."""
    return np.array(pad.locator(selector).evaluate(PIXELS))


def redraws(pad):
    return int(pad.get_attribute("data-redraws"))


def test_the_plane_under_the_pointer_then_the_way_from_one_digit_to_another(visit):
    student = visit().with_motion().open("variational", "variational", **QUICK)
    student.wait_for_text("All 30 epochs done")
    every_move_over_the_map_is_a_picture_and_leaving_restores_the_pinned_one(student)
    student.page.set_viewport_size({"width": 1440, "height": 900})
    student.choose("Interpolate")
    a_digit_becomes_another_one_by_hand_and_by_itself(student)


def every_move_over_the_map_is_a_picture_and_leaving_restores_the_pinned_one(student):
    pad, mouse = student.page.locator(".latent_map"), student.page.mouse
    student.page.locator('.latent_map[data-lines="20"]').wait_for()
    box = pad.locator(".plane").bounding_box()
    assert box["y"] + box["height"] < 900

    def move(u, v, **options):
        mouse.move(box["x"] + u * box["width"], box["y"] + v * box["height"], **options)

    pinned, before = pixels(pad, ".decoded"), redraws(pad)
    move(0.2, 0.2)
    move(0.8, 0.7, steps=40)
    assert redraws(pad) - before >= 40
    assert np.abs(pixels(pad, ".decoded") - pinned).max() > 0.2
    student.shoot("latent_map")
    move(-0.1, -0.05)
    assert np.array_equal(pixels(pad, ".decoded"), pinned)
    move(0.3, 0.3)
    mouse.down()
    before = redraws(pad)
    move(0.7, 0.6, steps=20)
    mouse.up()
    assert redraws(pad) - before >= 20
    dragged = pixels(pad, ".decoded")
    assert np.abs(dragged - pinned).max() > 0.1
    move(-0.1, -0.05)
    assert np.array_equal(pixels(pad, ".decoded"), dragged)
    pad.locator(".plane").press("ArrowUp")
    assert not np.array_equal(pixels(pad, ".decoded"), dragged)
    keep_pace(student.page)
    turn_the_sheet_off_and_on(pad)
    turn_the_other_latents(pad)
    come_back_on_a_phone(student, pad)


def keep_pace(page):
    assert page.evaluate(f"{MEDIAN}({REDRAWS})") < SLOWEST_REDRAW
    assert page.evaluate(f"{MEDIAN}(bottleneckPads.variational_map_pad.times)") < SLOWEST_DECODE


def turn_the_sheet_off_and_on(pad):
    sheet, seen = pad.get_by_role("button", name="Decoded plane"), []
    for is_on in ("false", "true"):
        sheet.click()
        assert sheet.get_attribute("aria-pressed") == is_on
        seen.append(pixels(pad, ".plane"))
    assert np.abs(seen[1] - seen[0]).max() > 0.2


def turn_the_other_latents(pad):
    """Four latents: two on the axes, two on sliders."""
    assert pad.locator("input[type=range]").count() == 2
    free, before = pad.locator("input[type=range]").first, pixels(pad, ".decoded")
    free.fill("3")
    assert np.abs(pixels(pad, ".decoded") - before).max() > 0.05
    number = free.get_attribute("aria-label").split()[1]
    pad.locator("select").first.select_option(label=f"z{number}")
    assert pad.get_by_role("slider", name=f"latent {number}").count() == 0
    assert pad.locator("input[type=range]").count() == 2


def come_back_on_a_phone(student, pad):
    """The pad is as it was left."""
    pinned = pixels(pad, ".decoded")
    look_inside(student)
    student.page.set_viewport_size({"width": 390, "height": 844})
    student.choose("Latent map")
    pad.locator(".decoded").wait_for()
    assert np.array_equal(pixels(pad, ".decoded"), pinned)
    assert student.page.evaluate("document.documentElement.scrollWidth") <= 390


def look_inside(student):
    """Resampling draws other codes from the same cloud; the other parts have something to say."""
    student.choose("Inside one digit")
    pad = student.page.locator(".inside")
    first = re.findall(r"-?\d+\.\d+", pad.locator("table").inner_text())
    pad.get_by_role("button", name="Resample").click()
    again = re.findall(r"-?\d+\.\d+", pad.locator("table").inner_text())
    assert first[:3] == again[:3]
    assert first[3:5] != again[3:5]
    for part, words in (
        ("Latent loss", "the batch that was trained on last"),
        ("Generate", "A copy would have 0"),
    ):
        student.choose(part)
        student.wait_for_text(words)


def a_digit_becomes_another_one_by_hand_and_by_itself(student):
    pad, mouse = student.page.locator(".walk"), student.page.mouse
    pad.locator(".film.beside:not(.waiting)").wait_for()
    student.page.get_by_text("trains at the same time").wait_for(state="detached")
    pad.get_by_role("button", name="3 → 8").click()
    scrubber, ends = pad.get_by_role("slider", name="from A to B"), []
    for at in ("0", "1"):
        scrubber.fill(at)
        ends.append(pixels(pad, ".own .large"))
    assert np.abs(ends[0] - ends[1]).max() > 0.2
    for end, frame in zip(ends, ("first", "last"), strict=True):
        assert np.allclose(end, pixels(pad, f".own .frames :{frame}-child"))
    assert pixels(pad, ".beside .large").max() > 0.2
    before = redraws(pad)
    pad.get_by_role("button", name="Play").click()
    student.page.locator(f'.walk:not([data-redraws="{before}"])').wait_for()
    pad.get_by_role("button", name="Stop").click()
    board = pad.locator(".board").bounding_box()
    mouse.move(board["x"] + 60, board["y"] + 20)
    mouse.down()
    mouse.move(board["x"] + 70, board["y"] + 130, steps=6)
    mouse.up()
    scrubber.fill("0")
    assert np.abs(pixels(pad, ".own .large") - ends[0]).max() > 0.1
    scrubber.fill("0.5")
    straight = pixels(pad, ".own .large")
    pad.get_by_role("button", name="Spherical").click()
    assert not np.array_equal(pixels(pad, ".own .large"), straight)
    student.shoot("interpolation")


def test_a_large_beta_collapses_the_running_model_and_the_page_says_so(visit):
    student = visit().open(
        "variational", "variational", **QUICK | {"num_epochs": 5000, "lens": "terms"}
    )
    student.wait_for_epoch(20)
    warning = student.page.get_by_text("Posterior collapse")
    assert warning.count() == 0
    student.slide("β", 5)
    warning.wait_for()
    student.press("Pause")
    student.wait_for_text("Paused.")
    assert student.metric("Active latents") == "0 of 4"
    look_through(student.page, "variational")
