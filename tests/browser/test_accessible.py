"""axe-core finds nothing grave on any page, in both themes; and the map by keyboard alone."""

import re
from pathlib import Path

from components.pages import HOME, ROOMS
from tests.browser.axe import look_through

LOOKED = re.compile(r'look_through\(\w+\.page, "(\w+)"\)')


def test_every_page_is_looked_through_by_the_test_that_visits_it_or_here(visit):
    texts = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    looked = {name for text in texts for name in LOOKED.findall(text)}
    others = [room for room in (HOME, *ROOMS) if Path(room.path).stem not in looked]
    for room in others:
        student = visit().open(room.address)
        student.page.get_by_test_id("stHeading").first.wait_for(state="attached")
        look_through(student.page, room.address)


def test_axe_finds_nothing_grave_in_korean_and_behind_a_button(visit):
    student = visit()
    student.page.goto(
        f"{student.server}/sparsity?language=ko&sparse_dataset=digits8&sparse_num_epochs=1"
    )
    student.press("수업 링크")
    student.page.get_by_test_id("stCode").wait_for()
    look_through(student.page, "lesson link")


def test_the_map_is_read_by_keyboard_alone(visit):
    student = visit().open("map", "map", num_points=300, dataset="digits8")
    keyboard, pad = student.page.keyboard, student.page.locator(".scatter")
    pad.locator(".tools option").first.wait_for(state="attached")
    student.wait_for_text("The map is done.")
    search = pad.get_by_role("searchbox")
    search.focus()
    keyboard.type("pe0")
    assert student.stays(lambda: student.page.get_by_text("The map is done.").count(), 0.5)
    assert student.page.get_by_text("The map is done.").count() == 1
    search.fill("")
    for _ in range(5):
        keyboard.press("Tab")
    points = pad.locator(".points")
    assert (
        points.evaluate("one => one.matches(':focus') && getComputedStyle(one).outlineWidth")
        == "2px"
    )

    spoken, detail = pad.locator(".spoken"), pad.locator(".detail")
    keyboard.press("ArrowRight")
    said = spoken.inner_text()
    assert re.fullmatch(r"point \d+ of 300, \d, error of the copy 0\.\d{4}", said)
    keyboard.press("ArrowDown")
    assert spoken.inner_text() != said
    keyboard.press("Enter")
    assert "with lines on the map" in detail.inner_text()
    for key in ("Escape", *["Shift+ArrowRight", "Shift+ArrowDown"] * 12, "Enter"):
        keyboard.press(key)
    count = int(re.fullmatch(r"(\d+) points selected", spoken.inner_text())[1])
    assert 0 < count < 300
    assert f"{count} points selected" in detail.inner_text()
    keyboard.press("Escape")
    keyboard.press("Escape")
    assert not points.evaluate("one => one.matches(':focus')")
