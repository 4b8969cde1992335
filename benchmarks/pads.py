"""What the pointer touches: redraws a second, decoding, and the map that forms, in Chromium."""

import re
import time
from typing import Any

from benchmarks.reach.table import Claim, Say, not_measured
from benchmarks.start_up import FLAGS, chromium, server, without_browser
from core.datasets import is_at_hand

MOVES = 120
REST = 4_000
LOOK = 5.0
MOST_POINTS = 10_000
DEEP = "function all(root) { return [...root.querySelectorAll('*')].flatMap(one => [one, " \
    "...(one.shadowRoot ? all(one.shadowRoot) : [])]); }"  # fmt: skip
FIGURE = f"""([css, name]) => {{ {DEEP}
  return Number(all(document).find(one => one.matches?.(css))?.dataset[name] ?? 0); }}"""
TURNS = """([x, y, seconds]) => new Promise(done => {
  const end = performance.now() + 1000 * seconds; let count = 0;
  const canvas = [...document.querySelectorAll('*')].map(one => one.shadowRoot ?? one)
    .map(one => one.querySelector?.('.scatter .points')).find(Boolean);
  const turn = (now) => {
    const deltaY = count++ % 20 < 10 ? 40 : -40;
    canvas.dispatchEvent(new WheelEvent('wheel', { deltaY, clientX: x, clientY: y }));
    now < end ? requestAnimationFrame(turn) : done(count / seconds);
  };
  requestAnimationFrame(turn);
})"""
HOW = (
    "The server, its workers and Chromium share this computer. Redraws are those that the pads "
    "count themselves while the mouse moves; a map is smooth by the frames that the browser draws "
    "while it is zoomed."
)


def measure(say: Say) -> tuple[list[Claim], str]:
    """Draws, hovers and zooms on the pages, trained before."""
    if not (path := chromium()):
        return [not_measured("pads in a browser", without_browser())], ""
    from playwright.sync_api import sync_playwright

    say("Pads: the drawing, the latent space, the map")
    claims: list[Claim] = []
    with sync_playwright() as playwright, server() as (address, _):
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(180_000)
        for part in (_draw, _hover, _form, _zoom):
            claims += part(page, address)
        browser.close()
    return claims, HOW


def _draw(page: Any, address: str) -> list[Claim]:
    page.goto(f"{address}/denoising?denoising_num_epochs=10")
    page.get_by_text("All 10 epochs done").wait_for()
    page.wait_for_timeout(3 * REST)
    rate = _redraws(page, ".denoise", ".denoise .board", is_pressed=True)
    return [Claim("redraws of a drawing, a second", (rate,), "at least 30", rate >= 30)]


def _hover(page: Any, address: str) -> list[Claim]:
    page.goto(f"{address}/variational?variational_num_epochs=10")
    page.get_by_text("All 10 epochs done").wait_for()
    page.wait_for_timeout(REST)
    rate = _redraws(page, ".latent_map", ".latent_map .plane")
    words = page.locator(".latent_map").get_by_text("Decoded in your browser").inner_text()
    decode = float(re.findall(r"[\d.]+", words)[0])
    return [
        Claim("redraws of the latent map, a second", (rate,), "at least 50", rate >= 50),
        Claim("milliseconds a decoded image", (decode,), "at most 1", decode <= 1),
    ]


def _form(page: Any, address: str) -> list[Claim]:
    """The map of a trained network, begun again from another seed."""
    page.goto(f"{address}/map?map_num_points=2000")
    page.get_by_text("The map is done.").wait_for()
    page.wait_for_timeout(REST)
    before = _figure(page, ".scatter", "frames")
    started = time.perf_counter()
    page.get_by_role("button", name="Another seed").click()
    while _figure(page, ".scatter", "frames") == before:
        page.wait_for_timeout(20)
    first = time.perf_counter() - started
    before = _figure(page, ".scatter", "frames")
    page.wait_for_timeout(1000 * LOOK)
    rate = (_figure(page, ".scatter", "frames") - before) / LOOK
    return [
        Claim("seconds to the first picture of a map", (first,), "at most 1", first <= 1),
        Claim("pictures of a map that forms, a second", (rate,), "several", rate >= 2),
    ]


def _zoom(page: Any, address: str) -> list[Claim]:
    what = f"frames a second while {MOST_POINTS:,} points are zoomed"
    if not is_at_hand("mnist"):
        return [not_measured(what, "the full MNIST is not on this computer")]
    page.goto(f"{address}/map?map_dataset=mnist&map_space=pixels&map_num_points={MOST_POINTS}")
    page.get_by_text("iteration 100 of").or_(page.get_by_text("The islands take")).first.wait_for()
    page.get_by_role("button", name="Pause").click()
    page.wait_for_timeout(REST)
    box = page.locator(".scatter .points").bounding_box()
    middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, LOOK]
    rate = page.evaluate(TURNS, middle)
    return [Claim(what, (rate,), "at least 20", rate >= 20)]


def _redraws(page: Any, pad: str, canvas: str, *, is_pressed: bool = False) -> float:
    """Redraws a second while the mouse moves to and fro."""
    board = page.locator(canvas)
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    before = _figure(page, pad, "redraws")
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    if is_pressed:
        page.mouse.down()
    started = time.perf_counter()
    for step in range(MOVES):
        u = (step % 20) / 20
        v = (step // 20) / 6
        page.mouse.move(box["x"] + u * box["width"], box["y"] + v * box["height"])
    seconds = time.perf_counter() - started
    page.mouse.up()
    return (_figure(page, pad, "redraws") - before) / seconds


def _figure(page: Any, css: str, name: str) -> float:
    """A number that a pad counts."""
    return float(page.evaluate(FIGURE, [css, name]))
