"""Play, pause, reset, progress: what every page that trains shows of the run that it works on."""

from collections.abc import Callable
from typing import Any, Protocol

import streamlit as st

from components.knobs import lesson
from components.runs import bar, fork
from components.streamlit_adapter import session
from components.streamlit_adapter.polling import repeat
from components.words.errors import say
from components.words.language import sentence, t
from core.datasets import download_progress
from core.engine.state import Snapshot
from core.jobs import registry
from core.jobs.cluster import CLUSTER
from core.jobs.runner import PATIENT_SECONDS, Job
from core.question import Views

BAR_SECONDS = 2.0


class Panel(Protocol):
    """What differs from page to page. `wanted` is what the knobs say, None while they say nothing
    possible.
    """

    reset_help: str
    unit: str
    """What its bar counts: "epoch", or updates that are called so."""
    is_alone: bool
    """Whether its run learns from no other one: then two can stand side by side."""

    def leading(self, wanted: Any, key: str) -> Job | None:
        """The job that the buttons act on; None while there is none."""

    def views(self, experiment: Any) -> Views:
        """What the stage shows of it."""

    def changes(self, job: Job | None, wanted: Any) -> list[str]:
        """The knobs that cannot act on it, in words."""

    def restart(self, wanted: Any, key: str, changed: bool) -> None:
        """Begins the run of the page anew; only from a callback."""

    def show_step(self, job: Job | None, wanted: Any, key: str) -> None:
        """Draws what stands beside *Play*."""

    def progress(self, snapshot: Snapshot, job: Job, key: str) -> str:
        """What the bar says."""

    def status(self, snapshot: Snapshot, job: Job, key: str) -> str:
        """The line under the bar where nothing is wrong."""

    def show_more(self, job: Job, wanted: Any, key: str) -> None:
        """Draws what stands under it."""


def show(panel: Panel, wanted: Any, key: str, begin: Callable[[], None]) -> None:
    """Draws a panel where it is called, again and again while something moves.

    Args:
        wanted: What the knobs say.
        begin: Begins what the page needs, before every drawing.
    """
    repeat(_show, panel, wanted, session.job(key), key, key=key, begin=begin)


def _show(panel: Panel, wanted: Any, drawn: Job | None, key: str) -> None:
    """drawn: the job with which the rest of the page was drawn."""
    job = panel.leading(wanted, key)
    changed = bool(panel.changes(job, wanted))
    with st.container(horizontal=True, gap="small", key=f"{key}_buttons"):
        _show_play(job, key, changed)
        panel.show_step(job, wanted, key)
        _show_reset(panel, wanted, key, changed)
    _show_pace(key)
    if job is None:
        show_problem(None)
    else:
        _show_run(panel, job, wanted, key)
    if session.job(key) is not drawn:
        session.run_page_again()


def show_past(panel: Panel, wanted: Any, key: str, begin: Callable[[], None]) -> None:
    """Draws the bar along the way of the run, and under it what can be done from an earlier moment;
    less often than the panel: it brings its script along each time.
    """
    repeat(_show_past, panel, wanted, key, key=key, begin=begin, seconds=BAR_SECONDS)


def _show_past(panel: Panel, wanted: Any, key: str) -> None:
    job = session.job(key)
    if job is not None and panel.leading(wanted, key) is job:
        bar.show(job, panel.unit, key)
        fork.show(job, wanted, panel, key)


def _show_run(panel: Panel, job: Job, wanted: Any, key: str) -> None:
    snapshot = job.snapshot()
    share = min(1.0, snapshot.update / job.experiment.num_updates)
    st.progress(share, text=panel.progress(snapshot, job, key))
    if not show_problem(snapshot):
        _show_status(panel, snapshot, job, key)
    panel.show_more(job, wanted, key)
    _show_refusal(key)


def _show_play(job: Job | None, key: str, changed: bool) -> None:
    running = job is not None and job.snapshot().phase in ("starting", "training")
    # Two keys: a browser under load can send one click twice, and pausing twice is pausing.
    st.button(
        t("Pause") if running else t("Play"),
        key=f"{key}_pause" if running else f"{key}_play",
        shortcut="P",
        icon=":material/pause:" if running else ":material/play_arrow:",
        type="secondary" if changed else "primary",
        disabled=is_at_end(job, key),
        on_click=_pause if running else play,
        args=(job,) if running else (job, Job.play, key),
        help=t("Trains on, or stops after the few updates that are under way."),
    )


def is_at_end(job: Job | None, key: str) -> bool:
    """Whether nothing can train on: a lesson may hold what stops a run by itself."""
    if job is None:
        return True
    phase = job.snapshot().phase
    holds_stop = lesson.of(key).holds("early_stopping")
    return phase == "finished" or (phase == "stopped" and holds_stop)


def _pause(job: Job) -> None:
    job.pause()


def play(job: Job, begin: Callable[[Job], None], key: str) -> None:
    """Trains on; after a stop by itself, without stopping again; only from a callback."""
    if job.snapshot().phase == "stopped":
        session.set_widget(f"{key}_early_stopping", False)
    begin(job)


def _show_reset(panel: Panel, wanted: Any, key: str, changed: bool) -> None:
    held = lesson.of(key)
    if held.hides(lesson.RESET):
        return
    st.button(
        t("Start again") if changed else t("Reset"),
        key=f"{key}_reset",
        shortcut="0",
        icon=":material/restart_alt:",
        type="primary" if changed else "secondary",
        disabled=wanted is None or held.holds(lesson.RESET),
        on_click=panel.restart,
        args=(wanted, key, changed),
        help=t(panel.reset_help),
    )


def _show_pace(key: str) -> None:
    st.toggle(
        t("Slow motion"),
        key=f"{key}_slow",
        help=t("A few updates at a time, with a rest between."),
    )


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


def _show_status(panel: Panel, snapshot: Snapshot, job: Job, key: str) -> None:
    if snapshot.phase == "pausing":
        st.markdown(t(":material/pause: Pausing: the updates that are under way still count."))
    elif snapshot.recovering:
        st.markdown(t(":material/healing: A worker was lost. The run goes on in a moment."))
    elif snapshot.phase == "starting":
        _show_waiting(job, panel.status(snapshot, job, key))
    elif snapshot.replaying:
        _show_replay(job)
    else:
        st.markdown((snapshot.is_running and queue(job)) or panel.status(snapshot, job, key))


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


def _show_waiting(job: Job, building: str) -> None:
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
        text = building
    st.markdown(f":material/hourglass_top: {text}")


def _show_refusal(key: str) -> None:
    """What a run could not take of its live knobs."""
    problem = session.problem(f"{key}_moves")
    if problem:
        refused = t("{error} Reset begins a new run.", error=say(problem))
        st.warning(refused, icon=":material/block:")
