"""A page with one run: what its knobs begin and steer, and what its panel says."""

from collections.abc import Callable

import streamlit as st

from components.knobs import link, values
from components.knobs.switch import Stage, ViewsOf
from components.runs import bar, fork, moments, run_panel, series
from components.streamlit_adapter import session
from components.streamlit_adapter.polling import repeat
from components.words.escaping import plain
from components.words.language import t
from core import knobs
from core.engine.state import MIN_GAIN, PATIENCE, Snapshot
from core.experiments import MAX_UPDATES, Experiment
from core.jobs.runner import Job
from core.jobs.speed import predicted_seconds
from core.message import Message, message_of
from core.question import Views

Draw = Callable[[Snapshot, Experiment, str], None]
BUILDING = Message("The network is being built and compiled: about 3 seconds.")
UNSEEN = ("starting", "failed")


def begin(experiment: Experiment | None, key: str, views: ViewsOf) -> None:
    """Starts the first job of a page, or hands its job the live knobs.

    Args:
        experiment: What the knobs say; None while they say nothing possible.
        views: Says what the stage needs of a run.
    """
    session.page(key).wanted = experiment
    job = session.job(key)
    session.keep_problem(f"{key}_moves", "")
    if job is None:
        job = _start(session.opening(key), key, views, playing=True)
    elif experiment is not None and moments.of_own(key) is None:
        _apply_live_knobs(job, experiment, key)
    link.write(job.experiment, key)


def begin_beside(stage: Stage, key: str) -> None:
    """Before every drawing: tells the job what the chosen part looks at, and begins what the part
    compares it with, once the job has something to show itself.
    """
    job = session.job(key)
    if job is None:
        return
    job.slow = session.widget_value(f"{key}_slow", False)
    views = stage.views(key)(job.experiment)
    job.look_at(views)
    moments.fetch(key, views)
    moments.fill_curves(job, views, bar.kept_of(job, key), key)
    if job.snapshot().phase not in UNSEEN:
        series.begin_all(stage.beside(job.experiment, key), key)


def watch(key: str, show: Draw, begin: Callable[[], None] | None = None) -> None:
    """Draws something of a run where it is called, again and again while its job runs.

    Args:
        begin: Begins what the page needs, before every drawing.
    """
    repeat(draw, key, show, key=key, begin=begin)


def draw(key: str, show: Draw) -> None:
    """Draws something of a run as it is looked at."""
    seen = moments.shown(key)
    if seen is not None:
        with moments.looking(key):
            show(seen.snapshot(), seen.experiment, key)


class Panel:
    """Of a page with one run."""

    unit = "epoch"
    is_alone = True
    reset_help: str = Message("Back to the untrained network, with the knobs as they stand.")

    def __init__(self, views: ViewsOf) -> None:
        self._views = views

    def leading(self, wanted: Experiment | None, key: str) -> Job | None:
        """The job of the page."""
        return session.job(key)

    def views(self, experiment: Experiment) -> Views:
        """What its stage shows."""
        return self._views(experiment)

    def changes(self, job: Job | None, wanted: Experiment | None) -> list[str]:
        """The knobs that need *Start again*."""
        return structural_changes(job.experiment, wanted) if job and wanted else []

    def restart(self, wanted: Experiment, key: str, changed: bool) -> None:
        """Plays what has changed, and rests at what has not."""
        restart(wanted, key, self._views, playing=changed)

    def show_step(self, job: Job | None, wanted: Experiment | None, key: str) -> None:
        """*Epoch*."""
        st.button(
            t("Epoch"),
            key=f"{key}_epoch",
            shortcut="E",
            icon=":material/skip_next:",
            disabled=run_panel.is_at_end(job, key) or (job is not None and _is_playing(job)),
            on_click=run_panel.play,
            args=(job, Job.play_epoch, key),
            help=t("Trains to the end of one epoch."),
        )

    def progress(self, snapshot: Snapshot, job: Job, key: str) -> str:
        """Epochs and updates."""
        done = snapshot.update
        return t(
            "epoch **{epoch}** of {num_epochs} · update {done:,}",
            epoch=done // job.experiment.updates_per_epoch,
            num_epochs=job.experiment.num_epochs,
            done=done,
        )

    def status(self, snapshot: Snapshot, job: Job, key: str) -> str:
        """Trains, rests, has stopped."""
        return _status(snapshot, job)

    def show_more(self, job: Job, wanted: Experiment | None, key: str) -> None:
        """How large it is, what was turned last, and whose numbers they are."""
        changes = self.changes(job, wanted)
        if changes and wanted:
            size = _size(wanted, predicted_seconds(wanted))
            changed = t("Changed: {join}. **Start again** trains {size}.",
                        join=", ".join(changes), size=size)  # fmt: skip
            st.caption(changed)
            if session.page(key).moment is None:
                fork.show_compare_from_start(wanted, True, key)
        else:
            size = _size(job.experiment, job.seconds_for(job.experiment.num_updates))
            st.caption(t("This network: {experiment}.", experiment=size))
        show_last_move(job.experiment)
        _show_origin(job, key, self._views)


def _is_playing(job: Job) -> bool:
    return job.snapshot().phase in ("starting", "training")


def _status(snapshot: Snapshot, job: Job) -> str:
    if snapshot.phase == "training":
        left = _duration(job.seconds_for(job.experiment.num_updates - snapshot.update))
        return t(":material/play_arrow: Training, {left} to the last epoch.", left=left)
    epoch = snapshot.update // job.experiment.updates_per_epoch
    return {
        "starting": t(BUILDING),
        "paused": t(":material/pause: Paused.")
        if snapshot.update
        else t(":material/pause: Untrained. Press play."),
        "stopped": t(
            ":material/flag: Stopped by itself at epoch {epoch}: {patience} epochs "
            "together lowered the test loss by less than {min_gain:.0%}. Play "
            "trains on.",
            epoch=epoch,
            patience=PATIENCE,
            min_gain=MIN_GAIN,
        ),
        "finished": t(
            ":material/flag: All {epoch} epochs done. *Epochs at most* (More "
            "knobs) makes room for more.",
            epoch=epoch,
        ),
    }[snapshot.phase]


def _show_origin(job: Job, key: str, views: ViewsOf) -> None:
    """Where the numbers of a kept run may be others here: whose they are, and how to get ours."""
    if not job.kept_by:
        return
    st.info(
        t(
            "This run was kept by another version (Bottleneck {build}). These are its "
            "numbers; this version may come to others.",
            build=plain(job.kept_by),
        ),
        icon=":material/history:",
    )
    st.button(
        t("Train again"),
        key=f"{key}_again",
        icon=":material/replay:",
        on_click=_train_again,
        args=(job.experiment, key, views),
        help=t("Trains the same run with this version, from its beginning."),
    )


def _train_again(experiment: Experiment, key: str, views: ViewsOf) -> None:
    _start(experiment, key, views, playing=True)


def show_last_move(experiment: Experiment) -> None:
    """The live knob that was turned last, at once: what it does may be a while in coming."""
    if experiment.moves:
        move = experiment.moves[-1]
        declared = knobs.params(experiment.config)[move.name]
        words = f"{t(declared.label)} → {word_of(declared, move.value)}"
        st.caption(
            t("Turned last: **{words}**, from update {at:,} on.", words=words, at=move.update)
        )


def _start(experiment: Experiment, key: str, views: ViewsOf, *, playing: bool) -> Job:
    job = session.make_job(experiment, views(experiment))
    session.keep_job(key, job)
    if playing:
        job.play()
    else:
        job.prepare()
    return job


def restart(experiment: Experiment, key: str, views: ViewsOf, playing: bool) -> None:
    """Begins a new run; only from a callback."""
    session.page(key).notices = []
    _start(experiment, key, views, playing=playing)


def _apply_live_knobs(job: Job, experiment: Experiment, key: str) -> None:
    """Hands the running job every live knob that stands elsewhere than the job has it."""
    ours = job.experiment
    steer(job, experiment, key)
    num_epochs = ours.num_epochs if _plans_ahead("num_epochs", ours) else experiment.num_epochs
    job.extend(num_epochs=num_epochs, early_stopping=experiment.early_stopping)


def steer(job: Job, wanted: Experiment, key: str) -> None:
    """Hands a job the live knobs that have moved; what it refuses is told by the panel."""
    knobs_now = wanted.config.coefficients()
    if knobs_now.items() <= job.experiment.coefficients_at(MAX_UPDATES).items():
        return
    try:
        job.steer(knobs_now)
    except ValueError as error:
        session.keep_problem(f"{key}_moves", message_of(error))


def structural_changes(ours: Experiment, wanted: Experiment) -> list[str]:
    """The knobs that cannot act on the running model, as "Bottleneck size 30 → 10"."""
    changes = []
    for old, new in ((ours, wanted), (ours.config.compiled(), wanted.config.compiled())):
        for name, declared in knobs.params(new).items():
            before = getattr(old, name)
            after = getattr(new, name)
            if before != after and not (declared.live and not _plans_ahead(name, ours)):
                changes.append(
                    f"{t(declared.label)} {word_of(declared, before)} → {word_of(declared, after)}"
                )
    return changes


def _plans_ahead(name: str, experiment: Experiment) -> bool:
    """A cosine schedule is laid over the whole run: its length cannot change on the way."""
    return name == "num_epochs" and experiment.config.learning_rate_decay != "constant"


def word_of(declared: knobs.Param, value: object) -> str:
    """The value of a knob in words, for Markdown."""
    return plain(values.in_words(declared, value))


def _size(experiment: Experiment, seconds: float) -> str:
    count = experiment.num_parameters
    time = _duration(seconds)
    size = t("{time} for {num_epochs} epochs", time=time, num_epochs=experiment.num_epochs)
    return t("{count:,} parameters, {rest}", count=count, rest=size) if count else size


def _duration(seconds: float) -> str:
    if seconds < 90:
        return t("about {seconds} s", seconds=max(1, round(seconds)))
    return t("about {minutes} min", minutes=round(seconds / 60))
