"""axe-core on every page in both themes, and the map by keyboard alone."""

import re
from pathlib import Path

import axe_playwright_python
import pytest

from components.course.stops import LINK, STOPS
from components.rooms import HOME, ROOMS

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRAVE = ("serious", "critical")
# Of all that is in a theme, only the colours can be other than in the first one.
ALL, COLOURS = {"type": "tag", "values": TAGS}, {"type": "rule", "values": ["color-contrast"]}
FIND = """async only => (await axe.run(document, { runOnly: only, resultTypes: ['violations'] }))
  .violations.map(({ id, impact, nodes }) => ({ id, impact, where: nodes.map(one => one.html) }))"""
THEME = "scheme => getComputedStyle(document.querySelector('.stApp')).colorScheme === scheme"
# Streamlit fades for a moment what it is drawing anew.
UNFADED = "[data-stale] { opacity: 1 !important; transition: none !important; }"
NAMELESS = """() => {
  const roots = [document], found = [];
  for (const root of roots)
    for (const one of root.querySelectorAll('*')) {
      if (one.shadowRoot) roots.push(one.shadowRoot);
      const isPicture = one.matches('img') || (root !== document && one.matches('canvas, svg'));
      const isHidden = one.closest('[aria-hidden="true"], [hidden]');
      if (isPicture && !isHidden && !one.getAttribute('alt') && !one.getAttribute('aria-label'))
        found.push(one.outerHTML.slice(0, 200));
    }
  return found;
}"""


CHAPTERS = {stop.place.story: (name, stop) for name, stop in STOPS.items()}


@pytest.mark.parametrize("room", (HOME, *ROOMS), ids=lambda room: room.story)
def test_axe_finds_nothing_grave(visit, room):
    chapter, stop = CHAPTERS.get(room.story, ("", None))
    student, page = visit(), "" if room is HOME else Path(room.path).stem
    student.page.goto(f"{student.server}/{page}?{LINK}={chapter}")
    student.page.get_by_role("heading", level=1).wait_for(state="attached")
    student.page.wait_for_selector("[data-test-script-state=notRunning]")
    if stop:
        student.page.locator(f"{stop.points_at} >> visible=true").first.wait_for()
    look_through(student.page)


def test_axe_finds_nothing_grave_in_other_parts_in_korean_and_behind_a_button(visit):
    student = visit()
    student.page.goto(f"{student.server}/course?language=ko&course_lens=glossary")
    student.page.locator(".st-key-term_pretraining .katex").first.wait_for()
    look_through(student.page)
    student.choose("한 쪽 요약")
    student.page.locator(".st-key-sheet .katex").first.wait_for()
    look_through(student.page)
    student.page.goto(
        f"{student.server}/sparsity?language=ko&sparse_dataset=digits8&sparse_num_epochs=1"
    )
    student.press("수업 링크")
    student.page.get_by_test_id("stCode").wait_for()
    look_through(student.page)


def look_through(page):
    """Both themes of a page as it stands, and the names of its pictures."""
    page.evaluate(AXE)
    page.add_style_tag(content=UNFADED)
    for scheme, only in (("dark", COLOURS), ("light", ALL)):
        page.emulate_media(color_scheme=scheme)
        assert grave(page, scheme, only) == [], scheme
    assert page.evaluate(NAMELESS) == []


def grave(page, scheme, only):
    """What axe finds in a theme."""
    page.wait_for_function(THEME, arg=scheme)
    return [one for one in page.evaluate(FIND, only) if one["impact"] in GRAVE]


def test_the_map_is_read_by_keyboard_alone(visit):
    student = visit().open("map", "map", num_points=300, dataset="digits8")
    keyboard, pad = student.page.keyboard, student.page.locator(".scatter")
    pad.locator(".tools option").first.wait_for(state="attached")
    student.wait_for_text("The map is done.")
    search = pad.get_by_role("searchbox")
    search.focus()
    keyboard.type("pe0")
    student.page.wait_for_timeout(500)
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
