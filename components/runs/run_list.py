"""The kept runs as a list: open, export, rename, delete."""

import datetime

import streamlit as st

from components import teacher
from components.knobs import boxes
from components.pages import PAGE_OF
from components.runs import run_export, run_restore
from components.streamlit_adapter import session, token
from components.words.errors import say
from components.words.escaping import plain
from components.words.language import sentence, t
from core.configs import CONFIGS, layer_sizes
from core.datasets import info_of
from core.store.library import LIBRARY, MAX_NAME, KeptRun, LibraryProblem, digest

RUNS_A_SCREEN = 20


def show() -> None:
    """Draws the list, and behind each run what can be done with it."""
    visitor = token.show()
    try:
        listing = LIBRARY.listing()
        runs = [run for run in listing.runs if run.experiment.config.family in CONFIGS]
    except LibraryProblem as problem:
        st.warning(say(problem), icon=":material/block:")
        return
    if not runs:
        st.info(
            t(
                "Nothing has been kept yet. On the page of an autoencoder, let a run "
                "train, pause it, and press **Keep or export**."
            ),
            icon=":material/bookmark:",
        )
    else:
        _show_list(runs, visitor)
    show_unreadable(listing.num_unreadable)
    teacher.show()


def show_unreadable(count: int) -> None:
    """Says how many rows of the library or the board are left out."""
    if count:
        st.caption(
            t(
                "Left out: {count:,} that cannot be read (damaged, or of another version).",
                count=count,
            )
        )


def _show_list(runs: list[KeptRun], visitor: str) -> None:
    wanted = boxes.line(
        t("Search"),
        most=MAX_NAME,
        key="library_search",
        placeholder=t("part of a name"),
        help=t("Shows only these runs."),
    )
    found = [run for run in runs if wanted.casefold().strip() in run.name.casefold()]
    st.caption(t("{count:,} of {count2:,} runs, latest first.", count=len(found), count2=len(runs)))
    for run in found[:RUNS_A_SCREEN]:
        _show_run(run, visitor)
    if len(found) > RUNS_A_SCREEN:
        st.caption(
            t(
                "The first {runs_a_screen} are shown. Search for others by name.",
                runs_a_screen=RUNS_A_SCREEN,
            )
        )


def _show_run(run: KeptRun, visitor: str) -> None:
    config = run.experiment.config
    info = info_of(run.experiment.dataset)
    sizes = " → ".join(f"{size:,}" for size in layer_sizes(config, run.experiment.input_dim))
    day = datetime.datetime.fromtimestamp(run.created).strftime(t("%Y-%m-%d %H:%M"))
    with st.container(border=True, key=f"run_{run.id}"):
        words, loss, buttons = st.columns([2.2, 0.7, 1.6], vertical_alignment="center")
        with words:
            st.markdown(f"**{plain(run.name)}**")
            st.caption(
                t(
                    "{title} · {sizes} · epoch {epoch} · {day} · Bottleneck {build}",
                    title=plain(sentence(info.title)),
                    sizes=sizes,
                    epoch=run.epoch,
                    day=day,
                    build=plain(run.build or run_restore.EARLIER),
                )
            )
        loss.metric(t("Test loss"), f"{run.loss:.4f}", help=t("At the end of its last epoch."))
        with buttons, st.container(horizontal=True, gap="small"):
            if st.button(
                t("Open"),
                key=f"open_{run.id}",
                icon=":material/open_in_browser:",
                on_click=_open,
                args=(run,),
                help=t("Puts it on its page, as it stood."),
            ) and not session.problem(run.id):
                st.switch_page(PAGE_OF[config.family].path)
            _show_exports(run)
            if digest(visitor) == run.owner or teacher.is_here():
                _show_changes(run, visitor)
        _show_problem(run.id)


def _show_exports(run: KeptRun) -> None:
    place = st.popover(t("Export"), key=f"export_{run.id}", on_change="rerun")
    if place.open:
        with place:
            try:
                run_export.show_exports(run.experiment, LIBRARY.load(run.id), run.id)
            except LibraryProblem as problem:
                st.warning(say(problem), icon=":material/block:")


def _show_changes(run: KeptRun, visitor: str) -> None:
    place = st.popover(t("Edit"), key=f"edit_{run.id}", on_change="rerun")
    if place.open:
        with place:
            boxes.line(
                t("Name"),
                run.name,
                most=MAX_NAME,
                key=f"name_{run.id}",
                on_change=_rename,
                args=(run.id, visitor),
                help=t("What everybody sees."),
            )
            st.button(
                t("Delete for good"),
                key=f"delete_{run.id}",
                icon=":material/delete:",
                on_click=_delete,
                args=(run.id, visitor),
                help=t(
                    "Removes the run and its weights from the server. Links to its "
                    "settings stay good."
                ),
            )


def _open(run: KeptRun) -> None:
    session.attempt(run.id, lambda: run_restore.open_on_page(run, run.experiment.config.family))


def _rename(run_id: str, visitor: str) -> None:
    name = session.widget_value(f"name_{run_id}", "")[:MAX_NAME]
    session.attempt(run_id, lambda: LIBRARY.rename(run_id, name, visitor, teacher.secret()))


def _delete(run_id: str, visitor: str) -> None:
    session.attempt(run_id, lambda: LIBRARY.delete(run_id, visitor, teacher.secret()))


def _show_problem(run_id: str) -> None:
    problem = session.problem(run_id)
    if problem:
        st.warning(say(problem), icon=":material/block:")
