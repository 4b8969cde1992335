"""A job: the run of one experiment, as a chain of short chunks on the workers.

What comes next is the plan's (core/jobs/plan.py). A thread of the job sends its steps and keeps two
chunks *in flight* on the workers. The state *carried* from chunk to chunk stays there; now and then
it is written to the disk (*home*), as the point from which the job restarts when a worker is lost,
and where it rests. Imports no TensorFlow.
"""

import dataclasses
import logging
import secrets
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

from distributed import Client, Future, KilledWorker
from distributed.comm import CommClosedError

from core.datasets import DatasetUnavailable
from core.engine.state import RUNNING, Past, Patience, Snapshot, State, TrainingDiverged
from core.experiments import Experiment
from core.jobs import chunks, memory, priorities, registry, speed, warm, worker
from core.jobs.answers import ANSWERS, EVERYBODY, Place, new_owner
from core.jobs.chunks import Chunk, Flight
from core.jobs.cluster import CLUSTER, ClusterUnavailable
from core.jobs.plan import Plan, Step
from core.jobs.queries import Asked, Questions
from core.jobs.replay import Replay
from core.jobs.restart_point import Home
from core.jobs.seeks import Run, Sought
from core.jobs.visits import CHUNKS_IN_FLIGHT, Visit
from core.message import Message, message_of
from core.question import A, Question, Views
from core.store.checkpoints import LARGE_BYTES, Checkpoint, Checkpoints, StateFile, StateGone

SLOW_SECONDS = 0.5
SLOW_EPOCH_SHARE = 4
MAX_RESTARTS = 3
HOME_SECONDS = 60.0
"""How long a state may be on its way from its worker, which may be gone."""
OWED_SECONDS = 60.0
"""A question that nobody has asked again for so long is no longer wanted."""
PATIENT_SECONDS = 1.5
BESIDE_SECONDS = 30.0
"""How long a run beside waits at most until nobody else awaits a first picture."""
TURN_SECONDS = 0.05
SHORT = 0.5
"""The share of its usual length that a chunk has while somebody else waits for a first picture."""
LONG = 2.0
"""The same of a run before its first epoch, which so waits for fewer turns."""
LONGEST = 6.0
"""The same where more runs than workers are before their first epoch."""
NOT_THE_CHECKPOINT = (TrainingDiverged, DatasetUnavailable, ClusterUnavailable)
EXPECTED_PROBLEMS = (*NOT_THE_CHECKPOINT, ValueError)
LOST_WORKER = (KilledWorker, CancelledError, CommClosedError, TimeoutError)


class Job:
    """Runs one experiment while `is_wanted()` holds; no method but `ask` waits for the workers.
    With `slow`, a quarter of an epoch at a time; `is_beside` says that its first picture is in no
    hurry. `kept_by`: see `from_checkpoint`.

    Args:
        views: Questions of `core.queries.autoencoder.VIEWS`, answered after every chunk.
        is_wanted: Asked before every chunk; while False it rests, until a snapshot is taken again.
        checkpoints: Where it looks for what was trained before, and leaves what it trains.
        visit: Whose job it is: a visit has a share of the workers, whatever the number of its jobs;
            None for all there is.
    """

    def __init__(
        self,
        experiment: Experiment,
        views: Views,
        is_wanted: Callable[[], bool],
        checkpoints: Checkpoints | None = None,
        visit: Visit | None = None,
    ) -> None:
        self._visit = visit
        self.waits_since: float | None = None
        self._plan = Plan(experiment, views)
        self._data = experiment.own()
        self._owner = EVERYBODY
        if self._data is not None:
            self._keep_answers_apart()
        self._is_wanted = is_wanted
        self._checkpoints = checkpoints
        self._replay = Replay(checkpoints) if checkpoints else None
        self._questions = Questions()
        self._lock = threading.RLock()
        self._thread: threading.Thread | None = None
        self._flights: list[Flight] = []
        self._carried: chunks.Model = None
        self._home = Home(0, None)
        self._generation = 0
        # Whether the state stays on its worker: too large for here, and not found on the disk.
        self._stays = False
        self._restarts = 0
        self._last_sign = time.monotonic()
        self.near: str | None = None
        self._past = Past()
        self._report: worker.Report | None = None
        self._is_replaying = False
        self._seconds_per_update: float | None = None
        # Whether it began from a kept state that no worker has loaded yet.
        self._is_unproven = False
        self.kept_by = ""
        self.slow = False
        self.is_beside = False
        self._gives_way_since: float | None = None
        self._owed: dict[bytes, float] = {}
        registry.enter(self)
        if visit is not None:
            visit.enter(self)

    @classmethod
    def from_checkpoint(
        cls,
        checkpoint: Checkpoint,
        experiment: Experiment,
        views: Views,
        is_wanted: Callable[[], bool],
        checkpoints: Checkpoints | None = None,
        visit: Visit | None = None,
        *,
        kept_by: str = "",
    ) -> "Job":
        """A job that stands where a run was kept, with its weights and records, whatever version
        trained it. Where they do not fit this version, it trains to there.

        Args:
            checkpoints: With `kept_by`, where nothing of other runs lies.
            kept_by: The version of the project that kept it, if that is another one than this.
                Nothing of it is then remembered for other runs, or taken from them: their numbers
                would mix.
        """
        job = cls(experiment, views, is_wanted, checkpoints, visit)
        job.kept_by = kept_by
        if kept_by:
            job._keep_answers_apart()
        job._generation = secrets.randbits(32) if kept_by else 0
        update = checkpoint.state.update
        job._plan = job._plan.standing_at(update)
        file = checkpoints.save(experiment, checkpoint) if checkpoints else None
        job._carried = chunks.carried_of(checkpoint._replace(state=file or checkpoint.state))
        job._home = Home(update, job._carried)
        job._past.add(checkpoint.records, {}, update)
        job._is_unproven = True
        job._change(Plan.prepare)
        return job

    def _keep_answers_apart(self) -> None:
        """What its model says is known to this job alone, and gone with it."""
        self._owner = new_owner()
        weakref.finalize(self, ANSWERS.forget, self._owner)

    # What is asked of it.

    def prepare(self) -> None:
        """Shows the untrained network and waits."""
        self._change(Plan.prepare)

    def play(self) -> None:
        """Trains on to the last epoch; after a stop by itself, without stopping again."""
        self.train_to(self.experiment.num_updates)

    def play_epoch(self) -> None:
        """Trains to the end of the present epoch, or of the next one when between two."""
        per_epoch = self.experiment.updates_per_epoch
        self.train_to((self._plan.update // per_epoch + 1) * per_epoch)

    def train_to(self, goal: int) -> None:
        """Trains on until so many updates are made, or to the last epoch."""
        self._restarts = 0
        self._change(lambda plan: plan.train_to(goal))

    def pause(self) -> None:
        """Forgets what has not begun; the chunk that runs counts, a lost one is trained again."""
        self._change(Plan.pause)

    def steer(self, wanted: Mapping[str, Any]) -> None:
        """Turns live knobs of the running model, from the end of the chunk that runs.

        Moves that were still to come are forgotten. Before the first update it is the config that
        changes: nothing has moved yet.

        Raises:
            ValueError: The run holds as many moves as it can.
        """
        self._change(lambda plan: plan.steer(wanted))

    def extend(self, *, num_epochs: int, early_stopping: bool) -> None:
        """Moves the end of the run; what has been trained stays."""
        self._change(lambda plan: plan.extend(num_epochs, early_stopping=early_stopping))

    def look_at(self, views: Views) -> None:
        """Asks for other views; a job at rest fetches them."""
        self._change(lambda plan: plan.look_at(views))

    def skip(self) -> None:
        """Jumps to the end of what was trained before, now or when it gets there."""
        if self._replay:
            self._replay.skip()

    def _change(self, event: Callable[[Plan], Plan]) -> None:
        """Lets something happen to the plan, forgets chunks that are no longer part of it, and goes
        to work.
        """
        with self._lock:
            self._plan = event(self._plan)
            del self._flights[len(self._plan.steps) :]
            if self._plan.has_work:
                self._start_thread()

    # What it tells.

    @property
    def experiment(self) -> Experiment:
        """What it trains, with the moves so far."""
        return self._plan.experiment

    @property
    def update(self) -> int:
        """Updates made."""
        return self._plan.update

    def checkpoint(self) -> Checkpoint | None:
        """The run as it stands, to be kept or exported; None while it is at work, or while it is
        trained again to where it stood, because no disk has its state any more.
        """
        with self._lock:
            if not isinstance(self._carried, worker.Carried) or self._plan.is_at_work:
                return None
            state = self._carried.state
            if isinstance(state, State) or state.path.is_file() or self._plan.problem:
                return Checkpoint(state, list(self._past.records))
        self._go_back_to_nearest()
        return None

    @property
    def awaits_first(self) -> bool:
        """Whether it trains and has no epoch to show yet, and somebody waits for that."""
        return self._plan.has_work and not (self._past.records or self.is_beside)

    @property
    def is_at_rest(self) -> bool:
        """Whether its model has been shown, and does not change until somebody asks for more."""
        with self._lock:
            is_on_its_way = isinstance(self._carried, Future) and not self._stays
            goes_on = self._plan.is_at_work or is_on_its_way
            return self._report is not None and not goes_on

    @property
    def moment(self) -> int:
        """A number that changes after each epoch while it trains, and once more when it rests. An
        answer that was given at another moment is stale.
        """
        with self._lock:
            plan = self._plan
            return len(self._past.records) if plan.phase in RUNNING else -plan.update

    def ask(self, question: Question[A]) -> A | None:
        """What the model says: anew after each epoch while it trains, and once more when it rests.

        None while there is no model yet, or no worker is free (`owes`).
        """
        with self._lock:
            plan = self._plan
            if self._report is None:
                return None
            update = 0 if question.of_data else plan.update
            place = Place(plan.experiment.key_before(update), update, question.key, self._owner)
            asked = Asked(
                plan.experiment, self._carried, question, self.moment, place, not plan.is_at_work
            )
        known: A | None = self._questions.known(asked)
        if known is not None:
            self._owed.pop(question.key, None)
            return known
        self._owed[question.key] = time.monotonic()
        client = CLUSTER.connected()
        if client is None:
            return None
        try:
            answer: A = self._questions.ask(client, asked, registry.num_training())
        except LOST_WORKER:
            return None
        except StateGone:
            if plan.problem is None:
                self._go_back_to_nearest()
            else:  # a run that has failed is not trained again by itself
                self._owed.pop(question.key, None)
            return None
        self._owed.pop(question.key, None)
        return answer

    @property
    def owes(self) -> bool:
        """Whether an answer is on its way that somebody has asked for lately."""
        lately = time.monotonic() - OWED_SECONDS
        return any(asked > lately for asked in list(self._owed.values()))

    def snapshot(self) -> Snapshot:
        """How things stand; wakes a job that rested because nobody wanted it."""
        silent = self.silent_seconds
        rate = self._seconds_per_update
        with self._lock:
            plan = self._plan
            if plan.has_work or self._must_come_home:
                self._start_thread()
            snapshot = Snapshot(
                plan.phase,
                plan.update,
                list(self._past.records),
                self._report.views if self._report else {},
                {name: list(points) for name, points in self._past.traces.items()},
                speed.batch_rows(plan.experiment) / rate if rate else None,
                silent,
                self._restarts > 0 and plan.is_at_work,
                self._is_replaying and plan.is_training,
                plan.problem,
            )
        if silent < PATIENT_SECONDS or snapshot.phase == "starting":
            return snapshot
        cluster = CLUSTER.status()
        return snapshot._replace(recovering=snapshot.recovering or cluster.ready < cluster.most)

    def seek(self, visit: Visit, epoch: int, questions: Views | None = None) -> Sought | None:
        """The run as it stood after an epoch, for one visitor, or None while it is on its way;
        never waits. Neither the training nor another visitor notices.

        Args:
            questions: What is asked there, of `VIEWS` or of the trainer's `ANSWERS`; without it,
                what the job shows.

        Raises:
            ValueError: An epoch that is no whole number.
        """
        views = self._plan.views if questions is None else questions
        return visit.seeks.seek(self.run(), epoch, views)

    def run(self) -> Run:
        """What is known of it by now, for those who look at its past."""
        with self._lock:
            return Run(
                self._plan.experiment,
                list(self._past.records),
                self._checkpoints,
                self._plan.update,
                self._carried,
                self._owner,
                not self.kept_by,
                self._each(),
                self.near,
            )

    def kept(self) -> list[int]:
        """After which updates its states are kept, in order; reads the disk."""
        run = self.run()
        last = len(run.records) * run.experiment.updates_per_epoch
        return run.store.updates(run.experiment, last) if run.store else []

    def fill(self, update: int, numbers: Iterable[tuple[str, float]]) -> None:
        """Takes numbers of its views that were found at an earlier moment into its traces."""
        with self._lock:
            self._past.fill(numbers, update)

    @property
    def predicted_bytes(self) -> int:
        """What it takes of a worker's memory while it trains, about."""
        return memory.predicted_bytes(self.experiment)

    def release(self) -> None:
        """Lets go of all that it holds, here and on the workers: its visitor has left for good."""
        with self._lock:
            self._plan = self._plan.failed(Message("The visit has ended."))
            self._flights.clear()
            self._carried = None
            self._home = Home(0, None)
            self._report = None
            self._past = Past()
            self._questions = Questions()
        if self._owner != EVERYBODY:
            ANSWERS.forget(self._owner)

    @property
    def bytes_here(self) -> int:
        """What its states take of this server's memory: where no disk has taken them."""
        states = {
            id(state): state.num_bytes
            for held in (self._carried, self._home.carried)
            if isinstance(held, worker.Carried) and isinstance(state := held.state, State)
        }
        return sum(states.values())

    def let_go_of_state(self) -> None:
        """Forgets a state that lies in the memory of this server. Where it is wanted again, the run
        is trained to there again, or replayed.
        """
        with self._lock:
            if isinstance(self._carried, worker.Carried) and self.is_at_rest:
                gone = StateFile(Path(), self._plan.update, 0)
                self._carried = self._carried._replace(state=gone)
                self._home = Home(0, None)

    def seconds_for(self, num_updates: int) -> float:
        """How long so many updates take, as far as is known by now."""
        return num_updates * self._each()

    def _each(self) -> float:
        return self._seconds_per_update or speed.seconds_per_update(self.experiment)

    @property
    def last_sign(self) -> float:
        """When it last heard from a worker, by the monotonic clock."""
        return self._last_sign

    @property
    def silent_seconds(self) -> float:
        """How long the workers have owed a chunk, or it waits for its turn; 0 while neither."""
        since = self._last_sign if self._flights else self.waits_since
        return 0.0 if since is None else time.monotonic() - since

    @property
    def is_held_back(self) -> bool:
        """Whether it stands in line until another run of its visit, or of the server, rests."""
        return self._visit is not None and self._visit.holds_back(self)

    @property
    def num_under_way(self) -> int:
        """How many chunks of it the workers have, or wait for."""
        return len(self._flights)

    @property
    def is_at_work(self) -> bool:
        """Whether it trains, or fetches other views."""
        return self._thread is not None and self._thread.is_alive()

    # The thread.

    def _start_thread(self) -> None:
        if not self.is_at_work:
            self._thread = threading.Thread(target=self._run, name="job", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        try:
            client = CLUSTER.client()
            memory.check(self.experiment, CLUSTER.worker_bytes)
            while self._take_chunk(client):
                client = CLUSTER.client()
        except EXPECTED_PROBLEMS as error:
            self._fail(message_of(error))
        except Exception as error:
            if CLUSTER.is_closed:
                return
            logging.getLogger(__name__).exception("A job failed")
            self._fail(
                Message(
                    "The workers met an unexpected error ({name}). Press reset.",
                    name=type(error).__name__,
                )
            )
        finally:
            self._give_up_turn()

    def _give_up_turn(self) -> None:
        self.waits_since = None
        if self._visit is not None:
            self._visit.rest(self)

    def _fail(self, sentence: str) -> None:
        with self._lock:
            self._plan = self._plan.failed(sentence)
            self._flights.clear()
            self._thread = None

    def _take_chunk(self, client: Client) -> bool:
        """Keeps the workers busy, waits for one chunk and takes it in; False at the end."""
        flight = None
        try:
            self._come_home_if_due()
            if not self._flights and not self._has_turn():
                time.sleep(TURN_SECONDS)
                return True
            flight = self._submit(client)
            if flight is None:
                return False
            report = chunks.wait_for(client, flight)
            with self._lock:
                is_next = self._accept(flight, report)
            if is_next:
                self._keep_if_due(flight)
        except LOST_WORKER:
            self._restart()
            return True
        except StateGone:
            if self._replay and flight and flight.chunk.checkpoint:
                self._replay.pass_over(flight.chunk.checkpoint)
            self._go_back_to_nearest()
            return True
        except NOT_THE_CHECKPOINT:
            raise
        except Exception:
            if flight is None or not self._drop_checkpoint(flight):
                raise
            return True
        self._rest(flight)
        return True

    def _rest(self, flight: Flight) -> None:
        """Between two chunks: shows what was trained before at a speed that can be watched."""
        if not self._plan.is_training:
            return
        if flight.chunk.checkpoint and self._replay:
            self._replay.rest()
        elif self.slow:
            time.sleep(SLOW_SECONDS)

    def _submit(self, client: Client) -> Flight | None:
        """Submits chunks until enough are in flight. Returns the one that ends next, or None at
        rest.

        It reads the disk and submits without the lock, so that `snapshot` does not wait; whatever
        happens to the plan meanwhile, the step was not its next one.
        """
        while True:
            with self._lock:
                plan = self._plan
            if self._flights and not self._has_turn():
                return self._flights[0]
            kept = self._kept(plan)
            with self._lock:
                if plan is not self._plan:
                    continue
                step = self._next_step(kept)
                if step is None:
                    if not self._flights:
                        self._thread = None
                        self._give_up_turn()
                    return self._flights[0] if self._flights else None
                chunk = self._chunk(step, kept)
                if not self._flights:
                    self._last_sign = time.monotonic()
            moves = self.near is not None and warm.moved(self)
            flight = chunks.submit(
                client,
                plan.experiment,
                chunk,
                self.near or warm.best(plan.experiment),
                self._data,
                priority=priorities.of_chunk(
                    self._seconds_to_first(step), self._visit.ahead if self._visit else 0.0
                ),
                owner=self._owner,
                moves=moves,
            )
            with self._lock:
                if plan is self._plan:
                    self._plan = plan.sent(step)
                    self._flights.append(flight)
                    self.waits_since = None
                    if self._replay and step.kind != "look":
                        self._replay.end_skip()

    def _seconds_to_first(self, step: Step) -> float | None:
        """How long from the beginning of a step to the end of the first epoch; None where nobody
        waits for it, or where it takes very long.
        """
        takes_long = self._each() * self.experiment.updates_per_epoch > priorities.LONGEST_FIRST
        if takes_long or not self._is_before_first(step.begin):
            return None
        updates = self.experiment.updates_per_epoch - step.begin
        return self._each() * updates if step.size else 0.0

    def _is_before_first(self, update: int) -> bool:
        """Whether somebody waits for the first epoch, and it ends after an update."""
        return self.awaits_first and update < self.experiment.updates_per_epoch

    def _has_turn(self) -> bool:
        """Whether this job may have one more chunk under way, of all jobs of its visit. What nobody
        has seen yet waits for no turn, unless it is beside something; nor does a job that has
        nothing to do.
        """
        plan = self._plan
        waits_for_none = not plan.has_work or (plan.must_look and not self.is_beside)
        if self._visit is None or waits_for_none or not self._is_wanted():
            self.waits_since = None
            return True
        if not self._flights and self.waits_since is None:
            self.waits_since = time.monotonic()
        return not self.gives_way and self._visit.may_send(self)

    @property
    def gives_way(self) -> bool:
        """Whether it is a run beside that lets the first pictures of all others go before its own,
        for a while from when it first could have begun. It is then in nobody's way.
        """
        if not self.is_beside or self._past.records or not registry.num_awaiting_first():
            return False
        self._gives_way_since = self._gives_way_since or time.monotonic()
        return time.monotonic() - self._gives_way_since < BESIDE_SECONDS

    def _kept(self, plan: Plan) -> Checkpoint | None:
        """The next state to replay, or None; reads the disk."""
        is_due = plan.is_training and not (self.slow or plan.steps or plan.must_look)
        if self._replay is None or not is_due:
            return None
        return self._replay.next(plan.experiment, plan.update, plan.goal)

    def _next_step(self, kept: Checkpoint | None) -> Step | None:
        if not self._is_wanted():
            return None
        begin = self._plan.steps[-1].end if self._plan.steps else self._plan.update
        near = chunks.size_near(self._each(), self._share_of_length(begin))
        per_epoch = self.experiment.updates_per_epoch
        if self.slow:
            near = min(near, max(1, per_epoch // SLOW_EPOCH_SHARE))
        if begin < per_epoch:
            near = min(near, per_epoch - begin)
        comes_home = self._home.is_due() and not self._stays
        most = 1 if self.slow or comes_home else CHUNKS_IN_FLIGHT
        return self._plan.next(near, most, kept.state.update if kept else None)

    def _share_of_length(self, begin: int) -> float:
        """The length of a chunk that begins after an update, as a share of the usual one."""
        num_waiting = registry.num_awaiting_first()
        if not num_waiting:
            return 1.0
        if not self._is_before_first(begin):
            return SHORT
        return LONGEST if num_waiting > CLUSTER.status().ready else LONG

    def _chunk(self, step: Step, kept: Checkpoint | None) -> Chunk:
        carried = self._flights[-1].carried if self._flights else self._carried
        if step.kind != "replay" or kept is None:
            return Chunk(step.begin, step.size, carried, step.views, self._generation)
        return Chunk(step.begin, 0, chunks.carried_of(kept), step.views, self._generation, kept)

    def _accept(self, flight: Flight, report: worker.Report) -> bool:
        """Takes in what came back; False if the run has gone elsewhere meanwhile."""
        if not self._flights or self._flights[0] is not flight:
            return False
        updates = report.update - self._plan.update
        self._plan = self._plan.landed(report.update, has_stopped=report.stopped)
        self._flights = self._flights[1 : 1 + len(self._plan.steps)]
        self._carried = flight.carried
        if self._is_unproven and self._replay and report.address:
            self._replay.prove(report.update)
        self._is_unproven = self._is_unproven and report.address is None
        self._report = report
        self.near = report.address or self.near
        if report.address and flight.chunk.size:
            warm.note(self.experiment, report.address)
        self._last_sign = time.monotonic()
        self._restarts = 0
        self._home = self._home.after(flight.carried, report)
        kept = flight.chunk.checkpoint
        records = kept.records[len(self._past.records) :] if kept else report.records
        self._past.add(records, report.views, report.update)
        self._is_replaying = kept is not None
        if self._replay:
            self._replay.land(flight.chunk, report.seconds)
        if updates and not kept and not report.is_cold:
            self._seconds_per_update = speed.learn(self.experiment, report.seconds / updates)
        if self._visit is not None and flight.chunk.size:
            self._visit.charge(self.seconds_for(updates))
        return True

    def _keep_if_due(self, flight: Flight) -> None:
        """Keeps a state wherever training to it took long."""
        report = self._report
        if self._replay is None or flight.chunk.size == 0 or report is None:
            return
        plan = self._plan
        epoch = plan.update // plan.experiment.updates_per_epoch
        run_seconds = self.seconds_for(plan.experiment.num_updates)
        if self._replay.lacks(epoch, report.state_bytes, run_seconds) and self._is_wanted():
            kept = self._kept_off_the_workers(flight.carried, report)
            self._stays = kept is None
            if kept is not None:
                self._home = dataclasses.replace(self._home, update=plan.update, carried=kept)

    @property
    def _must_come_home(self) -> bool:
        """Whether a worker holds the present state, and need not."""
        return self._report is not None and isinstance(self._carried, Future) and not self._stays

    def _come_home_if_due(self) -> None:
        """Takes the state off the workers: where the job rests, and now and then, for a restart
        point and a short graph of Dask. For a visitor who has left nothing is brought home.
        """
        carried, report = self._carried, self._report
        is_due = self._home.is_due() or not self._plan.is_training
        if self._flights or not (is_due and self._must_come_home and self._is_wanted()):
            return
        update = self._plan.update
        if not update:  # the untrained network is made anew where it is wanted
            self._carried = None
            return
        here = self._home.carried if self._home.update == update else None
        kept = here or self._kept_off_the_workers(carried, report)
        with self._lock:
            if kept is None:
                self._stays = True
            elif self._carried is carried:
                self._carried = kept
                self._home = Home(update, kept)
        if self._visit is not None and self.bytes_here:
            self._visit.make_room()

    def _kept_off_the_workers(self, carried: Any, report: Any) -> worker.Carried | None:
        """The present state in its file; where the disk fails, in the memory of this server. A
        large one is written by its worker; None where this server does not find it then.
        """
        experiment, records = self._plan.experiment, list(self._past.records)
        replay = self._replay
        if report.state_bytes > LARGE_BYTES:
            file = replay.written(carried, experiment, report.update, records) if replay else None
            return worker.Carried(file, Patience().after(records)) if file else None
        there = chunks.result_of(carried, HOME_SECONDS)
        file = replay.save(experiment, Checkpoint(there.state, records)) if replay else None
        return worker.Carried(file or there.state, there.patience)

    def _go_back_to_nearest(self) -> None:
        """The file of the present state is gone: back to the nearest one that is there, and from
        there to where the job was.
        """
        kept = self._replay and self._replay.instead(self.experiment, self._plan.update)
        with self._lock:
            self._home = Home(kept.state.update, chunks.carried_of(kept)) if kept else Home(0, None)
            self.kept_by = self.kept_by if kept else ""
            self._go_back()
            self._start_thread()

    def _restart(self) -> None:
        """Restarts from the last state on the server; training again gives the same numbers."""
        with self._lock:
            self._restarts += 1
            self._go_back()
            if self._restarts > MAX_RESTARTS:
                raise ClusterUnavailable(
                    Message("The workers were lost again and again. Press play to try once more.")
                )

    def _drop_checkpoint(self, failed: Flight) -> bool:
        """After a failed chunk: deletes the checkpoint it began from (of another version, say) and
        trains instead. Returns whether it began from one.
        """
        if self._is_unproven:
            home = Home(0, None)
            self.kept_by = ""
        elif self._replay and self._replay.forget(self.experiment, failed.chunk):
            home = self._replay.proven(self._home)
        else:
            return False
        logging.getLogger(__name__).warning("A checkpoint does not fit and is forgotten.")
        with self._lock:
            self._is_unproven = False
            self._home = home
            self._go_back()
        return True

    def _go_back(self) -> None:
        self._generation += 1
        self._plan = self._plan.lost(self._home.update)
        self._flights.clear()
        self.near = None
        self._carried = self._home.carried
        self._past.go_back_to(self._plan.update, self.experiment.updates_per_epoch)
