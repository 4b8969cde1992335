"""What one visitor can take from a server, and from the others: memory, uploads, the workers."""

import asyncio
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import psutil

from benchmarks import servers
from benchmarks.reach.table import Claim, Say
from benchmarks.student import Student
from core.jobs.memory import SERVER_BYTES, VISIT_BYTES

LARGEST = "stacked_hidden_units=4096&stacked_latent_dim=1600&stacked_batch_size=256"
MIDDLE = "stacked_hidden_units=500-250"
LONG = "stacked_num_epochs=5000&stacked_early_stopping=false"
NUM_RESETS = 6
NUM_LEAVING = 40
NUM_UPLOADS = 12
UPLOAD_BYTES = 49_000_000
NUM_LARGE = 10
NUM_SCHOOL = 30
SETTLED = 30.0
BETWEEN = 8.0
WATCHED = 60.0
PATIENCE = 120.0
MEGABYTE = 1_000_000
LEFT_MB = 100
VISIT_MB = VISIT_BYTES // MEGABYTE
MOST_OF_A_VISIT = 2 * VISIT_MB
"""Its own data, and those of its states that no disk has taken."""
MOST_OF_ALL = SERVER_BYTES // MEGABYTE
HALF = 0.5
FAIR = 0.2
HOW = (
    "A server with its own workers, on this computer; visitors speak Streamlit's protocol. Memory "
    "is that of the server's process over what it held before: at its highest, and "
    f"{SETTLED:.0f} s after all have left. The share of a run is counted in its epochs."
)
BOUNDARY = "bottleneck"


def measure(say: Say) -> tuple[list[Claim], str]:
    """Each kind of abuse on a server of its own."""
    claims: list[Claim] = []
    for act in (_resets, _leaving, _uploads, _largest_beside_a_default, _school_beside_one):
        say(f"Abuse: {(act.__doc__ or '').splitlines()[0]}")
        with tempfile.TemporaryDirectory() as home, servers.app(Path(home)) as (port, server):
            claims += asyncio.run(act(f"127.0.0.1:{port}", server))
    return claims, HOW


async def _resets(address: str, server: psutil.Process) -> list[Claim]:
    """The largest network, begun anew again and again."""
    students: list[Student] = []

    async def act() -> None:
        student = await _open(address, LARGEST)
        students.append(student)
        await _until(lambda: student.epochs > 0)
        for _ in range(NUM_RESETS):
            await student.press("_reset")
            await asyncio.sleep(BETWEEN)

    what = f"{NUM_RESETS} resets of the largest network"
    return await _memory(what, server, act, students, MOST_OF_A_VISIT)


async def _leaving(address: str, server: psutil.Process) -> list[Claim]:
    """Visits that train and leave."""
    students: list[Student] = []

    async def act() -> None:
        for seed in range(NUM_LEAVING):
            students.append(await _open(address, f"{MIDDLE}&stacked_seed={seed}"))
        await asyncio.sleep(20)

    what = f"{NUM_LEAVING} visits that leave"
    return await _memory(what, server, act, students, MOST_OF_ALL)


async def _uploads(address: str, server: psutil.Process) -> list[Claim]:
    """Files that nobody looks at."""
    students: list[Student] = []
    came: list[int] = []

    async def act() -> None:
        student = await _open(address, "")
        students.append(student)
        for number in range(NUM_UPLOADS):
            came.append(await asyncio.to_thread(_upload, address, student.session, number))

    what = f"{NUM_UPLOADS} uploads of {UPLOAD_BYTES // MEGABYTE} MB"
    claims = await _memory(what, server, act, students, MOST_OF_A_VISIT)
    taken = sum(UPLOAD_BYTES for status in came if status < 300) / MEGABYTE
    refused = sum(status == 413 for status in came)
    kept = taken <= VISIT_MB and len(came) == refused + round(taken * MEGABYTE / UPLOAD_BYTES)
    return [*claims, Claim("MB of them that were taken", (taken,), f"at most {VISIT_MB}", kept)]


async def _largest_beside_a_default(address: str, _: psutil.Process) -> list[Claim]:
    """The largest networks beside a default run."""
    alone = await _open(address, f"{LONG}&stacked_seed=1")
    await _until(lambda: alone.epochs > 1)
    rate = await _epochs_in(alone, 15)
    await alone.leave()
    innocent = await _open(address, f"{LONG}&stacked_seed=2")
    large = [await _open(address, f"{LARGEST}&stacked_seed={seed}") for seed in range(NUM_LARGE)]
    await asyncio.sleep(SETTLED)
    beside = await _epochs_in(innocent, WATCHED)
    workers = servers.num_workers()
    share = beside / rate / min(1.0, workers / (NUM_LARGE + 1))
    for student in (innocent, *large):
        await student.leave()
    name = f"of its fair share, a default run beside {NUM_LARGE} of the largest"
    return [Claim(name, (share,), f"at least {HALF}", share >= HALF)]


async def _school_beside_one(address: str, _: psutil.Process) -> list[Claim]:
    """Visits of one address beside one of another."""
    students = [
        await _open(address, f"{LONG}&stacked_seed={number}", number == NUM_SCHOOL)
        for number in range(NUM_SCHOOL + 1)
    ]
    await asyncio.gather(*(_until(lambda one=one: one.epochs > 0) for one in students))
    epochs = await asyncio.gather(*(_epochs_in(one, 2 * WATCHED) for one in students))
    shares = [each * len(epochs) / sum(epochs) for each in epochs]
    for student in students:
        await student.leave()
    worst = max(abs(share - 1) for share in shares)
    return [
        Claim("share of the one, in fair shares", (shares[-1],), f"1 ± {FAIR}",
              abs(shares[-1] - 1) <= FAIR),
        Claim(f"farthest from a fair share of {NUM_SCHOOL + 1}", (worst,), f"at most {FAIR}",
              worst <= FAIR),
    ]  # fmt: skip


async def _memory(
    what: str,
    server: psutil.Process,
    act: Callable[[], Awaitable[None]],
    students: list[Student],
    budget: int,
) -> list[Claim]:
    """Megabytes of the server over what it held before: at most, and after all have left."""
    await asyncio.sleep(12)  # its workers start
    before = server.memory_info().rss
    most = [0.0]

    async def watch() -> None:
        while True:
            most[0] = max(most[0], (server.memory_info().rss - before) / MEGABYTE)
            await asyncio.sleep(0.05)

    watching = asyncio.create_task(watch())
    await act()
    for student in students:
        await student.leave()
    await asyncio.sleep(SETTLED)
    watching.cancel()
    left = (server.memory_info().rss - before) / MEGABYTE
    errors = [error for student in students for error in student.errors]
    return [
        Claim(f"MB at most, {what}", (most[0],), f"at most {budget}", most[0] <= budget),
        Claim(f"MB left, {what}", (left,), f"at most {LEFT_MB}", left <= LEFT_MB),
        Claim(f"errors on the pages, {what}", (len(errors),), "none", not errors),
    ]


async def _open(address: str, query: str, from_elsewhere: bool = False) -> Student:
    student = Student(f"ws://{address}/_stcore/stream", elsewhere=from_elsewhere)
    await student.open("autoencoder", query)
    return student


async def _epochs_in(student: Student, seconds: float) -> float:
    """Epochs a second, over a while."""
    first, started = student.epochs, time.perf_counter()
    await asyncio.sleep(seconds)
    return (student.epochs - first) / (time.perf_counter() - started)


async def _until(holds: Callable[[], Any]) -> None:
    """Waits until something holds. Raises TimeoutError."""
    last = time.perf_counter() + PATIENCE
    while not holds():
        if time.perf_counter() > last:
            raise TimeoutError
        await asyncio.sleep(0.05)


def _upload(address: str, session: str, number: int) -> int:
    """The status that answers an upload."""
    with urllib.request.urlopen(f"http://{address}/_stcore/health") as response:
        cookie = response.headers.get("Set-Cookie", "").partition(";")[0]
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{number}.png"\r\n'
        "Content-Type: image/png\r\n\r\n"
    )
    body = head.encode() + bytes(UPLOAD_BYTES) + f"\r\n--{BOUNDARY}--\r\n".encode()
    request = urllib.request.Request(
        f"http://{address}/_stcore/upload_file/{session}/file-{number}", body, method="PUT"
    )
    request.add_header("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
    request.add_header("Cookie", cookie)
    request.add_header("X-Xsrftoken", cookie.partition("=")[2])
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except urllib.error.URLError as error:
        if not isinstance(error.reason, BrokenPipeError | ConnectionResetError):
            raise
        with urllib.request.urlopen(f"http://{address}/_stcore/health"):
            return 413  # refused before all was sent, by a server that is well
