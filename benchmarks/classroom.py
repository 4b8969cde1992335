"""A class on one server: thirty students open pages, train, turn knobs, type and leave.

    python benchmarks/classroom.py [--students 30] [--rounds 10] [--browsers 3]

The students speak Streamlit's protocol (`benchmarks/student.py`); some real browsers join them
where there is a Chromium. Before the class a teacher shows every page, a minute at most. In the
middle round a worker is killed. Everything shares this computer, the students too.
"""

import argparse
import asyncio
import contextlib
import itertools
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.start_up import BROWSERS, FLAGS, free_port, wait_for  # noqa: E402
from benchmarks.student import Student  # noqa: E402

PATIENCE = 60.0
ARRIVAL, THOUGHT = 5.0, (1.0, 3.0)
SECONDS_TO_KILL = 8.0
AT_ONCE, MIN_AT_ONCE = 1.0, 0.95
JUDGED = ("open", "knob", "word", "pause", "reload")
WORDS = ("bottleneck", "zürich", "jyväskylä", "quick", "exactly", "wrzesień")
LOG_SIGNS = ("Traceback", "A page failed", "A job failed", "Uncaught")


class Room(NamedTuple):
    """A page, a link to it that holds nothing but defaults, a live knob, and a box to type in."""

    page: str
    query: str
    knob: str
    box: str = ""


ROOMS = (
    Room("autoencoder", "stacked_latent_dim=30", "stacked_learning_rate"),
    Room("sparsity", "sparse_dataset=mnist5k", "sparse_l1"),
    Room("denoising", "denoising_corruption_stddev=0.4", "denoising_corruption_stddev"),
    Room("variational", "variational_beta=1", "variational_beta"),
    Room("characters", "character_dataset=language", "character_learning_rate", "_text_language"),
)


class Usage(NamedTuple):
    """At the end of a round: megabytes of the server and of its workers, and how many processors
    the server, its workers and the students have used in it (too little where a worker was killed).
    """

    server_mb: float
    workers_mb: float
    server: float
    workers: float
    students: float


class Lesson:
    """What was seen in the class so far.

    Attributes:
        answers: Seconds by kind of interaction, each with its round.
        rounds: One a round.
        lost: Sentences about runs that came to no end, or to no epoch.
    """

    def __init__(self, num_students: int, num_rounds: int) -> None:
        self.num_students, self.num_rounds = num_students, num_rounds
        self.answers: dict[str, list[tuple[int, float]]] = {}
        self.rounds: list[Usage] = []
        self.errors: list[str] = []
        self.lost: list[str] = []
        self.replays = self.visits = 0

    @property
    def round_of_loss(self) -> int:
        """The round in which a worker is killed."""
        return self.num_rounds // 2

    def seconds(self, kind: str, *, worker_lost: bool = False) -> list[float]:
        """The answers to a kind of interaction, in the rounds with or without all workers."""
        return [
            seconds
            for number, seconds in self.answers.get(kind, [])
            if (number == self.round_of_loss) == worker_lost
        ]


def measure(
    say: Callable[[str], None], num_students: int = 30, num_rounds: int = 10, num_browsers: int = 3
) -> Lesson:
    """Starts a server, and holds the class."""
    say(f"Classroom: {num_students} students, {num_rounds} rounds, {num_browsers} browsers")
    lesson = Lesson(num_students, num_rounds)
    with tempfile.TemporaryDirectory() as home, _server(Path(home)) as (port, server):
        asyncio.run(_hold(lesson, port, server, num_browsers, say))
        log = (Path(home) / "log").read_text(encoding="utf-8", errors="replace").splitlines()
    lesson.errors += [f"In the log: {line[:200]}" for line in log if line.startswith(LOG_SIGNS)]
    for line in summary(lesson):
        say(f"  {line}")
    return lesson


def summary(lesson: Lesson) -> list[str]:
    """Lines for the terminal."""
    lines = []
    for row in rows(lesson):
        lines.append(f"{row[0]:36} {'  '.join(row[1:])}")
    lines.append(f"replays {lesson.replays} of {lesson.visits}")
    lines += [*lesson.errors, *lesson.lost]
    return [*lines, f"errors {len(lesson.errors)}, lost runs {len(lesson.lost)}"]


def markdown(lesson: Lesson) -> str:
    """The section of the report."""
    memory = [f"{usage.server_mb:.0f} + {usage.workers_mb:.0f}" for usage in lesson.rounds]
    head = [("", "how many", "median, s", "95 %, s", "within 1 s"), ("---", *["---:"] * 4)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in (*head, *rows(lesson)))
    problems = "".join(f"\n- {sentence}" for sentence in (*lesson.errors, *lesson.lost))
    return (
        f"{lesson.num_students} students, {lesson.num_rounds} rounds; in round "
        f"{lesson.round_of_loss + 1} a worker is killed. Answered is what shows: the title of the "
        "page, the first thing that a knob changes, the typed word letter by letter, Play where "
        "Pause was. The students share the processors with the server.\n\n"
        f"{table}\n\nErrors: {len(lesson.errors)}. Lost runs: {len(lesson.lost)}. Replayed: "
        f"{lesson.replays} of {lesson.visits} default runs. Megabytes of the server + its workers "
        f"after each round: {', '.join(memory)}.{problems}"
    )


def promises(lesson: Lesson) -> list[tuple[str, str, str, bool]]:
    """What is promised to a class, the bound, what was measured, and whether it holds."""
    seconds = [s for kind in JUDGED for s in lesson.seconds(kind)]
    share, failures = share_at_once(seconds), len(lesson.errors) + len(lesson.lost)
    return [
        ("a class: answered within 1 s, all workers alive", f"at least {MIN_AT_ONCE:.0%}",
         f"{share:.1%}", share >= MIN_AT_ONCE),
        ("a class: errors and lost runs", "none", str(failures), not failures),
        ("a class: default runs that are replayed", "all",
         f"{lesson.replays} of {lesson.visits}", lesson.replays == lesson.visits),
    ]  # fmt: skip


def rows(lesson: Lesson) -> list[tuple[str, ...]]:
    """By kind: how many, the median, the 95th percentile, the share within a second."""
    found = []
    for kind, worker_lost in itertools.product(lesson.answers, (False, True)):
        seconds = lesson.seconds(kind, worker_lost=worker_lost)
        if seconds:
            middle, late = statistics.median(seconds), quantile(seconds, 0.95)
            numbers = f"{middle:.2f}", f"{late:.2f}", f"{share_at_once(seconds):.1%}"
            name = kind + (", a worker killed" if worker_lost else "")
            found.append((name, str(len(seconds)), *numbers))
    return found


def share_at_once(seconds: list[float]) -> float:
    """How many of them are answered within a second."""
    return sum(each <= AT_ONCE for each in seconds) / max(1, len(seconds))


def quantile(values: list[float], share: float) -> float:
    """The smallest value that so large a share does not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


async def _hold(
    lesson: Lesson, port: int, server: psutil.Process, num_browsers: int, say: Callable[[str], None]
) -> None:
    address = f"127.0.0.1:{port}"
    await asyncio.gather(*(_teach(lesson, address, room) for room in ROOMS))
    say("  the teacher has shown every page")
    async with _browsers(num_browsers) as browsers:
        for number in range(lesson.num_rounds):
            before = _processor_seconds(server)
            started = time.perf_counter()
            visits = [_visit(lesson, address, number, i) for i in range(lesson.num_students)]
            visits += [_browse(lesson, f"http://{address}", number, one) for one in browsers]
            if number == lesson.round_of_loss:
                visits.append(_kill_a_worker(server))
            await asyncio.gather(*visits)
            used = time.perf_counter() - started, before
            lesson.rounds.append(_usage(server, *used))
            say(f"  round {number + 1}, {used[0]:.0f} s: {_words_of(lesson.rounds[-1])}")


def _words_of(usage: Usage) -> str:
    return (
        f"server {usage.server_mb:.0f} MB, workers {usage.workers_mb:.0f} MB; processors: server "
        f"{usage.server:.2f}, workers {usage.workers:.2f}, students {usage.students:.2f}"
    )


async def _teach(lesson: Lesson, address: str, room: Room) -> None:
    """Lets the default run of a page come to its end, or to a pause after a minute."""
    teacher = Student(f"ws://{address}/_stcore/stream")
    await teacher.open(room.page, room.query)
    await _until(lambda: teacher.epochs > 0 and teacher.is_at_rest, PATIENCE)
    if not teacher.is_at_rest:
        await teacher.pause()
    lesson.errors += teacher.errors
    await teacher.leave()


async def _visit(lesson: Lesson, address: str, number: int, place: int) -> None:
    """One student in one round: opens, watches, turns, types or not, pauses; reloads or not."""
    dice, room = random.Random(f"{number} {place}"), ROOMS[(number + place) % len(ROOMS)]
    student = Student(f"ws://{address}/_stcore/stream")

    async def timed(kind: str, act: Any) -> None:
        seconds = PATIENCE
        with contextlib.suppress(TimeoutError):
            seconds = await asyncio.wait_for(act, PATIENCE)
        lesson.answers.setdefault(kind, []).append((number, seconds))

    async def think() -> None:
        await asyncio.sleep(dice.uniform(*THOUGHT))

    await asyncio.sleep(dice.uniform(0, ARRIVAL))
    try:
        await timed("open", student.open(room.page, room.query))
        await timed("first epoch", _until(lambda: student.epochs > 0, PATIENCE))
        await think()
        lesson.visits, lesson.replays = lesson.visits + 1, lesson.replays + student.replayed
        await timed("knob", student.turn(room.knob, dice.choice((-1, 1))))
        for word in dice.sample(WORDS, 2 if room.box else 0):
            await think()
            await timed("word", student.type(room.box, word))
        await think()
        if student.can_pause:
            await timed("pause", student.pause())
        await _until(lambda: student.is_at_rest, PATIENCE)
    except Exception as error:
        student.errors.append(f"A student could not go on: {error!r}.")
    if not (student.epochs and student.is_at_rest):
        lesson.lost.append(f"{room.page}, round {number + 1}: {student.epochs} epochs, it says "
                           f"{student.status!r}")  # fmt: skip
    await student.leave()
    lesson.errors += [f"{room.page}, round {number + 1}: {error}" for error in student.errors]
    if dice.random() < 0.5:
        again = Student(f"ws://{address}/_stcore/stream")
        await timed("reload", again.open(room.page, student.query))
        await think()
        await again.leave()
        lesson.errors += [f"{room.page}, reloaded: {error}" for error in again.errors]


async def _until(holds: Callable[[], bool], patience: float) -> float:
    """Waits until something holds, or no longer; how long it took."""
    started = time.perf_counter()
    while not holds() and time.perf_counter() - started < patience:
        await asyncio.sleep(0.02)
    return time.perf_counter() - started


@contextlib.asynccontextmanager
async def _browsers(count: int) -> Any:
    """Pages of as many Chromiums; none without Chromium or Playwright."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    try:
        from playwright.async_api import async_playwright
    except ImportError:
        path = None
    if path is None or not count:
        yield []
        return
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield [
            await browser.new_page(viewport={"width": 1440, "height": 900}) for _ in range(count)
        ]
        await browser.close()


async def _browse(lesson: Lesson, address: str, number: int, page: Any) -> None:
    """A real browser in one round: from the click on Pause to Play on the screen."""
    room = random.Random(f"{number} {id(page)}").choice(ROOMS)
    page.set_default_timeout(1000 * PATIENCE)
    try:
        await page.goto(f"{address}/{room.page}?{room.query}")
        await page.wait_for_function("() => /epoch [1-9]/.test(document.body.innerText)")
        button = page.get_by_role("button", name="Pause")
        if await button.count():
            started = time.perf_counter()
            await button.first.click()
            await page.get_by_role("button", name="Play", exact=True).first.wait_for()
            seconds = time.perf_counter() - started
            lesson.answers.setdefault("pause in a browser", []).append((number, seconds))
        if await page.get_by_test_id("stException").count():
            lesson.errors.append(f"{room.page}, in a browser: an exception on the page.")
    except Exception as error:
        lesson.errors.append(f"{room.page}, in a browser: {str(error).splitlines()[0]}")
    await page.goto("about:blank")


async def _kill_a_worker(server: psutil.Process) -> None:
    """Ends one worker as the system does when memory is short."""
    await asyncio.sleep(SECONDS_TO_KILL)
    os.kill(max(_workers(server), key=lambda each: each.memory_info().rss).pid, signal.SIGKILL)


def _workers(server: psutil.Process) -> list[psutil.Process]:
    """The workers, and the nannies that watch them."""
    return server.children(recursive=True)


def _processor_seconds(server: psutil.Process) -> tuple[float, float, float]:
    """Of the server, its workers, this process."""
    times = [_seconds(server), sum(map(_seconds, _workers(server))), _seconds(psutil.Process())]
    return times[0], times[1], times[2]


def _seconds(process: psutil.Process) -> float:
    with contextlib.suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return times.user + times.system
    return 0.0


def _usage(server: psutil.Process, seconds: float, before: tuple[float, float, float]) -> Usage:
    megabytes = [each.memory_info().rss / 2**20 for each in (server, *_workers(server))]
    used = [(b - a) / seconds for a, b in zip(before, _processor_seconds(server), strict=True)]
    return Usage(megabytes[0], sum(megabytes[1:]), *(max(0.0, each) for each in used))


@contextlib.contextmanager
def _server(home: Path) -> Iterator[tuple[int, psutil.Process]]:
    """The real app with an empty library, and its port."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    environment = {k: v for k, v in os.environ.items() if k != "BOTTLENECK_LIBRARY"}
    environment |= {"HOME": str(home), "XDG_DATA_HOME": str(home / "data")}
    with (home / "log").open("w") as log:
        process = subprocess.Popen(
            [*command, "--server.port", str(port)],
            cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=log,
        )  # fmt: skip
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health")
            yield port, psutil.Process(process.pid)
        finally:
            process.terminate()
            process.wait(30)


def main() -> None:
    """Holds one class and prints what was measured."""
    parser = argparse.ArgumentParser(description="A class on one server.")
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--browsers", type=int, default=3)
    chosen = parser.parse_args()
    measure(lambda line: print(line, flush=True), chosen.students, chosen.rounds, chosen.browsers)


if __name__ == "__main__":
    main()
