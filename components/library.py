"""The kept runs as a list: open, export, rename, delete."""

import datetime
from collections.abc import Callable

import streamlit as st

from components import keep, kept, session, token
from components.errors import plain
from core.configs import layer_sizes
from core.datasets import info_of
from core.library import LIBRARY, MAX_NAME, KeptRun, LibraryProblem, digest, is_teacher

PAGES = {"stacked": "pages/autoencoder.py"}
RUNS_A_SCREEN = 20
SECRET = "teacher_secret"


def show() -> None:
    """Draws the list, and behind each run what can be done with it."""
    visitor = token.show()
    try:
        runs = [run for run in LIBRARY.runs() if run.experiment.config.family in PAGES]
    except LibraryProblem as problem:
        st.warning(plain(str(problem)), icon=":material/block:")
        return
    if not runs:
        st.info(
            "Nothing has been kept yet. On the autoencoder page, let a run train, pause it, and "
            "press **Keep or export**.",
            icon=":material/bookmark:",
        )
    else:
        _show_list(runs, visitor)
    _show_teacher()


def _show_list(runs: list[KeptRun], visitor: str) -> None:
    wanted = st.text_input(
        "Search", key="library_search", placeholder="part of a name", help="Shows only these runs."
    )
    found = [run for run in runs if wanted.casefold().strip() in run.name.casefold()]
    st.caption(f"{len(found):,} of {len(runs):,} runs, latest first.")
    for run in found[:RUNS_A_SCREEN]:
        _show_run(run, visitor)
    if len(found) > RUNS_A_SCREEN:
        st.caption(f"The first {RUNS_A_SCREEN} are shown. Search for others by name.")


def _show_run(run: KeptRun, visitor: str) -> None:
    config, info = run.experiment.config, info_of(run.experiment.dataset)
    sizes = " → ".join(f"{size:,}" for size in layer_sizes(config, run.experiment.input_dim))
    day = datetime.datetime.fromtimestamp(run.created).strftime("%Y-%m-%d %H:%M")
    with st.container(border=True, key=f"run_{run.id}"):
        words, loss, buttons = st.columns([2.2, 0.7, 1.6], vertical_alignment="center")
        with words:
            st.markdown(f"**{plain(run.name)}**")
            st.caption(f"{plain(info.title)} · {sizes} · epoch {run.epoch} · {day}")
        loss.metric("Test loss", f"{run.loss:.4f}", help="At the end of its last epoch.")
        with buttons, st.container(horizontal=True, gap="small"):
            if st.button(
                "Open",
                key=f"open_{run.id}",
                icon=":material/open_in_browser:",
                on_click=_open,
                args=(run,),
                help="Puts it on its page, as it stood.",
            ) and not session.problem(run.id):
                st.switch_page(PAGES[config.family])
            _show_exports(run)
            if digest(visitor) == run.owner or is_teacher(_secret()):
                _show_changes(run, visitor)
        _show_problem(run.id)


def _show_exports(run: KeptRun) -> None:
    place = st.popover("Export", key=f"export_{run.id}", on_change="rerun")
    if place.open:
        with place:
            try:
                keep.show_exports(run.experiment, LIBRARY.load(run.id), run.id)
            except LibraryProblem as problem:
                st.warning(plain(str(problem)), icon=":material/block:")


def _show_changes(run: KeptRun, visitor: str) -> None:
    place = st.popover("Edit", key=f"edit_{run.id}", on_change="rerun")
    if place.open:
        with place:
            st.text_input(
                "Name",
                run.name,
                max_chars=MAX_NAME,
                key=f"name_{run.id}",
                on_change=_rename,
                args=(run.id, visitor),
                help="What everybody sees.",
            )
            st.button(
                "Delete for good",
                key=f"delete_{run.id}",
                icon=":material/delete:",
                on_click=_delete,
                args=(run.id, visitor),
                help="Removes the run and its weights from the server. Links to its settings stay "
                "good.",
            )


def _open(run: KeptRun) -> None:
    _try(run.id, lambda: kept.open_on_page(run, run.experiment.config.family))


def _rename(run_id: str, visitor: str) -> None:
    name = session.widget_value(f"name_{run_id}", "")
    _try(run_id, lambda: LIBRARY.rename(run_id, name, visitor, _secret()))


def _delete(run_id: str, visitor: str) -> None:
    _try(run_id, lambda: LIBRARY.delete(run_id, visitor, _secret()))


def _try(run_id: str, attempt: Callable[[], None]) -> None:
    """Remembers, for the next look at the list, what could not be done."""
    session.keep_problem(run_id, "")
    try:
        attempt()
    except LibraryProblem as problem:
        session.keep_problem(run_id, str(problem))


def _show_problem(run_id: str) -> None:
    problem = session.problem(run_id)
    if problem:
        st.warning(plain(problem), icon=":material/block:")


def _show_teacher() -> None:
    with st.expander("For the teacher", icon=":material/school:"):
        st.text_input(
            "Secret",
            type="password",
            key=SECRET,
            help="What the server holds in BOTTLENECK_TEACHER: with it every run can be edited.",
        )
        if _secret() and not is_teacher(_secret()):
            st.warning("This is not the secret of this server.", icon=":material/key_off:")


def _secret() -> str:
    return session.widget_value(SECRET, "")
