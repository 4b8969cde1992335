"""One server for all browser tests, and one tab for the first visitor of each."""

import itertools
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = Path(__file__).parent / "screenshots"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STREAMLITS_OWN_404 = 2
# What moves for its looks alone is painted by the processor, over and over.
WIDE = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}
SEEDS = itertools.count(1000)


def find_chromium():
    return next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )


def pytest_collection_modifyitems(items):
    if find_chromium() or os.environ.get("CI"):
        return
    skip = pytest.mark.skip(reason="no Chromium on this machine: browser tests skipped")
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(skip)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of the real app, as `make run` starts it, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    command += ["--server.address", "127.0.0.1"]
    process = subprocess.Popen([*command, "--server.port", str(port)], cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/_stcore/health")
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(url):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"nothing answers at {url}")


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    assert find_chromium(), "CI needs a Chromium: .ci/run installs Debian's"
    with sync_playwright() as playwright:
        yield playwright.chromium


@pytest.fixture(scope="session")
def browser(chromium):
    browser = chromium.launch(executable_path=find_chromium(), args=FLAGS)
    yield browser
    browser.close()


class Visitor:
    """A browser session on the app, with words for what a student does."""

    def __init__(self, page, server):
        self.page, self.server, self.errors = page, server, []
        self.page.set_default_timeout(100_000)
        self.page.on("console", self._note)
        self.page.on("pageerror", self._note)
        self.loads = 0
        self.page.on("domcontentloaded", self._count)

    def _count(self, _):
        self.loads += 1

    def _note(self, told):
        """Keeps what the browser complains of: a message of its console, or an error."""
        if getattr(told, "type", "error") == "error":
            self.errors.append(getattr(told, "text", str(told)))

    def leave(self):
        """Leaves the tab to a stranger; the server forgets this visitor."""
        self.page.remove_listener("console", self._note)
        self.page.remove_listener("pageerror", self._note)
        self.page.remove_listener("domcontentloaded", self._count)
        self.page.evaluate("localStorage.clear(), sessionStorage.clear()")
        self.page.context.clear_cookies()
        self.page.goto("about:blank")
        self.page.emulate_media(media="null", color_scheme="null", reduced_motion="reduce")
        self.page.set_viewport_size(WIDE["viewport"])
        self.page.mouse.move(0, 0)

    def open(self, path="autoencoder", prefix="stacked", **knobs):
        """A page by its link: with knobs, a run that no other test has trained before."""
        knobs = {"seed": next(SEEDS)} | knobs if knobs else {}
        query = urlencode({f"{prefix}_{name}": value for name, value in knobs.items()})
        self.page.goto(f"{self.server}/{path}?{query}")
        return self

    def until(self, condition, **options):
        """Waits for a condition in JavaScript, without a question at every frame."""
        self.page.wait_for_function(condition, polling=100, **options)

    def go_to(self, title, group=""):
        """Goes to a page by the menu in the header, which lists it under its group."""
        if group:
            self.page.get_by_test_id("stTopNavSection").get_by_text(group, exact=True).click()
            self.page.get_by_test_id("stTopNavDropdownLink").get_by_text(title, exact=True).click()
        else:
            self.page.get_by_test_id("stTopNavLink").filter(has_text=title).click()

    def metric(self, label):
        box = self.page.get_by_test_id("stMetric").filter(has_text=label)
        return box.get_by_test_id("stMetricValue").inner_text()

    def wait_for_metric(self, label, value):
        box = self.page.get_by_test_id("stMetric").filter(has_text=label)
        box.get_by_test_id("stMetricValue").get_by_text(value, exact=True).wait_for()

    def wait_for_epoch(self, count):
        self.until(
            """count => [...document.querySelectorAll('[data-testid="stMetric"]')].some(box =>
                 box.innerText.includes('Epoch') && count <=
                 Number(box.querySelector('[data-testid="stMetricValue"]').innerText))""",
            arg=count,
        )

    def stays(self, read, seconds=1.5):
        """Whether what is read is the same after two more looks of the page at its jobs."""
        self.wait_for_rest()
        before = read()
        self.page.wait_for_timeout(1000 * seconds)
        return read() == before

    def wait_for_rest(self):
        self.page.wait_for_selector("[data-test-script-state=notRunning]")

    def with_motion(self):
        """For what is about movement: others ask for rest."""
        self.page.emulate_media(reduced_motion="no-preference")
        return self

    def wait_for_text(self, text):
        self.page.get_by_text(text).first.wait_for()

    def edges(self, side, *selectors):
        """Distances of a side from the top of the page, at one moment: it is redrawn often."""
        self.until("all => all.every(one => document.querySelector(one))", arg=list(selectors))
        return self.page.evaluate(
            """([side, ...all]) => all.map(one =>
                 document.querySelector(one).getBoundingClientRect()[side] + scrollY)""",
            [side, *selectors],
        )

    def press(self, label):
        self.page.get_by_role("button", name=label).first.click()

    def choose(self, label):
        """Presses one of the buttons of a row of choices."""
        self.page.get_by_role("radio", name=label, exact=True).click()

    def preset(self, title):
        self.page.get_by_role("button", name=title, exact=True).click()

    def slide(self, label, steps):
        """Moves a slider by so many stops, with the keyboard."""
        thumb = self.page.get_by_role("slider", name=label)
        thumb.focus()
        for _ in range(abs(steps)):
            thumb.press("ArrowRight" if steps > 0 else "ArrowLeft")

    def shoot(self, name):
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")


@pytest.fixture(scope="session")
def tab(chromium, tmp_path_factory):
    """The tab of the first visitor of each test: its Chromium has a disk, for compiled scripts."""
    folder, path = tmp_path_factory.mktemp("chromium"), find_chromium()
    context = chromium.launch_persistent_context(folder, executable_path=path, args=FLAGS, **WIDE)
    yield context.new_page()
    context.close()


@pytest.fixture
def visit(request, server):
    """Makes visitors: the first as a student on a laptop, unless with options; all unknown."""
    contexts, visitors = [], []

    def make(**options):
        if contexts or options:
            browser = request.getfixturevalue("browser")
            contexts.append(browser.new_context(**WIDE | options))
            page = contexts[-1].new_page()
        else:
            contexts.append(None)
            page = request.getfixturevalue("tab")
        visitors.append(Visitor(page, server))
        return visitors[-1]

    yield make
    problems = sum(one.page.get_by_test_id("stException").count() for one in visitors)
    for visitor, context in zip(visitors, contexts, strict=True):
        context.close() if context else visitor.leave()
    assert problems == 0
    for visitor in visitors:
        own = [text for text in visitor.errors if "404" in text]
        assert [text for text in visitor.errors if "404" not in text] == []
        assert len(own) <= STREAMLITS_OWN_404 * max(3, visitor.loads)
