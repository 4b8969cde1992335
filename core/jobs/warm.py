"""Which worker has compiled which network: a run goes where its program is, if that worker is not
much busier than the others; and while nobody trains, workers compile what others have, and what
pages begin with. Imports no TensorFlow.
"""

import contextlib
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Sequence
from typing import Any

from distributed import Client

from core.experiments import Experiment
from core.jobs import speed, worker
from core.jobs.chunks import result_of
from core.jobs.cluster import CLUSTER
from core.jobs.registry import jobs_at_work

MOST_PROGRAMS = 500
MOST_AHEAD = 2
"""How many more runs than the least busy one a worker may have, and still get the next."""
IDLE_SECONDS = 10.0
LOOK_SECONDS = 1.0
COMPILE_SECONDS = 60.0
_LOCK = threading.Lock()
_compiled: "OrderedDict[Any, tuple[Experiment, set[str]]]" = OrderedDict()


def note(experiment: Experiment, address: str) -> None:
    """A worker has trained such a network."""
    with _LOCK:
        _compiled.setdefault(experiment.program, (experiment, set()))[1].add(address)
        _compiled.move_to_end(experiment.program)
        while len(_compiled) > MOST_PROGRAMS:
            _compiled.popitem(last=False)


def best(experiment: Experiment) -> str | None:
    """The address of a worker that has compiled such a network; None where none has, or those that
    have are busy.
    """
    workers = CLUSTER.addresses
    with _LOCK:
        warm = _known(experiment) & workers
    if not warm:
        return None
    runs = Counter(job.near for job in jobs_at_work())
    chosen = min(warm, key=lambda address: runs[address])
    least = min(runs[address] for address in workers)
    return chosen if runs[chosen] <= least + MOST_AHEAD else None


def moved(job: Any) -> bool:
    """Moves a run to a worker that has compiled its network and has far fewer runs, if there is
    one; whether it has moved.
    """
    workers = CLUSTER.addresses
    with _LOCK:
        warm = _known(job.experiment) & workers - {job.near}
        if not warm:
            return False
        runs = Counter(each.near for each in jobs_at_work())
        chosen = min(warm, key=lambda address: runs[address])
        if runs[job.near] <= runs[chosen] + MOST_AHEAD:
            return False
        job.near = chosen
    return True


def _known(experiment: Experiment) -> set[str]:
    """The workers that have compiled such a network."""
    return _compiled.get(experiment.program, (experiment, set()))[1]


def missing(ahead: Sequence[Experiment]) -> tuple[Experiment, str] | None:
    """A network that some worker has compiled, or one of `ahead`, and a worker that has not; None
    where all have.
    """
    with _LOCK:
        known = [(experiment, set(found)) for experiment, found in _compiled.values()]
    programs = {experiment.program for experiment, _ in known}
    known += [(each, set()) for each in ahead if each.program not in programs]
    for address in sorted(CLUSTER.addresses):
        for experiment, found in known:
            if address not in found and _can_load(experiment):
                return experiment, address
    return None


def _can_load(experiment: Experiment) -> bool:
    """Whether a worker can load its data by itself: not a visitor's own, nor what another run has
    left, which may be gone by now.
    """
    return experiment.own() is None and not hasattr(experiment.config, "source")


def watch(ahead: Sequence[Experiment]) -> None:
    """Lets idle workers compile, in a thread of its own.

    Args:
        ahead: What nobody has trained yet, but pages begin with.
    """
    threading.Thread(target=_watch, args=(ahead,), name="compile-ahead", daemon=True).start()


def _watch(ahead: Sequence[Experiment]) -> None:
    worked = time.monotonic()
    while not CLUSTER.is_closed:
        time.sleep(LOOK_SECONDS)
        client = CLUSTER.connected()
        if client is None or jobs_at_work():
            worked = time.monotonic()
        elif time.monotonic() - worked > IDLE_SECONDS:
            with contextlib.suppress(Exception):  # then it is compiled where it is wanted
                if found := missing(ahead):
                    _compile(client, *found)


def _compile(client: Client, experiment: Experiment, address: str) -> None:
    """Lets a worker compile a network. What fails is not tried again: a run will say why."""
    with contextlib.suppress(Exception):
        task = client.submit(worker.compile_ahead, experiment, workers=[address], pure=False)
        speed.learn(experiment, result_of(task, COMPILE_SECONDS))
    note(experiment, address)
