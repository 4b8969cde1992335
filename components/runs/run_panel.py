"""Play, pause, one epoch, reset, progress: what starts the jobs of a page and looks at them."""

from collections.abc import Callable

import streamlit as st

from components.knobs import lesson, link, values
from components.knobs.switch import ViewsOf
from components.streamlit_adapter import session
from components.streamlit_adapter.polling import repeat
from components.words.errors import say
from components.words.escaping import plain
from components.words.language import sentence, t
from core import knobs
from core.datasets import download_progress
from core.engine.state import MIN_GAIN, PATIENCE, Snapshot
from core.experiments import MAX_UPDATES, Experiment
from core.jobs import registry
from core.jobs.cluster import CLUSTER
from core.jobs.runner import PATIENT_SECONDS, Job
from core.jobs.speed import predicted_seconds

Draw = Callable[[Snapshot, Experiment, str], None]


def show(experiment: Experiment | None, key: str, views: ViewsOf) -> None:
    """Draws the panel where it is called, and starts the first job of the page.

    Args:
        experiment: What the knobs say; None while they say nothing possible.
        key: The page, as in its widget keys.
        views: Says what the stage needs of a run.
    """
    session.page(key).wanted = experiment
    job = session.job(key)
    if job is None:
        job = _start(session.opening(key), key, views, playing=True)
    elif experiment is not None:
        _apply_live_knobs(job, experiment)
    job.look_at(views(job.experiment))
    link.write(job.experiment, key)
    repeat(_panel, job, experiment, key, views, key=key)


def watch(key: str, draw: Draw) -> None:
    """Draws the stage of a page where it is called, again and again while its job runs."""
    repeat(_stage, key, draw, key=key)


def _stage(key: str, draw: Draw) -> None:
    job = session.job(key)
    if job is not None:
        draw(job.snapshot(), job.experiment, key)


def _panel(job: Job, experiment: Experiment | None, key: str, views: ViewsOf) -> None:
    snapshot = job.snapshot()
    changes = _structural_changes(job.experiment, experiment) if experiment else []
    _show_buttons(snapshot, job, experiment, key, views, bool(changes))
    _show_progress(snapshot, job.experiment)
    _show_status(snapshot, job)
    if changes and experiment:
        size = _size(experiment, predicted_seconds(experiment))
        st.caption(
            t("Changed: {join}. **Start again** trains {size}.", join=", ".join(changes), size=size)
        )
    else:
        size = _size(job.experiment, job.seconds_for(job.experiment.num_updates))
        st.caption(t("This network: {experiment}.", experiment=size))
    show_last_move(job.experiment)
    _show_origin(job, key, views)
    if session.job(key) is not job:
        session.run_page_again()


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


def _show_buttons(
    snapshot: Snapshot,
    job: Job,
    experiment: Experiment | None,
    key: str,
    views: ViewsOf,
    changed: bool,
) -> None:
    running = snapshot.phase in ("starting", "training")
    at_end = _is_at_end(snapshot, key)
    with st.container(horizontal=True, gap="small", key=f"{key}_buttons"):
        # Two keys: a browser under load can send one click twice, and pausing twice is pausing.
        st.button(
            t("Pause") if running else t("Play"),
            key=f"{key}_pause" if running else f"{key}_play",
            shortcut="P",
            icon=":material/pause:" if running else ":material/play_arrow:",
            type="secondary" if changed else "primary",
            disabled=at_end,
            on_click=job.pause if running else _play,
            args=() if running else (job, job.play, key),
            help=t("Trains on, or stops after the few updates that are under way."),
        )
        st.button(
            t("Epoch"),
            key=f"{key}_epoch",
            shortcut="E",
            icon=":material/skip_next:",
            disabled=at_end or running,
            on_click=_play,
            args=(job, job.play_epoch, key),
            help=t("Trains to the end of one epoch."),
        )
        _show_reset(experiment, key, views, changed)
    slow = st.toggle(
        t("Slow motion"),
        key=f"{key}_slow",
        help=t("A quarter of an epoch at a time, with a rest between."),
    )
    job.slow = slow


def _is_at_end(snapshot: Snapshot, key: str) -> bool:
    """Whether nothing can train on: a lesson may hold what stops a run by itself."""
    holds_stop = lesson.of(key).holds("early_stopping")
    return snapshot.phase == "finished" or (snapshot.phase == "stopped" and holds_stop)


def _show_reset(experiment: Experiment | None, key: str, views: ViewsOf, changed: bool) -> None:
    held = lesson.of(key)
    if held.hides(lesson.RESET):
        return
    st.button(
        t("Start again") if changed else t("Reset"),
        key=f"{key}_reset",
        shortcut="0",
        icon=":material/restart_alt:",
        type="primary" if changed else "secondary",
        disabled=experiment is None or held.holds(lesson.RESET),
        on_click=restart,
        args=(experiment, key, views, changed),
        help=t("Back to the untrained network, with the knobs as they stand."),
    )


def _play(job: Job, begin: Callable[[], None], key: str) -> None:
    """Trains on; after a stop by itself, without stopping again."""
    if job.snapshot().phase == "stopped":
        session.set_widget(f"{key}_early_stopping", False)
    begin()


def restart(experiment: Experiment, key: str, views: ViewsOf, playing: bool) -> None:
    """Begins a new run; only from a callback."""
    session.page(key).notices = []
    _start(experiment, key, views, playing=playing)


def _show_progress(snapshot: Snapshot, experiment: Experiment) -> None:
    done = snapshot.update
    per_epoch = experiment.updates_per_epoch
    text = t(
        "epoch **{epoch}** of {num_epochs} · update {done:,}",
        epoch=done // per_epoch,
        num_epochs=experiment.num_epochs,
        done=done,
    )
    st.progress(min(1.0, done / experiment.num_updates), text=text)


def show_problem(snapshot: Snapshot | None) -> bool:
    """Says in the panel why its job failed, or that no worker can be had; whether there was
    something to say.
    """
    problem = (snapshot.problem if snapshot else None) or CLUSTER.status().problem
    _say_problem(problem)
    return problem is not None


def show_failure(snapshot: Snapshot) -> None:
    """Says in a part of the page why a job of its own failed. That no worker can be had is said in
    the panel, once for the page.
    """
    if snapshot.problem != CLUSTER.status().problem:
        _say_problem(snapshot.problem)


def _say_problem(problem: str | None) -> None:
    if problem is not None:
        st.error(say(problem), icon=":material/error:")


def _show_status(snapshot: Snapshot, job: Job) -> None:
    if show_problem(snapshot):
        return
    if snapshot.phase == "starting":
        _show_waiting(job)
    elif snapshot.replaying:
        _show_replay(job)
    else:
        st.markdown(_status(snapshot, job))


def _show_replay(job: Job) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            t(":material/history: Replay of an earlier run."),
            help=t(
                "Same knobs, same seed, same run: what the server remembers of it is "
                "shown again. Turn a live knob, and it trains on from there."
            ),
        )
        st.button(
            t("Skip"),
            key="skip_replay",
            icon=":material/fast_forward:",
            type="tertiary",
            on_click=job.skip,
            help=t("Shows how it ended."),
        )


def _status(snapshot: Snapshot, job: Job) -> str:
    if snapshot.recovering:
        return t(":material/healing: A worker was lost. The run goes on in a moment.")
    if snapshot.phase == "training":
        left = _duration(job.seconds_for(job.experiment.num_updates - snapshot.update))
        training = t(":material/play_arrow: Training, {left} to the last epoch.", left=left)
        return queue(job) or training
    epoch = snapshot.update // job.experiment.updates_per_epoch
    return {
        "pausing": pausing(),
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


def pausing() -> str:
    """What is said between a pause and the end of the chunk that was under way."""
    return t(":material/pause: Pausing: the updates that are under way still count.")


def queue(job: Job) -> str:
    """Where a job stands in the line, when others keep it waiting for long; else ""."""
    if job.silent_seconds <= PATIENT_SECONDS:
        return ""
    place, count = registry.place(job)
    if job.is_held_back:
        return t(
            ":material/hourglass_top: No more runs can train at the same time. This one is "
            "**{place}** of {count} in line, and begins by itself.",
            place=place,
            count=count,
        )
    if registry.num_training() <= CLUSTER.status().ready:
        return ""
    return t(
        ":material/hourglass_top: Waiting for a free worker: **{place}** of {count} in line. The "
        "run goes on by itself.",
        place=place,
        count=count,
    )


def _show_waiting(job: Job) -> None:
    experiment = job.experiment
    place, count = registry.place(job)
    fraction = None if experiment.num_parameters is None else download_progress(experiment.dataset)
    if job.is_held_back and queue(job):
        st.markdown(queue(job))
        return
    if CLUSTER.status().ready == 0:
        text = t("TensorFlow is starting in the background, once a server: about 8 seconds.")
    elif fraction is not None and fraction < 1:
        title = sentence(experiment.title_of(experiment.dataset))
        st.progress(
            fraction, text=t("Downloading {title}: {fraction:.0%}", title=title, fraction=fraction)
        )
        return
    elif count > 1 and job.silent_seconds > PATIENT_SECONDS:
        text = t(
            "**{place}** of {count} in line for a free worker, which will build and compile the "
            "network.",
            place=place,
            count=count,
        )
    else:
        text = t("The network is being built and compiled: about 3 seconds.")
    st.markdown(f":material/hourglass_top: {text}")


def _apply_live_knobs(job: Job, experiment: Experiment) -> None:
    """Hands the running job every live knob that stands elsewhere than the job has it."""
    wanted = experiment.config.coefficients()
    ours = job.experiment
    try:
        if not wanted.items() <= ours.coefficients_at(MAX_UPDATES).items():
            job.steer(wanted)
    except ValueError as error:
        st.warning(t("{error} Reset begins a new run.", error=say(error)), icon=":material/block:")
    num_epochs = ours.num_epochs if _plans_ahead("num_epochs", ours) else experiment.num_epochs
    job.extend(num_epochs=num_epochs, early_stopping=experiment.early_stopping)


def _structural_changes(ours: Experiment, wanted: Experiment) -> list[str]:
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
