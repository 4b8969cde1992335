"""The choice of languages stands over the header of every page, and over nothing in it."""

import pytest

WIDTHS = (390, 768, 1024, 1150, 1200, 1250, 1300, 1440, 1920)
SWITCH = ".st-key-language"
COVERED = """switch_ => {
  const of = (element) => element.getBoundingClientRect();
  const own = of(document.querySelector(switch_));
  return [...document.querySelectorAll('[data-testid="stHeader"] :is(a, button)')]
    .filter((each) => of(each).width > 0 && getComputedStyle(each).visibility !== 'hidden')
    .filter((each) => of(each).right > own.left && of(each).left < own.right
      && of(each).bottom > own.top && of(each).top < own.bottom)
    .map((each) => each.innerText);
}"""
# Nothing in the header, nor in the menu of a phone, has moved for a while.
SETTLED = """() => new Promise((done) => {
  const where = () => JSON.stringify([...document.querySelectorAll(
    '[data-testid="stHeader"] *, [data-testid="stSidebar"], .st-key-language')]
    .map((each) => each.getBoundingClientRect()));
  let before = where(), since = performance.now();
  const look = (now) => {
    const seen = where();
    if (seen !== before) [before, since] = [seen, now];
    now - since > 100 ? done() : requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""
ON_TOP_AT = """([x, y]) => {
  const found = document.elementFromPoint(x, y);
  return found.closest('button')?.contains(found) && !found.closest('.st-key-language');
}"""


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_language_switch_covers_nothing_at_any_width(visit, language):
    student = visit()
    page = student.page
    page.set_viewport_size({"width": WIDTHS[0], "height": 844})
    page.goto(f"{student.server}/board?language={language}")
    page.locator(SWITCH).wait_for()
    page.get_by_test_id("stExpandSidebarButton").click()
    close = page.get_by_test_id("stSidebarHeader").get_by_role("button")
    close.wait_for()
    page.evaluate(SETTLED)
    box = close.bounding_box()
    middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    assert page.evaluate(ON_TOP_AT, middle), "the button that closes the menu of a phone"
    close.click()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        page.evaluate(SETTLED)
        box = page.locator(SWITCH).bounding_box()
        assert page.evaluate(COVERED, SWITCH) == [], width
        assert box["x"] >= 0, width
        assert box["x"] + box["width"] <= width, width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if width >= 1024:
            assert page.get_by_test_id("stTopNavLink").count() > 0, "the menu is in the header"
