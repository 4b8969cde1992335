"""What runs in a worker process. Importing this module imports no TensorFlow; calling it does."""

import contextlib
import dataclasses
import gc
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from distributed import get_worker

from core.configs import StackedConfig
from core.engine.state import Patience, Record
from core.experiments import Experiment
from core.families import trainer_of
from core.moments import trained
from core.queries.autoencoder import VIEWS
from core.question import A, Question, Views
from core.store import checkpoints
from core.store.checkpoints import Checkpoint

NICENESS = 10
UPDATES_TIMED = 8


class Report(NamedTuple):
    """The part of a chunk's result that travels to the server.

    Attributes:
        update: Updates made since the start of the run.
        seconds: Time of the updates, without views and loading of data.
        records: One for every epoch completed in this chunk.
        views: The answers by question.
        stopped: Whether early stopping has ended the run.
        state_bytes: Size of the state.
        is_cold: Whether its worker has compiled something for it, so that `seconds` tells little.
        address: The worker, which has compiled the network; None of a cached report.
    """

    update: int
    seconds: float
    records: list[Record]
    views: dict[Question[Any], Any]
    stopped: bool
    state_bytes: int
    address: str | None
    is_cold: bool = False


class Carried(NamedTuple):
    """What one chunk passes to the next: a `core.engine.state.State` or its file, the count of
    early stopping, and the report of the chunk.
    """

    state: Any
    patience: Patience
    report: Report | None = None

    @property
    def loaded(self) -> Any:
        """The state itself. Raises core.store.checkpoints.StateGone."""
        return Checkpoint(self.state, []).loaded


KERAS_CAN_DO_WITHOUT = ("sklearn", "matplotlib", "pandas")
_ONE_AT_A_TIME = threading.Lock()
_trained_here: set[Any] = set()


def run_chunk(
    experiment: Experiment,
    carried: Carried | None,
    num_updates: int,
    views: Views,
    own: Any = None,
) -> Carried:
    """Runs a chunk: `num_updates` updates, or fewer if early stopping ends the run, then the views.

    A worker with several threads trains one chunk at a time: an engine holds one state.

    Args:
        carried: What the chunk before returned; None to begin.
        own: The data of an experiment on own data.
    """
    with _ONE_AT_A_TIME:
        experiment.adopt(own)
        return _run_chunk(experiment, carried, num_updates, views)


def _run_chunk(
    experiment: Experiment,
    carried: Carried | None,
    num_updates: int,
    views: Views,
) -> Carried:
    training = trainer_of(experiment)
    config = experiment.config
    data = experiment.load()
    if carried is None:
        carried = Carried(training.begin(config, data, experiment.seed), Patience())
    state, patience = carried.loaded, carried.patience
    records: list[Record] = []
    per_epoch = experiment.updates_per_epoch
    last = state.update + num_updates
    started = time.perf_counter()
    while state.update < last and not (experiment.early_stopping and patience.is_over):
        safe = patience.epochs_left * per_epoch - state.update % per_epoch
        count = min(last - state.update, safe if experiment.early_stopping else num_updates)
        coefficients = experiment.coefficients_at(state.update)
        state, new = training.advance(config, data, state, coefficients, num_updates=count)
        patience = patience.after(new)
        records = records + new
    seconds = time.perf_counter() - started
    model = training.shared_model(config, data, state)
    shown = {view: VIEWS[type(view)](model, data) for view in views}
    stopped = experiment.early_stopping and patience.is_over
    address = get_worker().address
    num_bytes = state.num_bytes
    is_cold = bool(num_updates) and _is_cold(experiment, bool(records))
    report = Report(state.update, seconds, records, shown, stopped, num_bytes, address, is_cold)
    return Carried(state, patience, report)


def _is_cold(experiment: Experiment, ends_epoch: bool) -> bool:
    """Whether this process has trained no such network before, or to no end of an epoch."""
    key = experiment.program, ends_epoch
    is_cold = key not in _trained_here
    _trained_here.add(key)
    return is_cold


def hold(data: Any) -> Any:
    """Returns own data: a task whose result Dask keeps for the chunks that depend on it."""
    return data


def report_of(carried: Carried) -> Report | None:
    """The report of a chunk, without its state, which stays on the worker."""
    return carried.report


def keep(carried: Carried, records: list[Record], path: Path) -> None:
    """Writes a large state to the disk, that no server need hold it. Raises OSError."""
    checkpoints.write(path, Checkpoint(carried.loaded, records))


def answer(experiment: Experiment, carried: Carried | None, question: Question[A], own: Any) -> A:
    """The answer of a run's model, or of the untrained one, to a question: a type in its trainer's
    `ANSWERS`.
    """
    with _ONE_AT_A_TIME:
        experiment.adopt(own)
        training = trainer_of(experiment)
        data = experiment.load()
        config = experiment.config
        state = carried.loaded if carried else training.begin(config, data, experiment.seed)
        model = training.shared_model(config, data, state)
        found: A = training.ANSWERS[type(question)](model, data, question)
        return found


def along(
    experiment: Experiment,
    begins: Sequence[tuple[Carried | None, Sequence[int]]],
    questions: Views,
    own: Any,
) -> dict[int, dict[Question[Any], Any]]:
    """What a run says at some moments, by update; the questions are types of `VIEWS` or of the
    trainer's `ANSWERS`.

    Args:
        begins: Kept states, None for the untrained network, each with the updates, in order, to
            which it is trained on.
    """
    with _ONE_AT_A_TIME:
        experiment.adopt(own)
        training = trainer_of(experiment)
        data = experiment.load()
        found = {}
        for carried, goals in begins:
            kept = Checkpoint(carried.state, []) if carried else None
            for goal in goals:
                state = trained(experiment, goal, kept)
                kept = Checkpoint(state, [])
                model = training.shared_model(experiment.config, data, state)
                found[goal] = {
                    each: VIEWS[type(each)](model, data)
                    if type(each) in VIEWS
                    else training.ANSWERS[type(each)](model, data, each)
                    for each in questions
                }
        return found


def export(kind: str, experiment: Experiment, checkpoint: Checkpoint, own: Any) -> bytes:
    """A file of a run, "script" or "keras": see `core.export.script`."""
    from core.export import script

    experiment.adopt(own)
    if kind == "keras":
        return script.make_keras(experiment, checkpoint.loaded)
    update = checkpoint.state.update
    records = checkpoint.records
    return script.make_script(experiment, update, records, experiment.load())


def film(arguments: tuple[Any, ...], options: dict[str, Any]) -> bytes:
    """See `core.export.film.make`."""
    from core.export import film as drawing

    return drawing.make(*arguments, **options)


def compile_ahead(experiment: Experiment) -> float:
    """Compiles a network, the end of an epoch too, and loads its data; returns what an update takes
    then, in seconds.
    """
    training = trainer_of(experiment)
    data, config = experiment.load(), experiment.config
    with _ONE_AT_A_TIME:
        state = training.begin(config, data, experiment.seed)
        state = dataclasses.replace(state, update=experiment.updates_per_epoch - 1)
        coefficients = experiment.coefficients_at(0)
        state, _ = training.advance(config, data, state, coefficients, num_updates=2)
        started = time.perf_counter()
        training.advance(config, data, state, coefficients, num_updates=UPDATES_TIMED)
        seconds = (time.perf_counter() - started) / UPDATES_TIMED
    for ends_epoch in (False, True):
        _is_cold(experiment, ends_epoch)
    return seconds


def warm_up() -> None:
    """Compiles the default network."""
    compile_ahead(Experiment(config=StackedConfig()))


def dask_setup(server: Any) -> None:
    """Dask's hook in a new process: a worker lowers its priority and imports TensorFlow; a nanny of
    this server ends when the server does.
    """
    if type(server).__name__ == "Worker":
        if hasattr(os, "nice"):
            os.nice(NICENESS)
        with _quiet(), _without(KERAS_CAN_DO_WITHOUT), _no_garbage():
            import core.models.trainer  # noqa: F401
    elif os.environ.get("BOTTLENECK_PARENT"):
        threading.Thread(
            target=_die_with, args=(int(os.environ["BOTTLENECK_PARENT"]),), daemon=True
        ).start()


@contextlib.contextmanager
def _without(packages: tuple[str, ...]) -> Iterator[None]:
    """Hides optional packages from Keras, whose import is a third of its start."""
    hidden: dict[str, Any] = {name: None for name in packages if name not in sys.modules}
    sys.modules.update(hidden)
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


@contextlib.contextmanager
def _no_garbage() -> Iterator[None]:
    """Disables garbage collection during imports, a fifth of their time; freezes what they made."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Discards what TensorFlow's C++ writes to stderr on import, before log levels apply."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _die_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)
