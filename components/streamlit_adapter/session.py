"""What a visitor's session remembers. The only module that touches keys of `st.session_state`."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from components.streamlit_adapter import held, session_end
from core.datasets import Dataset
from core.experiments import Experiment
from core.jobs.reel import Reel
from core.jobs.runner import Job
from core.jobs.seeks import Sought
from core.jobs.visits import Visit
from core.message import message_of
from core.question import Views
from core.store.checkpoints import CHECKPOINTS, Checkpoint, Checkpoints
from core.store.library import KeptRun, LibraryProblem
from core.text.tasks import TextTask

MAX_OTHER_JOBS = 60
RIGHT = "_right"
BAR = "bar"
"""The reel of the pictures under the bar: nothing but the bar waits for it."""


@dataclass
class PageState:
    """What a visit remembers of one page while others are visited.

    Attributes:
        job: What the page has started, if anything.
        others: What it has trained before and beside that, latest last.
        opening: The experiment with which it was opened, moves included.
        wanted: What its knobs say, which may be another network than the one that trains.
        knobs: The knobs as texts, as they were last seen; None on the first visit.
        notices: What was ignored in the link by which it was opened.
        preset: The preset that was chosen last, "" for none of them; None on the first visit.
        lesson: The lesson by whose link it was opened, or None.
        draft: The lesson that is being made of it while its dialog is closed, or None.
        answer: What the visitor has answered to the question of the lesson.
        image: Which of the example images flows through the network.
        letters: The text that was read last, and its letters as drawn: they stand there while the
            network reads the text again.
        encoders: Known by name only, and held here for as long as the visitor stays.
        moment: The epoch in the past that is looked at; None for now.
        then: Its runs as they stood there, by the identity of the job.
        pictures: What is shown while the bar is dragged, by update.
        reels: What brings answers from all along the way of its run: for the bar, for a curve, for
            a film.
        sent: The pictures that the browser has, as (run, update), and since when.
        must_fill: Whether the live knobs are to be turned to where they stand at the moment.
        waits: Whether its run, on the right of another one, waits for that.
        wants_seeds: Whether both runs are to be trained with other seeds, too.
        forked: The run from which the one of the page was forked, or None.
    """

    job: Job | None = None
    others: list[Job] = field(default_factory=list)
    opening: Experiment | None = None
    wanted: Experiment | None = None
    knobs: dict[str, str] | None = None
    notices: list[str] = field(default_factory=list)
    preset: str | None = None
    lesson: Any = None
    draft: Any = None
    answer: str = ""
    image: int = 0
    letters: tuple[str | None, Any] = (None, None)
    encoders: set[Any] = field(default_factory=set)
    moment: int | None = None
    then: dict[int, Any] = field(default_factory=dict)
    pictures: dict[int, dict[str, str]] = field(default_factory=dict)
    reels: dict[str, Reel] = field(default_factory=dict)
    sent: dict[tuple[str, int], float] = field(default_factory=dict)
    must_fill: bool = False
    forked: Job | None = None
    waits: bool = False
    wants_seeds: bool = False


@dataclass
class VisitorState:
    """What a visit remembers of the visitor, on all pages.

    Attributes:
        token: What the browser has told of itself, or "".
        language: As this visitor, or the link, has chosen it, or "".
        language_now: Of this run of the page, or "" before it is settled.
        nickname: Under what a run was shared last, or "".
        teacher_secret: The teacher's secret, once the visitor has proven to know it, or "".
        stop: The chapter of the guided path, or "" off it.
        progress: What the visitor has predicted, by chapter.
        forgets: Whether the path was begun anew: what the browser still tells of it is old.
        deleted_run: The kept run that was deleted last, if it can come back.
        resting: Of the parts that this run of the page has drawn at rest: whether something moves.
    """

    token: str = ""
    language: str = ""
    language_now: str = ""
    nickname: str = ""
    teacher_secret: str = ""
    stop: str = ""
    progress: dict[str, int] = field(default_factory=dict)
    forgets: bool = False
    deleted_run: KeptRun | None = None
    resting: list[Callable[[], bool]] = field(default_factory=list)


def right_of(key: str) -> str:
    """The key of the run that is shown on the right of that of a page."""
    return f"{key}{RIGHT}"


def leader(key: str) -> str:
    """The page to which a run belongs, be it on the left or on the right."""
    return key.removesuffix(RIGHT)


def is_double(key: str) -> bool:
    """Whether the page of a run shows two of them."""
    return job(right_of(leader(key))) is not None


def page(key: str) -> PageState:
    """What this visit remembers of a page, by its key."""
    return st.session_state.setdefault(f"page:{key}", PageState())


def visitor() -> VisitorState:
    """What this visit remembers of the visitor."""
    return st.session_state.setdefault("visitor", VisitorState())


def job(key: str) -> Job | None:
    """The job that this page has started, or None."""
    return page(key).job


def keep_job(key: str, job: Job) -> None:
    """Remembers the job of a page; all others are left to rest, and remembered too."""
    for other in other_jobs(key):
        other.pause()
    state = page(key)
    if leader(key) == key:
        end_pair(key)
    if state.job is not None:  # with the first one a link may name a moment
        state.moment = None
    forget_job(key)
    state.job = job
    state.forked = None
    state.then, state.pictures, state.reels = {}, {}, {}


def end_pair(key: str) -> None:
    """Takes the run on the right of that of a page away; it stays among the others of the page."""
    beside = page(right_of(key)).job
    if beside is not None:
        beside.pause()
        add_jobs(key, [beside, *other_jobs(right_of(key))])
        st.session_state[f"page:{right_of(key)}"] = PageState()


def forget_job(key: str) -> None:
    """Lets the job of a page rest beside the others: the page begins another one."""
    state = page(key)
    before, state.job = state.job, None
    if before is not None:
        before.pause()
        add_jobs(key, [before])


def other_jobs(key: str) -> list[Job]:
    """What this page has trained before and beside its job, latest last."""
    return page(key).others


def add_jobs(key: str, jobs: list[Job]) -> None:
    """Remembers jobs beside that of the page; the oldest are forgotten."""
    page(key).others = [*other_jobs(key), *jobs][-MAX_OTHER_JOBS:]


def is_busy(key: str) -> bool:
    """Whether anything that this page has started is still at work, or owes an answer."""
    return any(
        each.snapshot().is_running or each.is_at_work or each.owes for each in _jobs(key)
    ) or any(each.owes for each in _beside_jobs(key))


def _beside_jobs(key: str) -> list[Any]:
    """What looks at the past of a page's runs, and may have something to come."""
    pages = page(key), page(right_of(key))
    reels = [reel for each in pages for name, reel in each.reels.items() if name != BAR]
    return [*reels, *(then for each in pages for then in each.then.values())]


def awaits_first(key: str) -> bool:
    """Whether a run of this page trains and has no epoch to show yet."""
    return any(each.awaits_first for each in _jobs(key))


def _jobs(key: str) -> list[Job]:
    own = [job(key), job(right_of(key))]
    others = [*other_jobs(key), *other_jobs(right_of(key))]
    return [*others, *(each for each in own if each is not None)]


def opening(key: str) -> Experiment:
    """The experiment with which a page was opened, moves included."""
    found = page(key).opening
    assert found is not None, "the page has read its link"
    return found


def make_job(experiment: Experiment, views: Views) -> Job:
    """A job of this visitor, which uses what was trained on this server before. What own images
    lead to stays with their owner.
    """
    return Job(experiment, views, is_alive(), _checkpoints_for(experiment), _visit())


def make_kept_job(
    experiment: Experiment, checkpoint: Checkpoint, views: Views, kept_by: str
) -> Job:
    """A job of this visitor that stands where a run was kept; see `Job.from_checkpoint`."""
    checkpoints = _visit().new_store() if kept_by else _checkpoints_for(experiment)
    return Job.from_checkpoint(
        checkpoint, experiment, views, is_alive(), checkpoints, _visit(), kept_by=kept_by
    )


def seek(job: Job, epoch: int, questions: Views) -> Sought | None:
    """A moment of a run for this visitor; see `Job.seek`."""
    return job.seek(_visit(), epoch, questions)


def _visit() -> Visit:
    if "visit" not in st.session_state:
        st.session_state["visit"] = Visit(
            session_end.can_come_back(), session_end.address(), session_end.name()
        )
    return st.session_state["visit"]


def _checkpoints_for(experiment: Experiment) -> Checkpoints:
    return CHECKPOINTS if experiment.own() is None else _visit().store


def own_titles() -> list[tuple[str, str]]:
    """The names of this visitor's own data, and what to call them."""
    return [(name, title) for name, (title, _) in st.session_state.get("own", {}).items()]


def keep_own(name: str, title: str, data: Dataset | TextTask | None) -> None:
    """Holds own data for as long as the visitor stays; None where a run, which is held elsewhere,
    is a source of data.

    Raises:
        ValueError: They are more than a visit, or the server, can hold.
    """
    own = st.session_state.setdefault("own", {})
    if data is not None and name not in own:
        visit = _visit()
        problem = held.problem(visit.name, data.num_bytes)
        if problem:
            raise ValueError(problem)
        visit.own_bytes[name] = data.num_bytes
    own[name] = (title, data)


def problem(where: str) -> str:
    """What went wrong there last, or ""."""
    return st.session_state.get(f"problem:{where}", "")


def keep_problem(where: str, sentence: str) -> None:
    """Remembers what went wrong there."""
    st.session_state[f"problem:{where}"] = sentence


def cut(widget_key: str) -> tuple[str, int]:
    """What was left of the text that was cut last in a box, and how many characters it had."""
    return st.session_state.get(f"cut:{widget_key}", ("", 0))


def keep_cut(widget_key: str, text: str, length: int) -> None:
    """Remembers it."""
    st.session_state[f"cut:{widget_key}"] = text, length


def receipt(where: str) -> Any:
    """What was read there last of the visitor's own data, or None."""
    return st.session_state.get(f"receipt:{where}")


def keep_receipt(where: str, receipt: object) -> None:
    """Remembers what was read there."""
    st.session_state[f"receipt:{where}"] = receipt


def attempt(where: str, act: Callable[[], None]) -> None:
    """Does what the library or the board may refuse, and remembers the sentence."""
    keep_problem(where, "")
    try:
        act()
    except LibraryProblem as problem:
        keep_problem(where, message_of(problem))


def latest(
    name: str, version: object, seconds: float, make: Callable[[], Any], *, subject: object = None
) -> Any:
    """What was made last under a name, made anew for another version, but only so many seconds
    later; at once for another subject, or where that is None.
    """
    key = f"latest:{name}"
    now = time.monotonic()
    version = (subject, version, visitor().language)
    known = st.session_state.get(key)
    is_due = not known or known[2] is None or known[0][0] != subject
    if not known or is_due or known[0] != version and now - known[1] >= seconds:
        known = st.session_state[key] = (version, now, make())
    return known[2]


def set_widget(widget_key: str, value: Any) -> None:
    """Moves a widget by hand; only from a callback."""
    st.session_state[widget_key] = value


def widget_value(widget_key: str, default: Any) -> Any:
    """The value of a widget before it is drawn."""
    return st.session_state.get(widget_key, default)


def run_page_again() -> None:
    """From a fragment's own run: runs the whole page. In a run of the page it does nothing: what
    was drawn so far might not have reached the browser, which would then miss the widgets' values.
    """
    context = get_script_run_ctx()
    if context is not None and context.fragment_ids_this_run:
        st.rerun()


def is_alive() -> Callable[[], bool]:
    """A question that any thread may ask: is this visitor still here?"""
    context = get_script_run_ctx()
    if context is None or not runtime.exists():
        return lambda: True
    session_id = context.session_id
    return lambda: not runtime.exists() or runtime.get_instance().is_active_session(session_id)
