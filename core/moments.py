"""Any moment of a run: the nearest state that was kept before it, trained on to there.

Training is exact, so that the state after an epoch is the same whether it was kept, trained anew
from the beginning, or trained on from any state between. Imports TensorFlow when it is called.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from core import families
from core.datasets import DatasetUnavailable
from core.engine.state import State, TrainingDiverged
from core.experiments import Experiment, Move
from core.message import Message
from core.store.checkpoints import KEEP_SECONDS, Checkpoint, Checkpoints


def state_at(
    config: Any,
    dataset: Any,
    *,
    epoch: int,
    num_epochs: int,
    seed: int = 0,
    moves: Sequence[Move] = (),
    store: Checkpoints | None = None,
) -> State:
    """The state after `epoch` epochs of a run that is planned for `num_epochs`.

    Args:
        config: Of any family.
        dataset: What that family learns from: a Dataset, a TextTask, a WordList, Points, a
            Labelling (whose seed is the run's); or the name of bundled data, or a language.
        moves: Changes of live knobs, (update, name, value), in order.
        store: States that were kept, from which it goes on, and which it adds to.

    Raises:
        ValueError: An epoch that is not from 0 to `num_epochs`, moves that cannot be, or data that
            are not those of the config.
        core.engine.state.TrainingDiverged: The run has no such state.
    """
    experiment = families.experiment_class(type(config)).on(
        config, dataset, seed=seed, num_epochs=num_epochs, moves=tuple(map(Move._make, moves))
    )
    return state_of(experiment, epoch, store)


def state_of(experiment: Experiment, epoch: int, store: Checkpoints | None = None) -> State:
    """The state of an experiment after `epoch` epochs, as if it never stopped by itself; see
    `state_at`.
    """
    is_whole = isinstance(epoch, int) and not isinstance(epoch, bool)
    if not is_whole or not 0 <= epoch <= experiment.num_epochs:
        raise ValueError(
            Message(
                "The run has the epochs 0 to {most:,}; received {epoch!r}. Choose one of them.",
                most=experiment.num_epochs,
                epoch=epoch,
            )
        )
    experiment = replace(experiment, early_stopping=False)
    goal = epoch * experiment.updates_per_epoch
    kept = store.next(experiment, 0, goal, last=True) if store and goal else None
    try:
        return trained(experiment, goal, kept, store)
    except (TrainingDiverged, DatasetUnavailable):
        raise
    except Exception:
        if store is None or kept is None:
            raise
        store.forget(experiment, kept.state.update)  # of another layout
        return trained(experiment, goal, None, store)


def trained(
    experiment: Experiment,
    goal: int,
    kept: Checkpoint | None = None,
    store: Checkpoints | None = None,
) -> State:
    """The state after `goal` updates, trained on from a kept one, or from the beginning."""
    trainer = families.trainer_of(experiment)
    config = experiment.config
    data = experiment.load()
    state = kept.loaded if kept else trainer.begin(config, data, experiment.seed)
    records = list(kept.records) if kept else []
    started = time.perf_counter()
    while state.update < goal:
        count = _next_stop(experiment, state.update, goal) - state.update
        coefficients = experiment.coefficients_at(state.update)
        state, new = trainer.advance(config, data, state, coefficients, num_updates=count)
        records += new
        if store and time.perf_counter() - started > KEEP_SECONDS:
            store.save(experiment, Checkpoint(state, records))
            started = time.perf_counter()
    return state


def _next_stop(experiment: Experiment, update: int, goal: int) -> int:
    """The end of the epoch, or the next move before that."""
    per_epoch = experiment.updates_per_epoch
    moves = [move.update for move in experiment.moves if move.update > update]
    return min(goal, (update // per_epoch + 1) * per_epoch, *moves)
