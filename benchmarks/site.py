"""A public site: two servers behind nginx, one Dask cluster, one library (docs/scaling.md)."""

import asyncio
import contextlib
import shutil
import statistics
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import psutil

from benchmarks import servers
from benchmarks.reach.table import Claim, Say, not_measured
from benchmarks.student import Student

CONF = servers.ROOT / "docs" / "nginx.conf"
WRAPPED = """pid nginx.pid; error_log stderr; daemon off; worker_processes 1;
events {{}}
http {{
  log_format visits '$visitor $upstream_addr'; access_log visits visits; {paths}
  {site}
}}
"""
PATHS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
NUM_STUDENTS = 8
PATIENCE = 90.0
PAGE = "autoencoder"
RUN = "stacked_dataset=digits8&stacked_num_epochs=20"
NO_NGINX = "nginx is not installed"
HOW = (
    f"{NUM_STUDENTS} students, each with a cookie of its own, open a page through nginx with "
    "docs/nginx.conf, reload it, and watch the same run; it is trained once, by a cluster that "
    "Dask's commands started. Then one server is killed, and all reload once more."
)


class Site(NamedTuple):
    """Where nginx answers, its log of visits, and the servers by their ports."""

    port: int
    visits: Path
    servers: dict[int, psutil.Process]


def measure(say: Say) -> tuple[list[Claim], str]:
    """Opens, reloads, replays; kills a server; reloads."""
    if shutil.which("nginx") is None:
        return [not_measured("two servers behind a proxy", NO_NGINX)], ""
    say("Site: two servers behind nginx, a scheduler, two workers, one library")
    with tempfile.TemporaryDirectory() as home, _site(Path(home)) as site:
        claims = asyncio.run(_visit(site, say))
    return claims, HOW


async def _visit(site: Site, say: Say) -> list[Claim]:
    cookies = [_cookie(site.port) for _ in range(NUM_STUDENTS)]
    first = await _open_all(site, cookies, lambda student: student.is_at_rest)
    again = await _open_all(site, cookies, lambda student: student.replayed)
    homes = _homes(site.visits)
    used = {server for found in homes.values() for server in found}
    strays = sum(len(found) > 1 for found in homes.values())
    say(f"  {len(used)} servers served {len(homes)} visitors, {strays} of them by more than one")
    next(iter(site.servers.values())).kill()
    after = await _open_all(site, cookies, lambda student: student.replayed)
    errors = [error for student in first + again + after for error in student.errors]
    for error in errors:
        say(f"  {error}")
    opened = statistics.median(student.seconds for student in again)
    return [
        Claim("servers that had visitors", (len(used),), "both", len(used) == len(site.servers)),
        Claim("visitors who saw more than one", (strays,), "none", not strays),
        _share("students who saw the run end", first, lambda student: student.is_at_rest),
        _share("reloads that were replayed", again, lambda student: student.replayed),
        _share("the same, a server killed", after, lambda student: student.replayed),
        Claim("seconds to open the page again", (opened,), "at most 1", opened <= 1),
        Claim("errors", (len(errors),), "none", not errors),
    ]


class Visitor(Student):
    """A student, and how long the page took to open."""

    seconds = PATIENCE


def _share(what: str, visitors: list[Visitor], holds: Callable[[Visitor], bool]) -> Claim:
    share = 100 * sum(map(holds, visitors)) / len(visitors)
    return Claim(f"{what}, per cent", (share,), "all", share == 100)


async def _open_all(
    site: Site, cookies: list[str], is_done: Callable[[Visitor], bool]
) -> list[Visitor]:
    return list(await asyncio.gather(*(_open(site, cookie, is_done) for cookie in cookies)))


async def _open(site: Site, cookie: str, is_done: Callable[[Visitor], bool]) -> Visitor:
    visitor = Visitor(f"ws://127.0.0.1:{site.port}/_stcore/stream", cookie)
    try:
        visitor.seconds = await asyncio.wait_for(visitor.open(PAGE, RUN), PATIENCE)
        last = time.monotonic() + PATIENCE
        while not is_done(visitor) and time.monotonic() < last:
            await asyncio.sleep(0.1)
    except Exception as error:
        visitor.errors.append(f"A student could not go on: {error!r}.")
    await visitor.leave()
    return visitor


def _cookie(port: int) -> str:
    """What nginx gives a new visitor."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as answer:
        return str(answer.headers["Set-Cookie"]).partition(";")[0]


def _homes(visits: Path) -> dict[str, set[str]]:
    """The servers that each visitor has seen."""
    homes: dict[str, set[str]] = {}
    for line in visits.read_text(encoding="utf-8").splitlines():
        visitor, server = line.split(" ", 1)
        homes.setdefault(visitor, set()).add(server)
    return homes


@contextlib.contextmanager
def _site(home: Path) -> Iterator[Site]:
    """Everything, as docs/scaling.md has it, on ports of its own."""
    with contextlib.ExitStack() as stack:
        shared = {
            "BOTTLENECK_SCHEDULER": stack.enter_context(servers.cluster(2)),
            "BOTTLENECK_LIBRARY": str(home / "library"),
        }
        apps = dict(stack.enter_context(servers.app(home / name, **shared)) for name in "ab")
        text = CONF.read_text(encoding="utf-8")
        port = servers.free_port()
        for written, chosen in zip(("80;", "8501", "8502"), (f"{port};", *apps), strict=True):
            text = text.replace(written, str(chosen))
        paths = " ".join(f"{name}_temp_path {name};" for name in PATHS)
        (home / "nginx.conf").write_text(WRAPPED.format(paths=paths, site=text), encoding="utf-8")
        command = ["nginx", "-p", str(home), "-c", "nginx.conf", "-e", "stderr"]
        proxy = subprocess.Popen(command, stderr=(home / "proxy").open("w"))
        stack.callback(proxy.wait, 30)
        stack.callback(proxy.terminate)
        servers.wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield Site(port, home / "visits", apps)
