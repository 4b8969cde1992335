"""What the latent loss costs the copies: two curves, and a point for every run of the visit."""

import plotly.graph_objects as go
import streamlit as st

from components.figures import charts, latent_figures, theme
from components.figures.drawing import show_figure
from components.runs import series, stage
from components.words.language import t
from core import comparisons
from core.analysis import readings
from core.comparisons import BETAS
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.knobs import to_text

HEIGHT = 260


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Copies, curves, runs, and what each latent tells."""
    stage.show_strip(snapshot, experiment)
    lost = _word(experiment)
    left, middle, right = stage.columns([1.15, 1, 0.85], key)
    figure = latent_figures.make_nats(
        [record.epoch for record in snapshot.records],
        [readings.distortion(record, experiment) for record in snapshot.records],
        [readings.rate(record) for record in snapshot.records],
        lost,
        theme.colours(),
    )
    charts.mark_moves(figure, experiment, theme.colours())
    with left:
        _show(figure, f"{key}_nats", t("Reconstruction and latent loss by epoch, in nats."))
    spots = [_spot(*run) for run in _runs(snapshot, experiment, key)]
    now = spots.pop() if snapshot.record else None
    figure = latent_figures.make_rate_distortion(spots, now, lost, theme.colours())
    with middle:
        _show(figure, f"{key}_rate", t("Reconstruction against latent loss, one point per run."))
    if snapshot.record:
        told = snapshot.record.readings["latent_kls"]
        figure = latent_figures.make_latents(told, theme.colours())  # type: ignore[arg-type]
        with right:
            _show(
                figure,
                f"{key}_latents",
                t("The information of each latent about an image, in nats, sorted."),
            )
    _offer_series(experiment, key)


def _offer_series(experiment: Experiment, key: str) -> None:
    with st.container(horizontal=True, gap="small"):
        st.button(
            t("Five runs over β"),
            key=f"{key}_series",
            icon=":material/stacked_line_chart:",
            on_click=_train,
            args=(experiment, key),
            help=t(
                "Trains this network at β {join}, all else equal: a point arrives for "
                "each as it learns.",
                join=", ".join(map(to_text, BETAS)),
            ),
        )
        series.show_stop(key)


def _show(figure: go.Figure, key: str, alt: str) -> None:
    figure.layout.height = HEIGHT
    show_figure(figure, key=key, alt=alt)


def _word(experiment: Experiment) -> str:
    """What the reconstruction is measured in."""
    if experiment.config.reconstruction_loss == "bce":
        return t("reconstruction (nats an image)")
    return t("squared error an image (nats, pixels of variance ½)")


def _runs(
    snapshot: Snapshot, experiment: Experiment, key: str
) -> list[tuple[Experiment, Snapshot]]:
    """The variational runs of this visit with the same data and loss, the page's own last."""
    loss = experiment.config.reconstruction_loss
    return [
        (other, seen)
        for other, seen in series.runs(snapshot, experiment, key)
        if (other.config.family, other.config.reconstruction_loss) == ("variational", loss)
    ]


def _spot(experiment: Experiment, snapshot: Snapshot) -> latent_figures.Spot:
    record = snapshot.record
    assert record is not None, "series.runs leaves out what has none"
    config = experiment.config
    beta = record.coefficients["beta"]
    words = t(
        "β {beta:g}, {latent_dim} latents, epoch {epoch}",
        beta=beta,
        latent_dim=config.latent_dim,
        epoch=record.epoch,
    )
    rate = readings.rate(record)
    distortion = readings.distortion(record, experiment)
    return latent_figures.Spot(rate, distortion, f"{beta:g}", words)


def _train(experiment: Experiment, key: str) -> None:
    series.train(comparisons.with_betas(experiment), key)
