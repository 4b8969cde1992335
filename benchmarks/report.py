"""What was measured, as the Markdown of `docs/benchmarks.md`."""

import os
import platform
import time
from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks import classroom, contestants, job_layer, recompilation, start_up, throughput
from benchmarks.arena import Spread
from benchmarks.contestants import ENGINE, LIMIT
from benchmarks.reach.table import Claim
from benchmarks.reach.table import markdown as markdown_of

PACKAGES = ("tensorflow", "keras", "torch", "jax", "jaxlib", "numpy", "distributed")
MIN_RATIO_KERAS, MIN_RATIO_PEER, MAX_PERCENT_LOST, MAX_RECOMPILATION = 2.5, 1.25, 15.0, 1.5
KERAS = next(name for name in contestants.CONTESTANTS if "its default" in name)
JUDGED_BATCH_SIZE = 128

Parts = tuple[
    throughput.Table,
    job_layer.Loss,
    recompilation.Recompilation,
    start_up.Waits | None,
    list[Claim],
    list[Claim],
    classroom.Lesson | None,
]
MAX_SECONDS = {"served": 3.0, "first_epoch": 10.0, "play": 2.0, "echo": 0.5, "paused": 1.0}
WAITS = {
    "served": "a cold start, until the page is served",
    "first_epoch": "from there to the first epoch on the page",
    "play": "from play to the first epoch of a later run",
    "echo": "from pause to its echo",
    "paused": "from pause to the word that training has stopped",
}

HOW = """\
Every contestant lives in a process of its own, with the threads that its library takes by default \
(PyTorch: one a core), and only the one that is asked works. In every round each of them trains \
{epochs} epochs, in turn, and who begins moves on by one each round. A cell is the median of \
{rounds} rounds; a ratio is taken within a round, and its median, lowest and highest are given, \
because the speed of a machine drifts and other programs run on it. A first epoch (compilation) is \
not counted. All train 784-100-30-100-784 (relu; linear code; sigmoid output) with Adam at 1e-3 on \
mse, on {images:,} images of digits in a new random order every epoch; the run fails if the loss \
of one of them does not fall, or falls otherwise than the others'. The engine's time holds the \
record of the epoch and the state brought out to numpy. Peers keep their images as float32 in \
memory and use no data loader. The last line is a limit and not a contestant: the matrix products \
alone.
"""
MAPS = """\
Beside scikit-learn's TSNE with its defaults at perplexity 30, each in a process of its own and \
timed in turn; both make 1,000 iterations, ours with 40 frames on the way.

"""


def write(path: Path, parts: Parts, num_rounds: int, seconds: float) -> None:
    """Writes the whole report."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(markdown(parts, num_rounds, seconds), encoding="utf-8")


def markdown(parts: Parts, num_rounds: int, seconds: float) -> str:
    table, jobs, chunks, waits, letters, maps, lesson = parts
    how = HOW.format(epochs=throughput.EPOCHS, rounds=num_rounds, images=contestants.NUM_IMAGES)
    sections = [
        "# Speed, measured",
        f"Written by `make bench` (`benchmarks/speed.py`) in {seconds / 60:.0f} minutes; "
        f"do not edit.\n\n{machine()}",
        "## Against what it promises",
        _promises(parts),
        "## Images a second",
        _cells(table, lambda result: f"{result.images_per_second.median:,.0f}"),
        "How many times as many the engine trained in the same rounds (lowest to highest):",
        _cells(table, lambda result: _ratio(result.engine_ratio), without=ENGINE),
        how.strip(),
        "## The job layer",
        _job_words(jobs),
        "## What a compilation costs, and that nothing new needs one",
        _chunk_words(chunks),
        "## What a visitor waits for",
        _wait_words(waits),
        "## Letters: spelling, and the language of a word",
        "Beside packages that do the same, on words that nobody was tuned on; most of the words "
        "whose language is asked are in lingua's own models.\n\n" + markdown_of(letters),
        "## Maps: t-SNE of 5,000 codings of 30 numbers",
        MAPS + markdown_of(maps),
        "## A class on one server",
        classroom.markdown(lesson) if lesson else "Not measured.",
    ]
    return "\n\n".join(sections) + "\n"


def machine() -> str:
    """One paragraph: when, on what, with which versions."""
    versions = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return (
        f"{time.strftime('%Y-%m-%d')}, {platform.system()} on {_processor()}, {os.cpu_count()} "
        f"cores, load average {load} at the end. Python {platform.python_version()}, {versions}."
    )


def promises(parts: Parts) -> list[tuple[str, str, str, bool]]:
    """What is promised, the bound, what was measured, and whether it holds."""
    table, jobs, chunks, waits, _, _, lesson = parts
    peer = throughput.best_peer(table, JUDGED_BATCH_SIZE)
    keras, best = (table[name][JUDGED_BATCH_SIZE].engine_ratio for name in (KERAS, peer))
    lost, slowest = jobs.percent_lost.median, max(r.median for r in chunks.ratios.values())
    return [
        (f"against {KERAS}, batch {JUDGED_BATCH_SIZE}", f"at least {MIN_RATIO_KERAS} ×",
         _ratio(keras), keras.median >= MIN_RATIO_KERAS),
        (f"against the best peer ({peer}), batch {JUDGED_BATCH_SIZE}",
         f"at least {MIN_RATIO_PEER} ×", _ratio(best), best.median >= MIN_RATIO_PEER),
        ("lost in the job layer", f"at most {MAX_PERCENT_LOST:.0f} %", f"{lost:.1f} %",
         lost <= MAX_PERCENT_LOST),
        ("a chunk with something new in it", f"at most {MAX_RECOMPILATION} × a repeated one",
         f"{slowest:.2f} ×", slowest <= MAX_RECOMPILATION),
        *((WAITS[name], f"at most {MAX_SECONDS[name]:g} s", f"{wait.median:.1f} s",
           wait.median <= MAX_SECONDS[name])
          for name, wait in (waits._asdict() if waits else {}).items()),
        *(classroom.promises(lesson) if lesson else ()),
    ]  # fmt: skip


def _promises(parts: Parts) -> str:
    rows = [(*row[:3], "yes" if row[3] else "**no**") for row in promises(parts)]
    return _table(("", "promised", "measured", "kept"), rows)


def _cells(
    table: throughput.Table, cell: Callable[[throughput.Throughput], str], without: str = ""
) -> str:
    batch_sizes = list(table[ENGINE])
    rows = [
        (f"**{name}**" if name == ENGINE else f"*{name}*" if name == LIMIT else name,
         *(cell(results[batch_size]) for batch_size in batch_sizes))
        for name, results in table.items() if name != without
    ]  # fmt: skip
    return _table(("", *(f"batch {batch_size}" for batch_size in batch_sizes)), rows)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(head), *(list(row) for row in rows)]
    lines.insert(1, ["---"] + ["---:"] * (len(lines[0]) - 1))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _ratio(ratio: Spread) -> str:
    return f"{ratio.median:.2f} ({ratio.low:.2f} to {ratio.high:.2f})"


def _job_words(jobs: job_layer.Loss) -> str:
    lost = jobs.percent_lost
    return (
        f"The default network at batch size {job_layer.BATCH_SIZE} on the 4,000 bundled digits, "
        f"{job_layer.EPOCHS} epochs a round, each with its record on 1,000 test images: bare "
        f"`advance` in one process trained {jobs.bare.median:,.0f} images a second, a `Job` on the "
        f"app's own workers {jobs.jobs.median:,.0f}, from play to the last record, with the "
        f"reconstructions that its page shows after every chunk. Lost, within a round: "
        f"**{lost.median:.1f} %** ({lost.low:.1f} to {lost.high:.1f}; below 0 is luck)."
    )


def _chunk_words(chunks: recompilation.Recompilation) -> str:
    rows = [(kind, _ratio(ratio)) for kind, ratio in chunks.ratios.items()]
    return (
        f"The first chunk of a network took {chunks.first_seconds:.2f} s, compilation and all; the "
        f"same {recompilation.CHUNK} updates again {chunks.repeated_seconds:.2f} s. Time an update "
        "of a chunk with something never seen before, over that of the repeated one:\n\n"
    ) + _table(("new in the chunk", "ratio"), rows)


def _wait_words(waits: start_up.Waits | None) -> str:
    if waits is None:
        return "Not measured: there was no Chromium."
    rows = [
        (WAITS[name], f"{wait.median:.2f} ({wait.low:.2f} to {wait.high:.2f})")
        for name, wait in waits._asdict().items()
    ]
    return (
        "Server, worker and Chromium share this computer's processors. The installation is warm, "
        "the server and its worker are new each time.\n\n"
    ) + _table(("", "seconds"), rows)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "(not installed)"
