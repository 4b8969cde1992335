"""The board on the screen: one plot, live, over the list of what is shared."""

import streamlit as st

from components import teacher
from components.figures import theme
from components.figures.drawing import show_figure
from components.knobs import boxes, controls, link, switch
from components.pages import PAGE_OF
from components.parts.board.plots import (
    MOST_CURVES,
    MOST_POINTS,
    PLOTS,
    make_board,
    make_measured,
)
from components.runs import own_run, run_restore
from components.runs.run_list import show_unreadable
from components.streamlit_adapter import polling, session, token
from components.words.errors import say
from components.words.escaping import plain
from components.words.language import sentence, t
from core.configs import CONFIGS, layer_sizes
from core.queries.questions import Reconstructions
from core.results import SCORES, kind
from core.store.board import BOARD, MAX_NICKNAME, Entry
from core.store.library import LibraryProblem, digest

KEY = "board"
SECONDS_BETWEEN = 3.0
MOST_LISTED = 30


def show() -> None:
    """Draws the switch, the plot that follows the class, and what a visitor may change."""
    token.show()
    switch.choose(PLOTS, KEY)
    link.write_part(KEY)
    polling.follow(_stage, SECONDS_BETWEEN)
    teacher.show()
    if teacher.is_here():
        with st.popover(t("Clear the board"), icon=":material/delete_sweep:"):
            st.button(
                t("Remove every run from the board"),
                key="board_clear",
                type="primary",
                on_click=lambda: session.attempt(KEY, lambda: BOARD.clear(teacher.secret())),
                help=t("For good, and for everybody. Runs on the pages and kept runs stay."),
            )


def _stage() -> None:
    try:
        listing = BOARD.listing()
    except LibraryProblem as problem:
        st.warning(say(problem), icon=":material/block:")
        return
    if session.problem(KEY):
        st.warning(say(session.problem(KEY)), icon=":material/block:")
    show_unreadable(listing.num_unreadable)
    plot = PLOTS[switch.current(PLOTS, KEY)]
    fitting = [entry for entry in listing.entries if plot.holds(entry)]
    if not fitting:
        st.info(
            t(
                "Nobody has shared such a run yet. On the page of a network, press **Share** "
                "under the run: its point appears here for the whole class within seconds."
            ),
            icon=":material/groups:",
        )
        return
    chosen = _choose_data(fitting)
    if plot is PLOTS["curves"]:
        family = chosen[0].experiment.config.family if chosen else next(iter(plot.families))
        figure = make_measured(chosen, family, theme.colours())
        alt = t("The measured curve of each shared run.")
    else:
        figure = make_board(plot, chosen, digest(session.visitor().token), theme.colours())
        alt = t("A point for each shared run.")
    show_figure(figure, key="board_plot", alt=alt)
    most = MOST_CURVES if plot is PLOTS["curves"] else MOST_POINTS
    if len(chosen) > most:
        st.caption(t("The latest {count} are drawn.", count=most))
    st.caption(t("Runs, latest first: {count:,}", count=len(chosen)))
    for entry in chosen[:MOST_LISTED]:
        _show_entry(entry)


def _choose_data(entries: list[Entry]) -> list[Entry]:
    """Scores can be compared on the same data only, and errors of the same loss: those of the most
    runs, unless chosen.
    """
    groups: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        groups.setdefault(_kind(entry), []).append(entry)
    kinds = sorted(groups, key=lambda kind: -len(groups[kind]))
    chosen = st.selectbox(
        t("Data and loss"),
        kinds,
        format_func=lambda kind: _title(groups[kind][0]),
        key="board_data",
        help=t("Runs on other data, or with another loss, cannot be compared."),
        width=420,
    )
    return groups.get(chosen, [])


def _kind(entry: Entry) -> tuple[str, ...]:
    experiment = entry.experiment
    return kind(experiment.family, experiment.config, experiment.dataset)


def _title(entry: Entry) -> str:
    experiment = entry.experiment
    data = sentence(experiment.title_of(experiment.dataset))
    loss = getattr(experiment.config, "reconstruction_loss", None)
    what = _kind(entry)[3:]
    return " · ".join((data, loss or t(PAGE_OF[experiment.family].title), *what))


def _show_entry(entry: Entry) -> None:
    config = entry.experiment.config
    score = SCORES[config.family]
    value = score.of(entry.record)
    is_autoencoder = config.family in CONFIGS
    sizes = layer_sizes(config, entry.experiment.input_dim) if is_autoencoder else ()
    what = [t(PAGE_OF[config.family].title)]
    what += [" → ".join(f"{n:,}" for n in sizes)] if sizes else []
    with st.container(horizontal=True, vertical_alignment="center", key=f"entry_{entry.id}"):
        st.markdown(f"**{plain(entry.nickname)}**", width="content")
        st.caption(
            t(
                "{what} · epoch {epoch} · {score}: {value}",
                what=" · ".join(what),
                epoch=entry.record.epoch,
                score=t(score.label),
                value=f"{value:.1%}" if score.is_accuracy else f"{value:.4f}",
            ),
            width="stretch",
        )
        if st.button(
            t("Open"),
            key=f"open_{entry.id}",
            icon=":material/open_in_browser:",
            on_click=_open,
            args=(entry,),
            help=t("Trains the same run on its page, or replays it."),
        ) and not session.problem(KEY):
            st.switch_page(PAGE_OF[config.family].path)
        if teacher.is_here() or digest(session.visitor().token) == entry.owner:
            _show_changes(entry)


def _show_changes(entry: Entry) -> None:
    with st.popover(t("Edit"), key=f"edit_{entry.id}"):
        boxes.line(
            t("Nickname"),
            entry.nickname,
            most=MAX_NICKNAME,
            key=f"nickname_{entry.id}",
            on_change=_rename,
            args=(entry.id,),
            help=t("What the class sees beside your point. It need not be your name."),
        )
        st.button(
            t("Take it off the board"),
            key=f"delete_{entry.id}",
            icon=":material/delete:",
            on_click=_delete,
            args=(entry.id,),
        )


def _open(entry: Entry) -> None:
    key = entry.experiment.config.family
    refusal = controls.refusal(entry.experiment, key)
    session.keep_problem(KEY, refusal)
    if refusal:
        return
    controls.fill(entry.experiment, key)
    session.page(key).preset = ""
    if key in run_restore.MADE_AGAIN:
        session.forget_job(key)
        return
    views = (Reconstructions(),) if key in CONFIGS else ()
    own_run.restart(entry.experiment, key, lambda _: views, playing=True)


def _rename(entry_id: str) -> None:
    nickname = session.widget_value(f"nickname_{entry_id}", "")[:MAX_NICKNAME]
    keys = _keys()
    session.attempt(KEY, lambda: BOARD.rename(entry_id, nickname, *keys))


def _delete(entry_id: str) -> None:
    session.attempt(KEY, lambda: BOARD.delete(entry_id, *_keys()))


def _keys() -> tuple[str, str]:
    return session.visitor().token, teacher.secret()
