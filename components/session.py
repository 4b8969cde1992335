"""What a visitor's session remembers. The only module that touches keys of `st.session_state`."""

from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.checkpoints import CHECKPOINTS
from core.experiments import Experiment
from core.jobs import Job

MAX_OTHER_JOBS = 60


def job(page: str) -> Job | None:
    """The job that this page has started, or None."""
    return st.session_state.get(f"job:{page}")


def keep_job(page: str, job: Job) -> None:
    """Remembers the job of a page; all others are left to rest, and remembered too."""
    before = st.session_state.get(f"job:{page}")
    for other in other_jobs(page):
        other.pause()
    if before is not None:
        before.pause()
        add_jobs(page, [before])
    st.session_state[f"job:{page}"] = job


def other_jobs(page: str) -> list[Job]:
    """What this page has trained before and beside its job, latest last."""
    return st.session_state.setdefault(f"others:{page}", [])


def add_jobs(page: str, jobs: list[Job]) -> None:
    """Remembers jobs beside that of the page; the oldest are forgotten."""
    st.session_state[f"others:{page}"] = [*other_jobs(page), *jobs][-MAX_OTHER_JOBS:]


def is_busy(page: str) -> bool:
    """Whether anything that this page has started is still at work."""
    own = job(page)
    jobs = [*other_jobs(page), *([own] if own else [])]
    return any(each.snapshot().is_running or each.is_at_work for each in jobs)


def make_job(experiment: Experiment, views: tuple[str, ...]) -> Job:
    """A job of this visitor, which uses what was trained on this server before."""
    return Job(experiment, views, is_alive(), CHECKPOINTS)


def token() -> str:
    """What the browser has told of itself, or ""."""
    return st.session_state.get("visitor", "")


def keep_token(token: str) -> None:
    """Remembers what the browser has told of itself."""
    st.session_state["visitor"] = token


def own_titles() -> list[tuple[str, str]]:
    """The names of this visitor's own data, and what to call them."""
    return [(name, title) for name, (title, _) in st.session_state.get("own", {}).items()]


def keep_own(name: str, title: str, data: object) -> None:
    """Holds own data for as long as the visitor stays."""
    st.session_state.setdefault("own", {})[name] = (title, data)


def problem(where: str) -> str:
    """What went wrong there last, or ""."""
    return st.session_state.get(f"problem:{where}", "")


def keep_problem(where: str, sentence: str) -> None:
    """Remembers what went wrong there."""
    st.session_state[f"problem:{where}"] = sentence


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
