"""What a visitor waits for: a cold `streamlit run`, the first epoch, play and pause, in Chromium on
the same computer.
"""

import importlib.util
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import servers
from benchmarks.reach.table import Claim, Say, not_measured

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
NUM_STARTS = 3
TRIES_A_START = 3
WAITS = {
    "served": ("a cold start, until the page is served", 3.0),
    "first_epoch": ("from there to the first epoch on the page", 10.0),
    "play": ("from play to the first epoch of a later run", 2.0),
    "echo": ("from pause to its echo", 0.5),
    "paused": ("from pause to the word that training has stopped", 1.0),
}
HOW = (
    "Server, worker and Chromium share this computer's processors. The installation is warm, the "
    "server and its worker are new each time."
)
HAS_EPOCHS = """count => [...document.querySelectorAll('[data-testid="stMetric"]')].some(box =>
    box.innerText.includes('Epoch') &&
    count <= Number(box.querySelector('[data-testid="stMetricValue"]').innerText))"""


def measure(say: Say) -> tuple[list[Claim], str]:
    """The spread over some cold starts; nothing without Chromium or Playwright."""
    if not (path := chromium()):
        return [not_measured("what a visitor waits for", without_browser())], ""
    say(f"Start-up: {NUM_STARTS} cold starts")
    from playwright.sync_api import sync_playwright

    seconds: dict[str, list[float]] = {name: [] for name in WAITS}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for _ in range(NUM_STARTS):
            _start(browser, seconds)
        browser.close()
    return [_claim(*WAITS[name], values) for name, values in seconds.items()], HOW


def _claim(what: str, most: float, seconds: list[float]) -> Claim:
    kept = statistics.median(seconds) <= most
    return Claim(f"{what}, seconds", tuple(seconds), f"at most {most:g}", kept)


def _start(browser: Any, seconds: dict[str, list[float]]) -> None:
    with server() as (address, served):
        seconds["served"].append(served)
        started = time.perf_counter()
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(120_000)
        page.goto(f"{address}/autoencoder?stacked_num_epochs=5000&stacked_early_stopping=off")
        page.wait_for_function(HAS_EPOCHS, arg=1)
        seconds["first_epoch"].append(time.perf_counter() - started)
        for _ in range(TRIES_A_START):
            _pause_and_play(page, seconds)
        page.close()


def _pause_and_play(page: Any, seconds: dict[str, list[float]]) -> None:
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Pause").click()
    clicked = time.perf_counter()
    page.get_by_role("button", name="Play").wait_for()
    seconds["echo"].append(time.perf_counter() - clicked)
    page.get_by_text("Paused.").wait_for()
    seconds["paused"].append(time.perf_counter() - clicked)
    page.get_by_role("button", name="Reset").click()
    page.get_by_text("Untrained. Press play.").wait_for()
    page.get_by_role("button", name="Play").click()
    clicked = time.perf_counter()
    page.wait_for_function(HAS_EPOCHS, arg=1)
    seconds["play"].append(time.perf_counter() - clicked)


@contextmanager
def server() -> Iterator[tuple[str, float]]:
    """A server of its own: its address, and how long it took to answer."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as home, servers.app(Path(home)) as (port, _):
        yield f"http://127.0.0.1:{port}", time.perf_counter() - started


def without_browser() -> str:
    """What is missing where `chromium` finds nothing."""
    if importlib.util.find_spec("playwright") is None:
        return "Playwright is not installed"
    return "Chromium is not installed (on Debian: apt-get install chromium)"


def chromium() -> str | None:
    """Where Chromium is; None without it, or without Playwright."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return found if importlib.util.find_spec("playwright") else None
