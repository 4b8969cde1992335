"""Ways to look at an autoencoder while it trains, of which one at a time is on the stage."""

import functools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import streamlit as st

from components import architecture, figures, look, run_panel, session, stage
from core import dense, experiments
from core.configs import is_linear, layer_activations, layer_sizes, num_parameters
from core.datasets import DATASETS
from core.experiments import Experiment
from core.jobs import Job
from core.params import params, to_text
from core.progress import Snapshot
from core.toys import SEQUENCE_LENGTH, SEQUENCE_SCALE

CHART = {"displayModeBar": False}
SERIES = (1, 2, 5, 10, 20, 50, 100, 256)
SMALL_ANGLE = 5.0
DEFAULT = "loss"
OWN_SEQUENCE = "70, 68, 66, 64, 62, 60, 58, 56"

Show = Callable[[Snapshot, Experiment, str], None]


class Lens(NamedTuple):
    """A word for the switch, what it asks of the model (names of `core.views.VIEWS`), what draws
    it.
    """

    label: str
    views: Callable[[str], tuple[str, ...]]
    show: Show


def choose(key: str) -> None:
    """Draws the switch between the lenses."""
    session.set_default(f"{key}_lens", DEFAULT)
    st.segmented_control(
        "Look at",
        list(LENSES),
        format_func=lambda name: LENSES[name].label,
        key=f"{key}_lens",
        label_visibility="collapsed",
    )


def views(key: str) -> run_panel.Views:
    """What a job must compute for the lens that is chosen."""
    return functools.partial(_views, session.widget_value(f"{key}_lens", DEFAULT) or DEFAULT)


def views_of(name: str) -> run_panel.Views:
    """What a job must compute for a lens."""
    return functools.partial(_views, name)


def _views(name: str, experiment: Experiment) -> tuple[str, ...]:
    return ("reconstructions", *LENSES[name].views(experiment.dataset))


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Draws the run through the lens that is chosen."""
    name = session.widget_value(f"{key}_lens", DEFAULT) or DEFAULT
    LENSES[name].show(snapshot, experiment, key)


def _show_size(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Error against the size of the code: a point a run, PCA as a line."""
    runs = [(job.experiment, job.snapshot()) for job in session.other_jobs(key)]
    points = [
        _point(other, seen)
        for other, seen in [*runs, (experiment, snapshot)]
        if other.dataset == experiment.dataset and seen.records
    ]
    view = snapshot.views.get("pca")
    errors = view["errors"] if view else None
    st.plotly_chart(
        figures.make_size_curve(points, errors, look.colours()),
        key=f"{key}_size",
        config=CHART,
        alt="Test error of every run against its bottleneck size, with the error of PCA as a line.",
    )
    st.button(
        "Train a run at every size",
        key=f"{key}_series",
        icon=":material/stacked_line_chart:",
        on_click=_train_series,
        args=(experiment, key),
        help="Trains this network with codes of "
        f"{', '.join(map(str, SERIES))}: a point arrives for each as it learns.",
    )


def _point(experiment: Experiment, snapshot: Snapshot) -> tuple[int, float, str]:
    record = snapshot.records[-1]
    error = float(np.square(record.readings["rmse"]))
    config = experiment.config
    layers = to_text(config.hidden_units)
    words = f"layers {layers}, {config.latent_activation} codes, epoch {record.epoch}"
    return config.latent_dim, error, words


def _train_series(experiment: Experiment, key: str) -> None:
    values = {
        name: getattr(owner, name)
        for owner in (experiment.config, experiment)
        for name in params(owner)
    }
    jobs = []
    for size in SERIES:
        if size < experiment.input_dim and size != experiment.config.latent_dim:
            other = experiments.make(type(experiment.config), values | {"latent_dim": size})
            jobs.append(Job(other, (), session.is_alive()))
            jobs[-1].play()
    session.add_jobs(key, jobs)


def _show_pca(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """How far the code's space has turned towards that of PCA."""
    view, colours = snapshot.views.get("pca", {}), look.colours()
    if not is_linear(experiment.config):
        st.info(
            "This network bends, so it spans no plane to compare with PCA's. Choose **Linear = "
            "PCA** above, or look at *Error by size*.",
            icon=":material/rotate_right:",
        )
        return
    trace = _by_epoch(snapshot, experiment, "largest_angle")
    left, right = st.columns(2)
    with left:
        st.plotly_chart(
            figures.make_trace(
                trace,
                title="largest angle to PCA (degrees)",
                limit=(SMALL_ANGLE, f"{SMALL_ANGLE:g}°"),
                colours=colours,
            ),
            key=f"{key}_angle",
            config=CHART,
            alt="The largest angle between the space of the code and that of PCA, by epoch.",
        )
    with right:
        st.plotly_chart(
            figures.make_bars(
                view.get("angles", ()),
                x_title="angle, smallest first",
                y_title="degrees",
                highest=90,
                colours=colours,
            ),
            key=f"{key}_angles",
            config=CHART,
            alt="Every principal angle now, smallest first.",
        )
    _show_pca_words(snapshot, experiment)


def _show_pca_words(snapshot: Snapshot, experiment: Experiment) -> None:
    view, size = snapshot.views.get("pca"), experiment.config.latent_dim
    if view is None or not snapshot.records or size >= len(view["errors"]):
        return
    error, best = _error(snapshot), float(view["errors"][size])
    angle = snapshot.traces.get("largest_angle", [(0, float("nan"))])[-1][1]
    st.markdown(
        f"Test error **{error:.5f}**, PCA with {size} components **{best:.5f}** "
        f"({error / best - 1:+.1%}); largest angle **{angle:.1f}°**."
    )


def _error(snapshot: Snapshot) -> float:
    return float(np.square(snapshot.records[-1].readings["rmse"]))


def _by_epoch(snapshot: Snapshot, experiment: Experiment, name: str) -> list[tuple[float, float]]:
    per_epoch = experiment.updates_per_epoch
    return [(update / per_epoch, value) for update, value in snapshot.traces.get(name, [])]


def _show_noise(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Whether it copies what it has never seen the like of."""
    view = snapshot.views.get("pure_noise")
    if view is None:
        stage.show_waiting("Images of pure noise will stand here, over the copies of them.")
        return
    left, right = st.columns([1.4, 1])
    with left:
        st.metric(
            "Copy score",
            f"{float(view['copy_score']):.2f}",
            help="R² on 500 images of pure noise. 1: copies anything, so it has learned nothing "
            "about digits. Below 0: it paints what it knows instead.",
        )
        stage.show_rows(
            (("pure noise", view["x"], "ink"), ("its copy", view["x_hat"], "reconstruction")),
            experiment,
        )
    with right:
        st.plotly_chart(
            figures.make_trace(
                _by_epoch(snapshot, experiment, "copy_score"),
                title="copy score (R² on pure noise)",
                limit=(0.0, "no better than grey"),
                colours=look.colours(),
            ),
            key=f"{key}_noise",
            config=CHART,
            alt="The copy score by epoch.",
        )


def _show_numbers(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Rows of numbers: the user's own sequence and its copy, or the factors found."""
    if experiment.dataset == "mixed_features":
        _show_factors(snapshot, key)
    elif DATASETS[experiment.dataset].kind == "numbers":
        _show_sequence(snapshot, experiment, key)
    else:
        st.info(
            "Here you can type numbers of your own when the data are number sequences: choose "
            "**A rule** or **No rule** above.",
            icon=":material/123:",
        )


def _show_factors(snapshot: Snapshot, key: str) -> None:
    view = snapshot.views.get("factors")
    st.plotly_chart(
        figures.make_bars(
            np.clip(view["r_squared"], 0, 1) if view else (),
            x_title="hidden factor",
            y_title="R² from the codes",
            highest=1,
            colours=look.colours(),
        ),
        key=f"{key}_factors",
        config=CHART,
        alt="How well a linear map from the codes finds each of the three hidden factors.",
    )


def _show_sequence(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    text = st.text_input(
        f"Your own {SEQUENCE_LENGTH} numbers, from 0 to 100",
        OWN_SEQUENCE,
        key=f"{key}_own",
        help="The network was never trained on them. Try a rule of your own, then no rule at all.",
    )
    try:
        x = read_numbers(text)
    except ValueError as error:
        st.warning(str(error), icon=":material/123:")
        return
    view = snapshot.views.get("weights")
    activations = layer_activations(experiment.config)
    x_hat = (
        dense.forward(view, activations, x[None] / SEQUENCE_SCALE)[0] * SEQUENCE_SCALE
        if view and len(view) == 2 * len(activations)
        else None
    )
    st.plotly_chart(
        figures.make_sequence(x, x_hat, look.colours()),
        key=f"{key}_sequence",
        config=CHART,
        alt="Your numbers and their copy, place by place.",
    )
    if x_hat is not None:
        st.caption(
            f"Root mean squared error of the copy: **{np.sqrt(np.mean((x - x_hat) ** 2)):.2f}**"
        )


def read_numbers(text: str) -> np.ndarray:
    """Eight numbers out of a text.

    Raises:
        ValueError: A sentence that says what was received.
    """
    words = text.replace(",", " ").replace(";", " ").split()[: SEQUENCE_LENGTH + 1]
    try:
        numbers = np.array([float(word) for word in words])
    except ValueError:
        raise ValueError(f"Numbers only, such as {OWN_SEQUENCE}.") from None
    if len(numbers) != SEQUENCE_LENGTH:
        count = f"more than {SEQUENCE_LENGTH}" if len(numbers) > SEQUENCE_LENGTH else len(numbers)
        raise ValueError(f"{SEQUENCE_LENGTH} numbers are needed; received {count}.")
    if not np.isfinite(numbers).all() or np.abs(numbers).max() > 1e6:
        raise ValueError("Every number must lie between -1,000,000 and 1,000,000.")
    return numbers


def _show_network(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """The network as blocks; the activations of one image flow through it."""
    config = experiment.config
    view, sizes = snapshot.views.get("layers", {}), layer_sizes(config, experiment.input_dim)
    fits = len(view) == len(sizes)
    count = len(view["0"]) if fits else 1
    chosen = st.segmented_control(
        "Image",
        list(range(count)),
        default=0,
        format_func=lambda number: f"image {number + 1}",
        key=f"{key}_image",
        label_visibility="collapsed",
    )
    values = [view[str(i)][chosen or 0] for i in range(len(sizes))] if fits else None
    svg = architecture.draw(sizes, layer_activations(config), values, look.colours())
    st.html(f'<div class="network">{svg}</div>')
    st.caption(
        f"{num_parameters(config, experiment.input_dim):,} parameters. In each block the "
        "activations of the image, darkest the strongest of its layer."
    )


def _views_of_numbers(dataset: str) -> tuple[str, ...]:
    if dataset == "mixed_features":
        return ("factors",)
    return ("weights",) if DATASETS[dataset].kind == "numbers" else ()


LENSES: dict[str, Lens] = {
    "loss": Lens("Loss", lambda _: (), stage.show_curve),
    "size": Lens("Error by size", lambda _: ("pca",), _show_size),
    "pca": Lens("Angles to PCA", lambda _: ("pca",), _show_pca),
    "noise": Lens("Pure noise", lambda _: ("pure_noise",), _show_noise),
    "network": Lens("Network", lambda _: ("layers",), _show_network),
    "numbers": Lens("Own numbers", _views_of_numbers, _show_numbers),
}
