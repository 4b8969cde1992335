"""Pay for the next label: click one on the map of the unlabelled, and see what it was worth."""

import functools
from typing import Any

import numpy as np
import streamlit as st

from components import pads
from components.figures import theme
from components.figures.label_figures import LOOKS
from components.parts.labels import curves, panel
from components.parts.maps import bundle
from components.runs import run_panel, series, stage
from components.streamlit_adapter import session
from components.words.escaping import plain
from components.words.language import t
from core.analysis.readings import best_mean, interpolated
from core.datasets import info_of
from core.jobs.seen import Seen
from core.maps import points
from core.maps.experiment import MapExperiment, map_of
from core.pretraining.experiment import LabelExperiment, best_arm
from core.pretraining.questions import Candidates, Labels, Offer
from core.queries.questions import MapPositions

NUM_CANDIDATES = 800
_pad = pads.register("shop")


def show(settings: LabelExperiment, key: str) -> None:
    """The map of what could be labelled, what has been bought, and how well one learns from it."""
    found = panel.current(settings, key)
    offered = _offer(*found, key) if found else None
    if found is None or offered is None:
        stage.show_waiting(
            t("A map of unlabelled images will appear here. Which ones would you pay for?")
        )
        return
    wanted, job = found
    there, names = offered
    rows = list(panel.bought(wanted, key))
    left, right = st.columns([1.7, 1], gap="medium")
    with left:
        _show_map(wanted, there, names, rows, key)
    with right:
        _show_account(wanted, job, there, names, rows, key)


def maps(settings: LabelExperiment, key: str) -> list[MapExperiment]:
    """The map of what can be labelled, as soon as that is known."""
    found = panel.current(settings, key)
    offered = _offer(*found, key) if found else None
    return [_map(found[0], offered[0], key)] if found and offered else []


def _offer(wanted: LabelExperiment, job: Seen, key: str) -> tuple[Offer, tuple[str, ...]] | None:
    make = functools.partial(_offered, job)
    return session.latest(f"{key}_offered", wanted.encoder, 0, make)


def _offered(job: Seen) -> tuple[Offer, tuple[str, ...]] | None:
    """What can be labelled, and the names of the classes; None until a worker has said it."""
    there = job.ask(Candidates(NUM_CANDIDATES))
    named = job.ask(Labels()) if there else None
    return (there, tuple(map(t, named.class_names))) if there and named else None


def _show_map(
    wanted: LabelExperiment,
    there: Offer,
    names: tuple[str, ...],
    rows: list[int],
    key: str,
) -> None:
    job = series.find(_map(wanted, there, key), key)
    snapshot = job.snapshot() if job else None
    if snapshot and snapshot.phase == "failed":
        run_panel.show_failure(snapshot)
        return
    view = snapshot.view(MapPositions()) if snapshot else None
    if view is None:
        stage.show_waiting(t("The map of the codes is forming: a few seconds."))
        return
    positions = view.positions
    shown = there.shown
    data: dict[str, Any] = {
        "positions": pads.pack(positions),
        "bought": rows,
        "labels": [int(there.labels[row]) for row in rows],
        "names": list(names),
        "colours": theme.colours()._asdict(),
        "alt": t(
            "A map of {count:,} unlabelled ones; {labelled} have been labelled.",
            count=len(positions),
            labelled=len(rows),
        ),
    }
    if wanted.has_words:
        data["texts"] = shown
    else:
        data |= _sheet(wanted.dataset, shown, key)
    clicked = _pad(key=f"{key}_shop", data=data, on_chosen_change=_nothing).chosen
    if _is_row(clicked, len(positions)) and clicked not in rows:
        panel.buy((*rows, clicked), wanted, key)
        st.rerun()


COLUMNS = 40


def _sheet(dataset: str, shown: np.ndarray, key: str) -> dict[str, Any]:
    """The images on one sheet, and how they lie there."""
    shape = info_of(dataset).image_shape
    url = session.latest(
        f"{key}_shop", (dataset, len(shown)), 0,
        lambda: bundle.url_of(shown.reshape(-1, *shape), COLUMNS),
    )  # fmt: skip
    return {"sheet": url, "tile": shape, "columns": COLUMNS}


def _is_row(clicked: object, count: int) -> bool:
    return isinstance(clicked, int) and not isinstance(clicked, bool) and 0 <= clicked < count


def _map(wanted: LabelExperiment, there: Offer, key: str) -> MapExperiment:
    """t-SNE of the codes, formed once for an encoder; of few of them with fewer neighbours."""
    made = session.latest(f"{key}_shop_points", wanted.encoder, 0, lambda: points.make(there.codes))
    return map_of(made)


def _show_account(
    wanted: LabelExperiment,
    job: Seen,
    there: Offer,
    names: tuple[str, ...],
    rows: list[int],
    key: str,
) -> None:
    snapshot = job.snapshot()
    counts = np.bincount(there.labels[rows].astype(int), minlength=len(names))
    st.markdown(
        t("**{count}** labels bought. Click a dot to pay for the next one.", count=len(rows))
    )
    if rows:
        st.caption(
            " · ".join(f"{plain(name)}: {count}" for name, count in zip(names, counts, strict=True))
        )
    if wanted.bought and snapshot.record:
        arm, share = best_arm(snapshot.record)
        st.metric(
            t("Best method: {title}", title=t(LOOKS[arm].title)),
            f"{share:.1%}",
            help=t("Share of test data that it gets right after learning from your labels alone."),
        )
        _show_rival(wanted, len(rows), key)
    elif len(rows) < 2:
        st.caption(
            t(
                "From the second label on, of another class, all methods learn from "
                "your labels alone."
            )
        )
    with st.container(horizontal=True, gap="small"):
        st.button(
            t("Give all back"), key=f"{key}_refund", icon=":material/undo:", disabled=not rows,
            on_click=panel.buy, args=((), wanted, key), help=t("Back to labels drawn at random."),
        )  # fmt: skip


def _show_rival(wanted: LabelExperiment, count: int, key: str) -> None:
    """What random draws of as many labels give: between the two numbers of the curve around it."""
    found = curves.curves_of(curves.started(wanted, key))
    best = best_mean(found)
    if len(best) > 1:
        st.caption(
            t("As many drawn at random: about {value:.1%}.", value=interpolated(best, count)),
            help=t(
                "Interpolated between the points of the curve of this encoder "
                "(Accuracy by labels), balanced draws."
            ),
        )
    else:
        st.caption(t("Train the curve (Accuracy by labels) to see what random labels are worth."))


def _nothing() -> None:
    """Streamlit passes on only values with a callback."""
