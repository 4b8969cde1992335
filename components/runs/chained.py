"""A page whose job learns from what another job has made: a network first, then a map of its
codes, or a classifier on its encoder.
"""

import dataclasses
from collections.abc import Callable, Mapping
from operator import methodcaller
from typing import NamedTuple

import streamlit as st

from components.knobs import lesson, link, switch
from components.knobs.switch import Part
from components.runs import run_panel
from components.streamlit_adapter import session
from components.streamlit_adapter.polling import repeat
from components.words.errors import say
from components.words.language import t
from core import knobs
from core.configs import seed_after
from core.engine.state import Snapshot
from core.experiments import MAX_UPDATES, Experiment
from core.jobs.runner import Job
from core.message import message_of
from core.question import Views


class Words(NamedTuple):
    """What a panel says.

    Attributes:
        unit: What is counted, such as "iteration".
        seed: What the button *Another seed* means here.
        status: The line under the bar of the job itself.
        views: What it shows after every chunk.
    """

    unit: str
    seed: str
    status: Callable[[Snapshot], str]
    views: Views = ()


def job_of(wanted: Experiment, views: Views, key: str) -> Job:
    """The job of a page: begun anew when a knob says another run, steered when a live knob has
    moved.
    """
    job = session.job(key)
    session.keep_problem(f"{key}_moves", "")
    if job is None or _structure(job.experiment) != _structure(wanted):
        job = session.make_job(wanted, views)
        session.keep_job(key, job)
        job.play()
    elif _live_knobs_differ(job.experiment, wanted):
        _steer(job, wanted, key)
    job.extend(num_epochs=wanted.num_epochs, early_stopping=False)
    return job


def _live_knobs_differ(experiment: Experiment, wanted: Experiment) -> bool:
    latest = experiment.coefficients_at(MAX_UPDATES)
    return not wanted.config.coefficients().items() <= latest.items()


def _steer(job: Job, wanted: Experiment, key: str) -> None:
    """Hands it the live knobs; what it refuses is told by the panel."""
    try:
        job.steer(wanted.config.coefficients())
    except ValueError as error:
        session.keep_problem(f"{key}_moves", message_of(error))


def first_job(
    wanted: Experiment, key: str, begin: Callable[[Job], None] = methodcaller("play")
) -> Job:
    """The job that comes first on a page, begun if it never has been; once paused it stays so."""
    for job in session.other_jobs(key):
        if job.experiment == wanted:
            return job
    job = session.make_job(wanted, ())
    session.add_jobs(key, [job])
    begin(job)
    return job


def _structure(experiment: Experiment) -> Experiment:
    """What cannot act on a run that is under way."""
    config = experiment.config.compiled()
    return dataclasses.replace(experiment, config=config, num_epochs=1, moves=())


def watch(settings: Experiment, first: Callable[[], Job | None], words: Words, key: str) -> None:
    """Draws the panel where it is called, again and again while something moves.

    Args:
        first: The job that the one of the page learns from, as long as it is to be trained here.
    """
    link.write(settings, key)
    repeat(_show, settings, first, words, key, key=key)


def show_part(parts: Mapping[str, Part], settings: Experiment, key: str) -> None:
    """Draws the part that is chosen, again and again while something moves."""
    repeat(parts[switch.current(parts, key)].show, settings, key, key=key)


def _show(
    settings: Experiment,
    first: Callable[[], Job | None],
    words: Words,
    key: str,
) -> None:
    second = session.job(key)
    begun = first()
    is_first = begun is not None and begun.snapshot().phase not in ("finished", "stopped")
    job = begun if second is None or is_first else second
    with st.container(horizontal=True, gap="small", key=f"{key}_buttons"):
        _show_play(job, key)
        st.button(
            t("Another seed"),
            key=f"{key}_reseed",
            icon=":material/casino:",
            disabled=lesson.of(key).holds("seed"),
            on_click=_reseed,
            args=(settings.seed, key),
            help=t(words.seed),
        )
        _show_reset(second, words, key)
    if job is not None and job is begun:
        _show_first(job.snapshot(), job)
        _show_next(settings.config, key)
    elif job is not None:
        _show_second(job, words)
        run_panel.show_last_move(job.experiment)
        _show_refusal(key)
    else:
        run_panel.show_problem(None)


def _show_reset(job: Job | None, words: Words, key: str) -> None:
    held = lesson.of(key)
    if held.hides(lesson.RESET):
        return
    st.button(
        t("Reset"),
        key=f"{key}_reset",
        shortcut="0",
        icon=":material/restart_alt:",
        disabled=held.holds(lesson.RESET),
        on_click=_restart,
        args=(job, words.views, key),
        help=t("Back to the start, with the same seed: the same run again."),
    )


def _show_play(job: Job | None, key: str) -> None:
    snapshot = job.snapshot() if job else None
    running = snapshot is not None and snapshot.phase in ("starting", "training")
    st.button(
        t("Pause") if running else t("Play"),
        key=f"{key}_pause" if running else f"{key}_play",
        shortcut="P",
        icon=":material/pause:" if running else ":material/play_arrow:",
        type="primary",
        disabled=snapshot is None or snapshot.phase == "finished",
        on_click=_toggle,
        args=(job, running),
        help=t("Goes on, or stops after the updates that are being made."),
    )


def _show_first(snapshot: Snapshot, job: Job) -> None:
    epoch = snapshot.update // job.experiment.updates_per_epoch
    st.progress(
        min(1.0, snapshot.update / job.experiment.num_updates),
        text=t(
            "first the network: epoch **{epoch}** of {num_epochs}",
            epoch=epoch,
            num_epochs=job.experiment.num_epochs,
        ),
    )
    if run_panel.show_problem(snapshot):
        return
    if snapshot.phase == "pausing":
        st.markdown(run_panel.pausing())
    elif not snapshot.is_running:
        st.markdown(t(":material/pause: Paused."))
    else:
        st.markdown(run_panel.queue(job))


def _show_next(config: knobs.LiveKnobs, key: str) -> None:
    """Where the live knobs of what follows stand: turning them changes nothing else by now. What a
    lesson hides is not told.
    """
    declared = knobs.params(config)
    held = lesson.of(key)
    words = ", ".join(
        f"{t(declared[name].label)} {run_panel.word_of(declared[name], value)}"
        for name, value in config.coefficients().items()
        if not held.hides(name)
    )
    if words:
        st.caption(t("What follows begins with **{words}**.", words=words))


def _show_second(job: Job, words: Words) -> None:
    snapshot = job.snapshot()
    total = job.experiment.num_updates
    loss = snapshot.records[-1].parts if snapshot.records else {}
    kl = f" · KL {loss['tsne_kl']:.3f}" if "tsne_kl" in loss else ""
    text = t(
        "{unit} **{done:,}** of {total:,}", unit=t(words.unit), done=snapshot.update, total=total
    )
    st.progress(min(1.0, snapshot.update / total), text=text + kl)
    if run_panel.show_problem(snapshot):
        return
    if snapshot.phase == "pausing":
        st.markdown(run_panel.pausing())
    elif snapshot.recovering:
        st.markdown(t(":material/healing: A worker was lost. It goes on in a moment."))
    else:
        st.markdown(run_panel.queue(job) or words.status(snapshot))


def _show_refusal(key: str) -> None:
    problem = session.problem(f"{key}_moves")
    if problem:
        sentence = t("{error} Reset begins a new run.", error=say(problem))
        st.warning(sentence, icon=":material/block:")


def _toggle(job: Job, running: bool) -> None:
    if running:
        job.pause()
    else:
        job.play()


def _reseed(seed: int, key: str) -> None:
    session.set_widget(f"{key}_seed", seed_after(seed, 1))


def _restart(job: Job | None, views: Views, key: str) -> None:
    if job is not None:
        fresh = session.make_job(dataclasses.replace(job.experiment, moves=()), views)
        session.keep_job(key, fresh)
        fresh.play()
