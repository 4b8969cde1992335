"""A class on one server: thirty students open pages, train, turn knobs, type, draw and leave.

The students speak Streamlit's protocol (`benchmarks/student.py`); some real browsers join them
where there is a Chromium. Before the class a teacher lets every page train, some minutes at most.
In the middle round a worker is killed. Then the same class comes again, and each student trains a
network of their own, of another seed, which nobody has trained before. Everything shares this
computer, the students too; only the browsers stand behind, as they stand for computers of their
own.
"""

import asyncio
import contextlib
import itertools
import os
import random
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import servers  # noqa: E402
from benchmarks.reach.table import Claim, Say, not_measured  # noqa: E402
from benchmarks.report import table  # noqa: E402
from benchmarks.start_up import BROWSERS, FLAGS, chromium, without_browser  # noqa: E402
from benchmarks.student import Student  # noqa: E402

NUM_STUDENTS = 30
NUM_ROUNDS = 10
NUM_BROWSERS = 3
OWN_ROUNDS = 2
"""With a network of their own each; a worker is killed in the last one."""
WATCHED = 20.0
OWN = "first epoch of an own network"
FIRST = (4.0, 15.0)
"""Seconds to the first epoch of an own network, median and 95 %."""
FIRST_LOST = (6.0, 25.0)
"""The same in the round in which a worker is killed."""
LONGEST_REST = 8.0
TEACHING = 300.0
PATIENCE = 60.0
ARRIVAL = 5.0
THOUGHT = (1.0, 3.0)
SECONDS_TO_KILL = 8.0
BEHIND = 5
AT_ONCE = 1.0
MIN_AT_ONCE = 0.95
MOST_GROWTH = 1.2
JUDGED = ("open", "knob", "word", "pause", "reload", "pause in a browser", "draw in a browser")
WORDS = ("bottleneck", "zürich", "jyväskylä", "quick", "exactly", "wrzesień")
PRESS_PAUSE = """() => {
    const buttons = [...document.querySelectorAll("button")];
    const pause = buttons.find(each => /Pause/.test(each.innerText));
    pause?.click();
    return Boolean(pause); }"""
LOG_SIGNS = ("Traceback", "A page failed", "A job failed", "Uncaught")


class Room(NamedTuple):
    """A page, a link to it that holds nothing but defaults, the seed in a link, a live knob, a box
    to type in, and whether the page says of a replay that it is one.
    """

    page: str
    query: str
    seed: str
    knob: str
    box: str = ""
    tells_replays: bool = True


ROOMS = (
    Room("autoencoder", "stacked_latent_dim=30", "stacked_seed", "stacked_learning_rate"),
    Room("sparsity", "sparse_dataset=mnist5k", "sparse_seed", "sparse_l1"),
    Room(
        "denoising",
        "denoising_corruption_stddev=0.4",
        "denoising_seed",
        "denoising_corruption_stddev",
    ),
    Room("variational", "variational_beta=1", "variational_seed", "variational_beta"),
    Room(
        "characters",
        "character_dataset=language",
        "character_seed",
        "character_learning_rate",
        "_text_language",
    ),
    Room("spelling", "speller_dataset=en", "speller_seed", "speller_learning_rate"),
    Room("map", "map_perplexity=30", "map_seed", "map_learning_rate", tells_replays=False),
    Room(
        "labels",
        "labels_num_labels=100",
        "labels_seed",
        "labels_learning_rate",
        tells_replays=False,
    ),
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
        defaults: How many default runs were opened on pages that say of a replay that it is one.
        not_replayed: Sentences about those that did not say so.
        rests: Of each run of an own network, the longest time in which it made no step.
    """

    def __init__(self, num_students: int, num_rounds: int) -> None:
        self.num_students = num_students
        self.num_rounds = num_rounds
        self.answers: dict[str, list[tuple[int, float]]] = {}
        self.rounds: list[Usage] = []
        self.errors: list[str] = []
        self.lost: list[str] = []
        self.defaults = 0
        self.not_replayed: list[str] = []
        self.rests: list[float] = []

    @property
    def round_of_loss(self) -> int:
        """The round in which a worker is killed."""
        return self.num_rounds // 2

    @property
    def own_rounds(self) -> range:
        """Those with a network of their own for each student; a worker is killed in the last."""
        return range(self.num_rounds, self.num_rounds + OWN_ROUNDS)

    def loses_a_worker(self, number: int) -> bool:
        """Whether a worker is killed in a round."""
        return number in (self.round_of_loss, self.own_rounds[-1])

    def seconds(self, kind: str, *, worker_lost: bool = False) -> list[float]:
        """The answers to a kind of interaction, in the rounds with or without all workers."""
        return [
            seconds
            for number, seconds in self.answers.get(kind, [])
            if self.loses_a_worker(number) == worker_lost
        ]


def measure(say: Say) -> tuple[list[Claim], str]:
    """Starts a server, and holds the class."""
    say(f"Classroom: {NUM_STUDENTS} students, {NUM_ROUNDS} rounds, {NUM_BROWSERS} browsers")
    lesson = Lesson(NUM_STUDENTS, NUM_ROUNDS)
    with tempfile.TemporaryDirectory() as home, servers.app(Path(home)) as (port, server):
        asyncio.run(_hold(lesson, port, server, NUM_BROWSERS, say))
        log = (Path(home) / "log").read_text(encoding="utf-8", errors="replace").splitlines()
    lesson.errors += [f"In the log: {line[:200]}" for line in _told(log)]
    for line in (*lesson.errors, *lesson.lost, *lesson.not_replayed):
        say(f"  {line}")
    missing = [] if chromium() else [not_measured("real browsers in the class", without_browser())]
    return [*claims(lesson), *missing], words(lesson)


def _told(log: list[str]) -> Iterator[str]:
    """The lines of a log that tell of an error; of a traceback its last line."""
    lines = iter(log)
    for line in lines:
        if line.startswith("Traceback"):
            yield next((each for each in lines if not each.startswith(" ")), line)
        elif line.startswith(LOG_SIGNS):
            yield line


def words(lesson: Lesson) -> str:
    """What was done, how long each kind of interaction took, and what went wrong."""
    memory = [f"{usage.server_mb:.0f} + {usage.workers_mb:.0f}" for usage in lesson.rounds]
    head = ("", "how many", "median, s", "95 %, s", "within 1 s")
    problems = (*lesson.errors, *lesson.lost, *lesson.not_replayed)
    return (
        f"{lesson.num_students} students, {lesson.num_rounds} rounds; in round "
        f"{lesson.round_of_loss + 1} a worker is killed. Answered is what shows: the title of the "
        "page, the first thing that a knob changes, the typed word letter by letter, Play where "
        "Pause was, the server's word about a drawing. Training goes on meanwhile, and the "
        "students share the processors with the server; so do the browsers, with a lower priority. "
        f"Then {OWN_ROUNDS} rounds in which each student trains a network of their own, of another "
        "seed; in the last one a worker is killed."
        f"\n\n{table(head, rows(lesson))}\n\n"
        f"Replayed: {lesson.defaults - len(lesson.not_replayed)} of {lesson.defaults} default "
        f"runs. Megabytes of the server + its workers after each round: {', '.join(memory)}."
        + "".join(f"\n- {sentence}" for sentence in problems)
    )


def claims(lesson: Lesson) -> list[Claim]:
    """What is promised to a class."""
    seconds = [s for kind in JUDGED for s in lesson.seconds(kind)]
    share = 100 * share_at_once(seconds)
    failures = len(lesson.errors) + len(lesson.lost)
    replayed = 100 * (1 - len(lesson.not_replayed) / max(1, lesson.defaults))
    replays = lesson.rounds[: lesson.num_rounds]
    grown = growth([usage.server_mb for usage in replays])
    taken = growth([usage.workers_mb for usage in replays])
    own = [_first_epochs(lesson, *each) for each in ((FIRST, False), (FIRST_LOST, True))]
    rest = max(lesson.rests, default=0.0)
    return [
        *own,
        Claim("longest time in which a run of 30 made no step, s", (rest,),
              f"at most {LONGEST_REST:.0f}", rest <= LONGEST_REST),
        Claim("answered within 1 s, all workers alive, per cent", (share,),
              f"at least {MIN_AT_ONCE:.0%}", share >= 100 * MIN_AT_ONCE),
        Claim("errors and lost runs", (failures,), "none", not failures),
        Claim("default runs that are replayed, per cent", (replayed,), "all", replayed == 100),
        Claim("memory of the server, last rounds over first", (grown,),
              f"at most {MOST_GROWTH}", grown <= MOST_GROWTH),
        Claim("memory of the workers, last rounds over first", (taken,),
              f"at most {MOST_GROWTH}", taken <= MOST_GROWTH),
    ]  # fmt: skip


def _first_epochs(lesson: Lesson, most: tuple[float, float], worker_lost: bool) -> Claim:
    """Seconds until thirty students see the first epoch of thirty networks."""
    seconds = lesson.seconds(OWN, worker_lost=worker_lost) or [PATIENCE]
    middle, late = statistics.median(seconds), quantile(seconds, 0.95)
    name = "a worker killed" if worker_lost else "all workers alive"
    return Claim(
        f"seconds to the first epoch of an own network, median and 95 %, {name}",
        (middle, late), f"{most[0]:.0f} and {most[1]:.0f}", middle <= most[0] and late <= most[1],
    )  # fmt: skip


def growth(megabytes: list[float]) -> float:
    """The median of the last third of the rounds over that of the first third."""
    third = max(1, len(megabytes) // 3)
    return statistics.median(megabytes[-third:]) / statistics.median(megabytes[:third])


def rows(lesson: Lesson) -> list[tuple[str, ...]]:
    """By kind: how many, the median, the 95th percentile, the share within a second."""
    found = []
    for kind, worker_lost in itertools.product(lesson.answers, (False, True)):
        seconds = lesson.seconds(kind, worker_lost=worker_lost)
        if seconds:
            middle = statistics.median(seconds)
            late = quantile(seconds, 0.95)
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
    lesson: Lesson, port: int, server: psutil.Process, num_browsers: int, say: Say
) -> None:
    address = f"127.0.0.1:{port}"
    await asyncio.gather(*(_teach(lesson, address, room) for room in ROOMS))
    say("  the teacher has shown every page")
    async with _browsers(num_browsers) as browsers:
        for number in (*range(lesson.num_rounds), *lesson.own_rounds):
            before = _processor_seconds(server)
            started = time.perf_counter()
            visit = _own_network if number in lesson.own_rounds else _visit
            visits = [visit(lesson, address, number, i) for i in range(lesson.num_students)]
            if visit is _visit:
                visits += [_browse(lesson, f"http://{address}", number, one) for one in browsers]
            if lesson.loses_a_worker(number):
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
    """Lets the default run of a page come to its end, or to a pause after some minutes."""
    teacher = Student(f"ws://{address}/_stcore/stream")
    await teacher.open(room.page, room.query)
    await _until(lambda: teacher.epochs > 0 and teacher.is_at_rest, TEACHING)
    if teacher.can_pause:
        await teacher.pause()
    lesson.errors += teacher.errors
    await teacher.leave()


async def _visit(lesson: Lesson, address: str, number: int, place: int) -> None:
    """One student in one round: opens, watches, turns, types or not, pauses; reloads or not."""
    dice = random.Random(f"{number} {place}")
    room = ROOMS[(number + place) % len(ROOMS)]
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
        lesson.defaults += room.tells_replays
        if room.tells_replays and not student.replayed:
            lesson.not_replayed.append(f"{room.page}, round {number + 1}: no replay, it says "
                                       f"{student.status!r}")  # fmt: skip
        await timed("knob", student.turn(room.knob, dice.choice((-1, 1))))
        for word in dice.sample(WORDS, 2 if room.box else 0):
            await think()
            await timed("word", student.type(room.box, word))
        await think()
        await _until(lambda: student.can_pause or student.is_at_rest, PATIENCE)
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


async def _own_network(lesson: Lesson, address: str, number: int, place: int) -> None:
    """One student in a round in which all train networks of their own: opens, and watches."""
    dice = random.Random(f"{number} {place}")
    room = ROOMS[(number + place) % len(ROOMS)]
    student = Student(f"ws://{address}/_stcore/stream")
    await asyncio.sleep(dice.uniform(0, ARRIVAL))
    try:
        seed = 1000 + 100 * number + place
        opened = await student.open(room.page, f"{room.query}&{room.seed}={seed}")
        first = await _until(lambda: student.epochs > 0, PATIENCE)
        lesson.answers.setdefault("open, own network", []).append((number, opened))
        lesson.answers.setdefault(OWN, []).append((number, first))
        lesson.rests.append(await _longest_rest(student))
    except Exception as error:
        student.errors.append(f"A student could not go on: {error!r}.")
    if not student.epochs:
        lesson.lost.append(f"{room.page}, own network: no epoch, it says {student.status!r}")
    await student.leave()
    lesson.errors += [f"{room.page}, own network: {error}" for error in student.errors]


async def _longest_rest(student: Student) -> float:
    """The longest time in which a run made no step, while it is watched for a while."""
    ends = time.perf_counter() + WATCHED
    longest, seen, since = 0.0, student.progress, time.perf_counter()
    while time.perf_counter() < ends and not student.is_at_rest:
        await asyncio.sleep(0.05)
        if student.progress != seen:
            seen, since = student.progress, time.perf_counter()
        longest = max(longest, time.perf_counter() - since)
    return longest


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
        _make_way()
        yield [
            await browser.new_page(viewport={"width": 1440, "height": 900}) for _ in range(count)
        ]
        await browser.close()


def _make_way() -> None:
    """The browsers stand for computers of their own: the server goes first on this one. Chromium
    has a session of its own, which Linux weighs as a whole against that of the server.
    """
    for process in psutil.Process().children(recursive=True):
        if "chrom" in process.name():
            process.nice(BEHIND)
            with contextlib.suppress(OSError):
                Path(f"/proc/{process.pid}/autogroup").write_text(str(BEHIND))


async def _browse(lesson: Lesson, address: str, number: int, page: Any) -> None:
    """A real browser in one round: from the click on Pause to Play on the screen."""
    room = random.Random(f"{number} {id(page)}").choice(ROOMS)
    page.set_default_timeout(1000 * PATIENCE)
    try:
        await page.goto(f"{address}/{room.page}?{room.query}")
        await page.wait_for_function("() => /[1-9][0-9]* of /.test(document.body.innerText)")
        if room.page == "denoising":
            lesson.answers.setdefault("draw in a browser", []).append((number, await _draw(page)))
        started = time.perf_counter()
        if await page.evaluate(PRESS_PAUSE):
            await page.get_by_role("button", name="Play").first.wait_for()
            seconds = time.perf_counter() - started
            lesson.answers.setdefault("pause in a browser", []).append((number, seconds))
        if await page.get_by_test_id("stException").count():
            lesson.errors.append(f"{room.page}, in a browser: an exception on the page.")
    except Exception as error:
        lesson.errors.append(f"{room.page}, in a browser: {str(error).splitlines()[0]}")
    await page.goto("about:blank")


async def _draw(page: Any) -> float:
    """From the end of a stroke on the pad until the server has said something about it."""
    board = page.locator("canvas.board")
    box = await board.evaluate(
        "board => (board.scrollIntoView(), board.getBoundingClientRect().toJSON())"
    )
    await page.mouse.move(box["x"] + 40, box["y"] + 30)
    await page.mouse.down()
    await page.mouse.move(box["x"] + 80, box["y"] + 120, steps=12)
    started = time.perf_counter()
    await page.mouse.up()
    await page.get_by_text("Computed in your browser").first.wait_for()
    return time.perf_counter() - started


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
