"""axe-core on a page as a test has left it."""

from pathlib import Path

import axe_playwright_python

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


def look_through(page, name):
    """Both themes of a page as it stands, and the names of its pictures.

    Args:
        name: The page, as in its address, or what else is on the screen.
    """
    page.wait_for_selector("[data-test-script-state=notRunning]")
    page.evaluate(AXE)
    page.add_style_tag(content=UNFADED)
    for scheme, only in (("dark", COLOURS), ("light", ALL)):
        page.emulate_media(color_scheme=scheme)
        found = grave(page, scheme, only)
        assert found == [], (name, scheme, found)
    assert page.evaluate(NAMELESS) == [], name


def grave(page, scheme, only):
    """What axe finds in a theme."""
    page.wait_for_function(THEME, arg=scheme, polling=50)
    return [one for one in page.evaluate(FIND, only) if one["impact"] in GRAVE]
