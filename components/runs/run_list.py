"""The kept runs as a list: filter, sort, compare, open, export, rename, delete, bring back."""

import datetime
from collections.abc import Callable, Sequence

import streamlit as st

from components import teacher
from components.figures import image_sheet, run_figures, theme
from components.figures.drawing import show_figure, show_html
from components.knobs import boxes, values
from components.pages import PAGE_OF
from components.runs import compare, run_export, run_restore
from components.streamlit_adapter import session, token
from components.words.errors import say
from components.words.escaping import join, markup, plain
from components.words.language import sentence, t
from core.configs import CONFIGS, layer_sizes
from core.datasets import OWN, info_of
from core.knobs import params
from core.results import SCORES
from core.store.library import LIBRARY, MAX_NAME, KeptRun, LibraryProblem, digest

RUNS_A_SCREEN = 20
MOST_TOGETHER = 5
ALL = "all"

Order = Callable[[KeptRun], float]
ORDERS: dict[str, tuple[str, Order]] = {
    "created": ("latest first", lambda run: -run.created),
    "score": ("best first", lambda run: _score(run)),
    "epoch": ("most epochs first", lambda run: -run.epoch),
    "seconds": ("shortest training first", lambda run: _or_last(run.results.seconds)),
    "parameters": ("fewest parameters first", lambda run: _or_last(run.results.parameters)),
}
"""What the menu calls an order, and the number by which it sorts, the lowest first."""


def show() -> None:
    """Draws the list, and behind each run what can be done with it."""
    visitor = token.show()
    try:
        listing = LIBRARY.listing()
    except LibraryProblem as problem:
        st.warning(say(problem), icon=":material/block:")
        return
    _show_undo(visitor)
    if not listing.runs:
        st.info(
            t(
                "Nothing has been kept yet. On the page of a network, let a run train, pause it, "
                "and press **Keep or export**."
            ),
            icon=":material/bookmark:",
        )
    else:
        _show_list(listing.runs, visitor)
    show_unreadable(listing.num_unreadable)
    teacher.show()


def _show_undo(visitor: str) -> None:
    """The run that this visit has deleted last can come back."""
    run = session.visitor().deleted_run
    if run is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(t(":material/delete: Deleted: **{name}**.", name=plain(run.name)))
        st.button(
            t("Undo"),
            key="undo_delete",
            icon=":material/undo:",
            on_click=_restore,
            args=(run.id, visitor),
            help=t("Brings it back. After ten minutes it is gone for good."),
        )
    _show_problem(run.id)


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
    found = _chosen(runs)
    st.caption(t("{count:,} of {count2:,} runs.", count=len(found), count2=len(runs)))
    marked = [run for run in found if session.widget_value(f"mark_{run.id}", False)]
    _show_together(marked)
    for run in found[:RUNS_A_SCREEN]:
        _show_run(run, visitor)
    if len(found) > RUNS_A_SCREEN:
        st.caption(
            t(
                "The first {runs_a_screen} are shown. Search for others by name.",
                runs_a_screen=RUNS_A_SCREEN,
            )
        )


def _chosen(runs: list[KeptRun]) -> list[KeptRun]:
    """The runs that fit the name, the page and the knob that are asked for, in the order chosen."""
    by_name, by_page, by_knob, order = st.columns([1.4, 1, 1.4, 1], vertical_alignment="bottom")
    with by_name:
        wanted = boxes.line(
            t("Search"),
            most=MAX_NAME,
            key="library_search",
            placeholder=t("part of a name"),
            help=t("Shows only these runs."),
        )
    families = [family for family in PAGE_OF if any(run.family == family for run in runs)]
    page = by_page.selectbox(
        t("Page"),
        [ALL, *families],
        format_func=lambda family: t("all pages" if family == ALL else PAGE_OF[family].title),
        key="library_page",
        help=t("Shows only the runs of one page."),
    )
    found = [run for run in runs if wanted.casefold().strip() in run.name.casefold()]
    found = [run for run in found if page in (ALL, run.family)]
    knobs = _knobs(found) if page != ALL else []
    knob = by_knob.selectbox(
        t("Knob"),
        [ALL, *knobs],
        format_func=lambda knob: t("all values") if knob == ALL else knob,
        key="library_knob",
        disabled=not knobs,
        help=t("Shows only the runs with this value. Choose a page first."),
    )
    if knob in knobs:
        found = [run for run in found if knob in _words(run)]
    by = order.selectbox(
        t("Order"),
        list(ORDERS),
        format_func=lambda name: t(ORDERS[name][0]),
        key="library_order",
        help=t("Best means the lowest error, or the highest accuracy, of its page."),
    )
    return sorted(found, key=ORDERS[by or "created"][1])


def _words(run: KeptRun) -> list[str]:
    """Its knobs, as "Bottleneck size 30"."""
    declared = params(run.config)
    return [
        f"{t(knob.label)} {values.in_words(knob, getattr(run.config, name))}"
        for name, knob in declared.items()
    ]


def _knobs(runs: Sequence[KeptRun]) -> list[str]:
    """The knobs in which some runs differ, with their values."""
    words = [set(_words(run)) for run in runs]
    common = set.intersection(*words) if words else set()
    return sorted(set().union(*words) - common)


def _show_together(marked: Sequence[KeptRun]) -> None:
    """Curves and numbers of the runs that are marked, if they are of one page."""
    if len(marked) < 2:
        if marked:
            st.caption(t("Mark another run of the same page to compare them."))
        return
    families = {run.family for run in marked}
    if len(families) > 1 or len(marked) > MOST_TOGETHER:
        st.info(
            t("Runs of one page can be compared, at most {most} at a time.", most=MOST_TOGETHER),
            icon=":material/compare_arrows:",
        )
        return
    try:
        runs = [
            compare.Run(run.name, run.experiment, LIBRARY.records(run.id), run.results)
            for run in marked
        ]
    except LibraryProblem as problem:
        st.warning(say(problem), icon=":material/block:")
        return
    with st.container(border=True, key="library_together"):
        compare.show_runs(runs, "library")


def _score(run: KeptRun) -> float:
    score = SCORES[run.family]
    if run.record is None:
        return run.loss
    return -score.of(run.record) if score.is_accuracy else score.of(run.record)


def _or_last(value: float | None) -> float:
    return float("inf") if value is None else value


def _show_run(run: KeptRun, visitor: str) -> None:
    day = datetime.datetime.fromtimestamp(run.created).strftime(t("%Y-%m-%d %H:%M"))
    with st.container(border=True, key=f"run_{run.id}"):
        picture, words, number, buttons = st.columns(
            [1.2, 2, 0.8, 1.6], vertical_alignment="center"
        )
        with picture:
            _show_picture(run)
        with words:
            st.checkbox(
                t("Compare"),
                key=f"mark_{run.id}",
                help=t("Puts it beside the other runs that are marked."),
            )
            st.markdown(f"**{plain(run.name)}**")
            st.caption(
                t(
                    "{page} · {what} · epoch {epoch} · {day} · Bottleneck {build}",
                    page=t(PAGE_OF[run.family].title),
                    what=_what(run),
                    epoch=run.epoch,
                    day=day,
                    build=plain(run.build or run_restore.EARLIER),
                )
            )
        with number:
            _show_number(run)
        with buttons, st.container(horizontal=True, gap="small"):
            if st.button(
                t("Open"),
                key=f"open_{run.id}",
                icon=":material/open_in_browser:",
                on_click=_open,
                args=(run,),
                help=t(
                    "Sets the knobs on its page and trains the run again."
                    if run.family in run_restore.MADE_AGAIN
                    else "Puts it on its page, as it stood."
                ),
            ) and not session.problem(run.id):
                st.switch_page(PAGE_OF[run.family].path)
            _show_exports(run)
            if digest(visitor) == run.owner or teacher.is_here():
                _show_changes(run, visitor)
        _show_problem(run.id)


def _what(run: KeptRun) -> str:
    """Its data, and of an autoencoder the widths of its layers."""
    if run.dataset.startswith(OWN):
        return t("own data")
    title = plain(sentence(type(run.experiment).title_of(run.dataset)))
    if run.family not in CONFIGS:
        return title
    sizes = layer_sizes(run.config, info_of(run.dataset).input_dim)
    return f"{title} · {' → '.join(f'{size:,}' for size in sizes)}"


def _show_number(run: KeptRun) -> None:
    score = SCORES[run.family]
    if run.record is None:
        st.metric(t("Test loss"), f"{run.loss:.4f}", help=t("At the end of its last epoch."))
        return
    value = score.of(run.record)
    st.metric(
        t(score.short),
        f"{value:.1%}" if score.is_accuracy else f"{value:.4f}",
        help=t("{score}, at the end of its last epoch.", score=t(score.label)),
    )


def _show_picture(run: KeptRun) -> None:
    """Images and their copies, where they were kept; else the score after each epoch."""
    picture = LIBRARY.picture(run.id)
    if picture is not None:
        colours = theme.colours()
        sheets = [
            image_sheet.make(x, picture.image_shape, ink, alt=alt, kind=picture.kind)
            for x, ink, alt in (
                (picture.x, colours.ink, t("images")),
                (picture.x_hat, colours.reconstruction, t("their copies")),
            )
        ]
        show_html(markup("<div>{sheets}</div>", sheets=join(sheets)))
        return
    try:
        records = LIBRARY.records(run.id)
    except LibraryProblem as problem:
        st.caption(say(problem))
        return
    figure = run_figures.make_small(records, SCORES[run.family], theme.colours())
    alt = t("{score} of each run, by epoch.", score=t(SCORES[run.family].label))
    show_figure(figure, key=f"small_{run.id}", alt=alt)


def _show_exports(run: KeptRun) -> None:
    place = st.popover(t("Export"), key=f"export_{run.id}", on_change="rerun")
    if place.open:
        with place:
            try:
                checkpoint = LIBRARY.load(run.id)
                run_export.show_exports(run.experiment, checkpoint, run.id)
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
                t("Delete"),
                key=f"delete_{run.id}",
                icon=":material/delete:",
                on_click=_delete,
                args=(run, visitor),
                help=t(
                    "Removes the run and its weights from the server. It can be brought back for "
                    "ten minutes. Links to its settings stay good."
                ),
            )


def _open(run: KeptRun) -> None:
    session.attempt(run.id, lambda: run_restore.open_on_page(run, run.family))


def _rename(run_id: str, visitor: str) -> None:
    name = session.widget_value(f"name_{run_id}", "")[:MAX_NAME]
    session.attempt(run_id, lambda: LIBRARY.rename(run_id, name, visitor, teacher.secret()))


def _delete(run: KeptRun, visitor: str) -> None:
    session.attempt(run.id, lambda: LIBRARY.delete(run.id, visitor, teacher.secret()))
    if not session.problem(run.id):
        session.visitor().deleted_run = run


def _restore(run_id: str, visitor: str) -> None:
    session.attempt(run_id, lambda: LIBRARY.restore(run_id, visitor, teacher.secret()))
    if not session.problem(run_id):
        session.visitor().deleted_run = None


def _show_problem(run_id: str) -> None:
    problem = session.problem(run_id)
    if problem:
        st.warning(say(problem), icon=":material/block:")
