"""Which worker has compiled which network: a run goes where its program is, if that worker is not
much busier than the others. Imports no TensorFlow.
"""

import threading
from collections import Counter, OrderedDict
from typing import Any

from core.experiments import Experiment
from core.jobs.cluster import CLUSTER
from core.jobs.registry import jobs_at_work

MOST_SHAPES = 500
MOST_AHEAD = 2
"""How many more runs than the least busy one a worker may have, and still get the next."""
_LOCK = threading.Lock()
_compiled: "OrderedDict[Any, set[str]]" = OrderedDict()


def note(experiment: Experiment, address: str) -> None:
    """A worker has trained such a network."""
    shape = _shape(experiment)
    with _LOCK:
        _compiled.setdefault(shape, set()).add(address)
        _compiled.move_to_end(shape)
        while len(_compiled) > MOST_SHAPES:
            _compiled.popitem(last=False)


def best(experiment: Experiment) -> str | None:
    """The address of a worker that has compiled such a network; None where none has, or those that
    have are busy.
    """
    workers = CLUSTER.addresses
    with _LOCK:
        warm = _compiled.get(_shape(experiment), set()) & workers
    if not warm:
        return None
    runs = Counter(job.near for job in jobs_at_work())
    chosen = min(warm, key=lambda address: runs[address])
    least = min(runs[address] for address in workers)
    return chosen if runs[chosen] <= least + MOST_AHEAD else None


def _shape(experiment: Experiment) -> Any:
    """Equal for runs that have one program: live knobs, seed and length do not matter."""
    return type(experiment), experiment.config.compiled(), experiment.data_name
