"""The map in a real browser: it forms, answers to the pointer, and takes a drawn digit in."""

import math
import re

from tests.browser.axe import look_through

COUNT, LAST = 500, 1000
QUICK = {"num_points": COUNT}
SMALL = {"num_points": 200, "dataset": "digits8", "space": "pixels"}
CAPTION = f"codings of {COUNT:,} test images"
PADS = """[...document.querySelectorAll('*')].flatMap(one =>
  [...(one.shadowRoot ?? one).querySelectorAll?.('.scatter, .maps') ?? []])"""
FRAMES = f"Math.max(0, ...{PADS}.map(pad => Number(pad.dataset.frames ?? 0)))"
MAPS = f"Math.max(0, ...{PADS}.map(pad => Number(pad.dataset.maps ?? 0)))"


PAD = f"""(root => {{ while (!root.pad) root = root.parentNode; return root.pad; }})(
  {PADS}.find(one => one.matches('.scatter')))"""
AROUND_THE_STAR = f"""(({{ cloud: {{ to }}, labels, known, data: {{ placed }} }}) => {{
  const far = (i) => Math.hypot(to[2 * i] - placed.position[0], to[2 * i + 1] - placed.position[1]);
  const rows = Array.from(labels.keys()).sort((i, j) => far(i) - far(j));
  return rows.slice(0, 10).map(i => known.names[labels[i]]);
}})({PAD})"""


def detail(student):
    return student.page.locator(".scatter .detail").inner_text()


def open_map(visit, **knobs):
    student = visit().with_motion().open("map", "map", **(QUICK | knobs))
    student.page.locator(".scatter .points").wait_for()
    return student


def hover(student):
    """Moves over the map until a point answers; returns where."""
    box = student.page.locator(".scatter .points").bounding_box()
    for step in range(400):
        u, v = 0.1 + 0.8 * (step % 40) / 40, 0.3 + 0.4 * (step // 40) / 10
        place = (box["x"] + u * box["width"], box["y"] + v * box["height"])
        student.page.mouse.move(*place)
        if student.page.locator(".scatter .pair canvas").count():
            return place
    raise AssertionError("no point answers to the pointer")


def iteration(student):
    """At which iteration the map is that is on the screen."""
    return int(re.search(r"iteration (\d+)", student.page.get_by_text(CAPTION).inner_text())[1])


def test_frames_arrive_and_the_pointer_is_answered(visit):
    student = open_map(visit)
    student.until(f"{FRAMES} >= 3")
    student.press("Pause")
    student.wait_for_text("Paused.")
    paused = iteration(student)
    assert paused < LAST
    student.press("Play")
    student.wait_for_text("The map is done.")
    student.page.get_by_text(f"· iteration {LAST}").wait_for()
    assert f"{CAPTION}, 5,000 digits" in student.page.get_by_text(CAPTION).inner_text()
    assert "seed 10" in student.page.get_by_text(CAPTION).inner_text()

    colour_and_search(student)
    place = hover(student)
    pictures = student.page.locator(".scatter .pair canvas")
    assert pictures.count() == 2
    for number in (0, 1):
        inked = pictures.nth(number).evaluate(
            """canvas => { const { data } = canvas.getContext('2d').getImageData(0, 0, 28, 28);
                 return data.filter((value, i) => i % 4 === 3 && value > 60).length; }"""
        )
        assert 20 < inked < 500
    student.page.mouse.click(*place)
    assert "with lines on the map" in detail(student)
    assert student.page.locator(".scatter .tiles button").count() == 10
    student.shoot("map")

    lasso(student)
    count = int(re.match(r"(\d+) points selected", detail(student))[1])
    counted = [int(number) for number in re.findall(r"^\d: (\d+)$", detail(student), re.M)]
    assert 0 < count < COUNT
    assert sum(counted) == count
    assert student.page.locator(".scatter .tiles button").count() == min(count, 60)
    downloads(student)


def colour_and_search(student):
    """Every latent is a colour with a ramp, a class is found by its name."""
    menu, shown = student.page.get_by_label("Colour by"), student.page.locator(".scatter .detail")
    assert menu.locator("option").count() == 2 + 30
    for by in ("error of the copy", "latent 30"):
        menu.select_option(by)
        shown.locator(".ramp").wait_for()
        assert shown.locator("li").count() == 0
    menu.select_option("class")
    assert shown.locator("li").count() == 10
    search = student.page.get_by_label("Search by class or word")
    search.fill("7")
    search.press("Enter")
    assert re.findall(r"^\d: ", detail(student), re.M) == ["7: "]
    search.fill("")
    student.page.locator(".scatter .points").press("Escape")


def lasso(student):
    box = student.page.locator(".scatter .points").bounding_box()
    student.page.get_by_role("button", name="Lasso").click()
    corners = [(0.2, 0.2), (0.6, 0.2), (0.6, 0.7), (0.2, 0.7)]
    places = [(box["x"] + u * box["width"], box["y"] + v * box["height"]) for u, v in corners]
    student.page.mouse.move(*places[0])
    student.page.mouse.down()
    for place in places[1:]:
        student.page.mouse.move(*place, steps=4)
    student.page.mouse.up()


def downloads(student):
    with student.page.expect_download() as table:
        student.page.get_by_role("button", name="CSV").click()
    lines = table.value.path().read_text().splitlines()
    assert lines[0] == 'row,"t-SNE 1","t-SNE 2",what'
    assert len(lines) == COUNT + 1
    with student.page.expect_download() as picture:
        student.page.get_by_role("button", name="PNG").click()
    assert picture.value.path().read_bytes()[:4] == b"\x89PNG"


def test_a_drawn_digit_lands_among_its_own_and_nine_maps_tell_the_truth(visit):
    student = open_map(visit, num_points=300, seed=1)
    student.wait_for_text("The map is done.")
    board = student.page.locator(".me .board")
    board.scroll_into_view_if_needed()
    box = board.bounding_box()

    def at(turn):
        u, v = 0.5 + 0.25 * math.sin(turn), 0.5 - 0.35 * math.cos(turn)
        return box["x"] + u * box["width"], box["y"] + v * box["height"]

    student.page.mouse.move(*at(0))
    student.page.mouse.down()
    for step in range(1, 41):
        student.page.mouse.move(*at(2 * math.pi * step / 40))
    student.page.mouse.up()
    student.wait_for_text("Your ten nearest")
    said = student.page.get_by_text("Your ten nearest").inner_text()
    zeros = re.search(r"(\d+) 0[,.]", said)
    assert zeros, said
    assert int(zeros[1]) >= 6
    student.until(f"{PAD}.data.placed")
    assert student.page.evaluate(AROUND_THE_STAR).count("0") >= 6

    position = student.page.evaluate(f"{PAD}.data.placed.position")
    student.page.mouse.down()
    student.page.mouse.move(*at(math.pi), steps=8)
    student.page.mouse.up()
    student.until(f"at => {PAD}.data.placed.position[0] !== at", arg=position[0])
    student.page.locator(".me").get_by_role("button", name="Clear").click()
    student.until(f"!{PAD}.data.placed")
    student.wait_for_text("You will be the star on the map")
    look_through(student.page, "map")
    student.choose("Honesty")
    student.wait_for_text("two islands of one size")
    student.press("Make all 9 maps")
    student.until(f"{MAPS} === 9")
    student.shoot("nine_maps")
    student.press("Stop")


def test_a_perplexity_too_large_is_a_sentence(visit):
    student = visit().open("map", "map", **SMALL, perplexity=200)
    student.wait_for_text("the perplexity may be 1 to 66; received 200")
