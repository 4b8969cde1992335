"""What a visitor's session remembers. The only module that touches keys of `st.session_state`."""

import time
from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from components.streamlit_adapter import held, session_end
from core.datasets import Dataset
from core.experiments import Experiment
from core.jobs.runner import Job
from core.jobs.visits import Visit
from core.message import message_of
from core.question import Views
from core.store.checkpoints import CHECKPOINTS, Checkpoint, Checkpoints
from core.store.library import KeptRun, LibraryProblem
from core.text.tasks import TextTask

MAX_OTHER_JOBS = 60


def job(page: str) -> Job | None:
    """The job that this page has started, or None."""
    return st.session_state.get(f"job:{page}")


def keep_job(page: str, job: Job) -> None:
    """Remembers the job of a page; all others are left to rest, and remembered too."""
    for other in other_jobs(page):
        other.pause()
    forget_job(page)
    st.session_state[f"job:{page}"] = job


def forget_job(page: str) -> None:
    """Lets the job of a page rest beside the others: the page begins another one."""
    before = st.session_state.pop(f"job:{page}", None)
    if before is not None:
        before.pause()
        add_jobs(page, [before])


def other_jobs(page: str) -> list[Job]:
    """What this page has trained before and beside its job, latest last."""
    return st.session_state.setdefault(f"others:{page}", [])


def add_jobs(page: str, jobs: list[Job]) -> None:
    """Remembers jobs beside that of the page; the oldest are forgotten."""
    st.session_state[f"others:{page}"] = [*other_jobs(page), *jobs][-MAX_OTHER_JOBS:]


def is_busy(page: str) -> bool:
    """Whether anything that this page has started is still at work, or owes an answer."""
    own = job(page)
    jobs = [*other_jobs(page), *([own] if own else [])]
    return any(each.snapshot().is_running or each.is_at_work or each.owes for each in jobs)


def awaits_first(page: str) -> bool:
    """Whether a run of this page trains and has no epoch to show yet."""
    own = job(page)
    return any(each.awaits_first for each in [*other_jobs(page), *([own] if own else [])])


def begin_page() -> None:
    """Forgets what the last run of a page knew of its parts."""
    st.session_state["resting"] = []


def resting() -> list[Callable[[], bool]]:
    """Of the parts that this run of the page has drawn at rest: whether something moves."""
    return st.session_state.setdefault("resting", [])


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


def _visit() -> Visit:
    if "visit" not in st.session_state:
        st.session_state["visit"] = Visit(
            session_end.can_come_back(), session_end.address(), session_end.name()
        )
    return st.session_state["visit"]


def _checkpoints_for(experiment: Experiment) -> Checkpoints:
    return CHECKPOINTS if experiment.own() is None else _visit().store


def token() -> str:
    """What the browser has told of itself, or ""."""
    return st.session_state.get("visitor", "")


def keep_token(token: str) -> None:
    """Remembers what the browser has told of itself."""
    st.session_state["visitor"] = token


def language() -> str:
    """The language that this visitor, or the link, has chosen, or ""."""
    return st.session_state.get("language_chosen", "")


def keep_language(language: str) -> None:
    """Remembers it."""
    st.session_state["language_chosen"] = language


def language_now() -> str:
    """The language of this run of the page, or "" before it is settled."""
    return st.session_state.get("language_now", "")


def keep_language_now(language: str) -> None:
    """Remembers it."""
    st.session_state["language_now"] = language


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


def deleted_run() -> KeptRun | None:
    """The kept run that this visit has deleted last, if it can come back."""
    return st.session_state.get("deleted_run")


def keep_deleted_run(run: KeptRun | None) -> None:
    """Remembers it."""
    st.session_state["deleted_run"] = run


def attempt(where: str, act: Callable[[], None]) -> None:
    """Does what the library or the board may refuse, and remembers the sentence."""
    keep_problem(where, "")
    try:
        act()
    except LibraryProblem as problem:
        keep_problem(where, message_of(problem))


def nickname() -> str:
    """Under what this visitor has shared a run last, or ""."""
    return st.session_state.get("nickname", "")


def keep_nickname(nickname: str) -> None:
    """Remembers it."""
    st.session_state["nickname"] = nickname


def latest(
    name: str, version: object, seconds: float, make: Callable[[], Any], *, subject: object = None
) -> Any:
    """What was made last under a name, made anew for another version, but only so many seconds
    later; at once for another subject, or where that is None.
    """
    key = f"latest:{name}"
    now = time.monotonic()
    version = (subject, version, language())
    known = st.session_state.get(key)
    is_due = not known or known[2] is None or known[0][0] != subject
    if not known or is_due or known[0] != version and now - known[1] >= seconds:
        known = st.session_state[key] = (version, now, make())
    return known[2]


def letters(page: str) -> tuple[str, Any]:
    """The text that was read last, and its letters as they were drawn."""
    return st.session_state.get(f"letters:{page}", (None, None))


def keep_letters(page: str, text: str, drawn: object) -> None:
    """Remembers them: they stand there while the network reads the text again."""
    st.session_state[f"letters:{page}"] = text, drawn


def keep_encoder(page: str, encoder: object) -> None:
    """Holds encoders for as long as the visitor stays: they are known by name only."""
    held = st.session_state.setdefault(f"encoders:{page}", set())
    held.add(encoder)


def wanted(page: str) -> Experiment | None:
    """What the knobs of a page say, which may be another network than the one that trains."""
    return st.session_state.get(f"wanted:{page}")


def keep_wanted(page: str, experiment: Experiment | None) -> None:
    """Remembers what the knobs of a page say."""
    st.session_state[f"wanted:{page}"] = experiment


def chosen_image(page: str) -> int:
    """Which of the example images flows through the network."""
    return st.session_state.get(f"image:{page}", 0)


def choose_image(page: str, number: int) -> None:
    """Remembers which of the example images flows through the network."""
    st.session_state[f"image:{page}"] = number


def teacher_secret() -> str:
    """The teacher's secret, once this visitor has proven to know it, or ""."""
    return st.session_state.get("teacher", "")


def keep_teacher_secret(secret: str) -> None:
    """Remembers it; "" to forget it."""
    st.session_state["teacher"] = secret


def lesson(page: str) -> Any:
    """The lesson by whose link the page was opened, or None."""
    return st.session_state.get(f"lesson:{page}")


def keep_lesson(page: str, lesson: object) -> None:
    """Remembers the lesson of a page while another one is visited."""
    st.session_state[f"lesson:{page}"] = lesson


def draft(page: str) -> Any:
    """The lesson that is being made of a page, or None."""
    return st.session_state.get(f"draft:{page}")


def keep_draft(page: str, lesson: object) -> None:
    """Remembers it while its dialog is closed."""
    st.session_state[f"draft:{page}"] = lesson


def answer(page: str) -> str:
    """What the visitor has answered to the question of the lesson, or ""."""
    return st.session_state.get(f"answer:{page}", "")


def keep_answer(page: str, text: str) -> None:
    """Remembers it."""
    st.session_state[f"answer:{page}"] = text


def stop() -> str:
    """The chapter of the guided path at which the visitor is, or ""."""
    return st.session_state.get("stop", "")


def keep_stop(name: str) -> None:
    """Remembers it; "" off the path."""
    st.session_state["stop"] = name


def progress() -> dict[str, int]:
    """What the visitor has predicted, by chapter."""
    return st.session_state.get("progress", {})


def keep_progress(progress: dict[str, int]) -> None:
    """Remembers it."""
    st.session_state["progress"] = progress


def forget_progress() -> None:
    """Begins the path anew: what the browser still tells of it is old."""
    st.session_state["progress"] = {}
    st.session_state["forgets"] = True


def forgets_progress() -> bool:
    """Whether it was begun anew in this session."""
    return st.session_state.get("forgets", False)


def preset(page: str) -> str | None:
    """The preset that was chosen last, or None."""
    return st.session_state.get(f"preset:{page}")


def keep_preset(page: str, name: str) -> None:
    """Remembers the preset that was chosen last."""
    st.session_state[f"preset:{page}"] = name


def kept_texts(page: str) -> dict[str, str] | None:
    """The knobs of a page as texts, as it was last seen; None on the first visit."""
    return st.session_state.get(f"knobs:{page}")


def keep_texts(page: str, texts: dict[str, str]) -> None:
    """Remembers the knobs of a page while another one is visited."""
    st.session_state[f"knobs:{page}"] = texts


def notices(page: str) -> list[str]:
    """What was ignored in the link by which the page was opened."""
    return st.session_state.setdefault(f"notices:{page}", [])


def keep_notices(page: str, sentences: list[str]) -> None:
    """Remembers what to say about the link."""
    st.session_state[f"notices:{page}"] = sentences


def opening(page: str) -> Experiment:
    """The experiment with which the page was opened, moves included."""
    return st.session_state[f"opening:{page}"]


def keep_opening(page: str, experiment: Experiment) -> None:
    """Remembers the experiment with which the page was opened."""
    st.session_state[f"opening:{page}"] = experiment


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
