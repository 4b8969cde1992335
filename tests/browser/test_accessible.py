"""axe-core on every page in both themes, and the map by keyboard alone."""

import re
from pathlib import Path

import axe_playwright_python
import pytest

from components.rooms import HOME, ROOMS

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRAVE = ("serious", "critical")
# Of all that is in a theme, only the colours can be other than in the first one.
ALL, COLOURS = {"type": "tag", "values": TAGS}, {"type": "rule", "values": ["color-contrast"]}
FIND = """async only => (await axe.run(document, { runOnly: only, resultTypes: ['violations'] }))
  .violations.map(({ id, impact, nodes }) => ({ id, impact, where: nodes.map(one => one.html) }))"""
THEME = "scheme => getComputedStyle(document.querySelector('.stApp')).colorScheme === scheme"
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


@pytest.mark.parametrize("room", (HOME, *ROOMS), ids=lambda room: room.story)
def test_axe_finds_nothing_grave(visit, room):
    student = visit().open("" if room is HOME else Path(room.path).stem)
    student.page.get_by_role("heading", level=1).wait_for(state="attached")
    student.page.wait_for_selector("[data-test-script-state=notRunning]")
    student.page.evaluate(AXE)
    for scheme, only in (("dark", COLOURS), ("light", ALL)):
        student.page.emulate_media(color_scheme=scheme)
        assert grave(student.page, scheme, only) == [], scheme
    assert student.page.evaluate(NAMELESS) == []


def grave(page, scheme, only):
    """What axe finds in a theme again and again: what is being redrawn is faded for a moment."""
    page.wait_for_function(THEME, arg=scheme)
    for _ in range(6):
        found = [one for one in page.evaluate(FIND, only) if one["impact"] in GRAVE]
        if not found:
            break
        page.wait_for_timeout(300)
    return found


def test_the_map_is_read_by_keyboard_alone(visit):
    student = visit().open("map", "map", num_points=300)
    keyboard, pad = student.page.keyboard, student.page.locator(".scatter")
    pad.locator(".tools option").first.wait_for(state="attached")
    search = pad.get_by_role("searchbox")
    search.focus()
    keyboard.type("pe0")
    student.page.get_by_role("button", name="Pause").wait_for()
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
