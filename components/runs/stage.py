"""What every autoencoder page shows of a run: its numbers, a strip of images over their copies, its
curve."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from components.figures import charts, image_sheet, theme
from components.figures.drawing import show_figure, show_html
from components.runs import fork
from components.streamlit_adapter import session
from components.words.escaping import Markup, join, markup
from components.words.language import t
from core.datasets import info_of
from core.engine.state import Record, Snapshot
from core.experiments import Experiment
from core.knobs import params
from core.queries.questions import LossFloor, Reconstructions

SMALL = 0.001


def show_summary(snapshot: Snapshot, experiment: Experiment, _: str) -> None:
    """The numbers and the strip."""
    show_numbers(snapshot, experiment)
    show_strip(snapshot, experiment)


def show_numbers(snapshot: Snapshot, experiment: Experiment) -> None:
    """Four numbers, each explained on hover; dashes before there are any."""
    record = snapshot.record
    rate = snapshot.images_per_second
    loss = params(experiment.config)["reconstruction_loss"]
    word = loss.value_names[experiment.config.reconstruction_loss]
    with st.container(horizontal=True, gap="medium"):
        st.metric(
            t("Epoch"),
            record.epoch if record else 0,
            help=t("How often the network has seen every training image."),
        )
        st.metric(
            t("Test loss"),
            _short(record.validation["total"]) if record else "–",
            help=t(
                "The {word} a pixel on images that the network has never been trained on.",
                word=t(word),
            )
            + (
                t(" Its root mean squared error: {rmse:.4f}.", rmse=record.readings["rmse"])
                if record
                else ""
            ),
        )
        st.metric(
            t("Variance explained"),
            f"{record.readings['variance_explained']:.1%}" if record else "–",
            help=t(
                "How much of the difference between test images survives the "
                "bottleneck: 100 % is a perfect copy."
            ),
        )
        if record and experiment.config.latent_activation == "relu":
            _show_dead(record, experiment.config.latent_dim)
        st.metric(
            t("Images / s"),
            f"{rate:,.0f}" if rate else "–",
            help=t("How fast the workers train, the test at the end of each epoch included."),
        )


def _show_dead(record: Record, size: int) -> None:
    st.metric(
        t("Dead codes"),
        t("{count:.0f} of {size}", count=record.readings["dead_latents"], size=size),
        help=t("Codes that are 0 for every test image: nothing can bring them back."),
    )


def _short(value: float) -> str:
    return f"{value:.4f}" if value >= SMALL else f"{value:.1e}"


def show_strip(snapshot: Snapshot, experiment: Experiment) -> None:
    """Ten test images over what the network makes of them."""
    view = snapshot.view(Reconstructions())
    if view is None:
        show_waiting(
            t(
                "Ten test images will appear here, over the copies that the network "
                "makes of them. The first copies are noise; watch them turn into "
                "digits."
            )
        )
        return
    show_rows(
        ((t("test image"), view.x, "ink"), (t("its copy"), view.x_hat, "reconstruction")),
        experiment,
    )
    signed = info_of(experiment.dataset).kind == "contrasts"
    if signed and experiment.config.output_activation == "sigmoid":
        st.caption(
            t(
                "These data take any sign, and a sigmoid output never falls below 0: "
                "choose the output activation **linear** (More knobs)."
            )
        )


def columns(spec: int | Sequence[float], key: str) -> list[Any]:
    """Places side by side; one under the other where two runs share the width of the page."""
    count = spec if isinstance(spec, int) else len(spec)
    if session.is_double(key):
        return [st.container() for _ in range(count)]
    return list(st.columns(spec, gap="medium"))


def show_waiting(sentence: str) -> None:
    """What will appear here."""
    st.info(sentence, icon=":material/image:")


def show_rows(rows: Sequence[tuple[str, np.ndarray, str]], experiment: Experiment) -> None:
    """Rows of images, one under the other: (what they are, x [N, D], the name of their colour)."""
    info = info_of(experiment.dataset)
    colours = theme.colours()
    cells: list[Markup] = []
    for label, x, colour in rows:
        alt = t("{label}, {count} of them", label=label, count=len(x))
        ink = getattr(colours, colour)
        cells.append(markup("<span>{label}</span>", label=label))
        cells.append(image_sheet.make(x, info.image_shape, ink, alt=alt, kind=info.kind))
    show_html(markup('<div class="strip">{cells}</div>', cells=join(cells)))


def by_epoch(snapshot: Snapshot, experiment: Experiment, name: str) -> list[tuple[float, float]]:
    """A number that the views have traced, as (epoch, value)."""
    per_epoch = experiment.updates_per_epoch
    return [(update / per_epoch, value) for update, value in snapshot.traces.get(name, [])]


def show_curve(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """The loss of every epoch so far, part by part; a loss that never reaches 0 with its floor."""
    figure = charts.make_loss_curve(snapshot.records, experiment, theme.colours())
    charts.add_origin(figure, fork.came_from(key), theme.colours())
    bound = snapshot.view(LossFloor())
    if bound is not None:
        words = t("no copy can be below {floor:.4f}", floor=bound.floor)
        charts.add_limit(figure, bound.floor, words, theme.colours())
    show_figure(
        figure,
        key=f"{key}_curve",
        alt=t("Loss on training and test images after each epoch, on a logarithmic axis."),
    )
