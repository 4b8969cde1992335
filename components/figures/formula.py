"""The formulas of a run with its current numbers in them."""

import streamlit as st

from components.words.language import t
from core.configs import layer_sizes
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.queries.questions import LossFloor, Pca

LOSSES = {
    "mse": r"\sum_{i=1}^{D}(x_i-\hat x_i)^2",
    "bce": r"\sum_{i=1}^{D}\big[-x_i\ln\hat x_i-(1-x_i)\ln(1-\hat x_i)\big]",
}
READINGS = {
    "largest_angle": r"\theta_{{\max}} &= {}^\circ",
    "copy_score": r"R^2_{{\text{{{noise}}}}} &= {}",
    "mean_r_squared": r"R^2_{{z \to f}} &= {}",
}


def show(snapshot: Snapshot, experiment: Experiment, _: str) -> None:
    """Draws the loss, and what the lens on the stage measures, with the numbers of now."""
    st.latex(
        r"\begin{aligned}" + r" \\[.4em] ".join(lines(snapshot, experiment)) + r"\end{aligned}"
    )


def lines(snapshot: Snapshot, experiment: Experiment) -> list[str]:
    """One line of LaTeX each, with & before what is aligned."""
    config = experiment.config
    dim = experiment.input_dim
    sizes = r" \to ".join(str(size) for size in layer_sizes(config, dim))
    drawn = [rf"x \to z \to \hat x &:\; {sizes}", _loss(snapshot, experiment)]
    beside = snapshot.view(Pca())
    if beside is not None and config.latent_dim < dim:
        best = float(beside.errors[config.latent_dim])
        drawn.append(rf"\text{{PCA, }} Z={config.latent_dim} &:\; {_number(best)}")
    bound = snapshot.view(LossFloor())
    if bound is not None:
        drawn.append(rf"\mathcal{{L}}(\hat x = x) &:\; {_number(bound.floor)}")
    for name, symbol in READINGS.items():
        if snapshot.traces.get(name) and _shows(snapshot, name):
            drawn.append(symbol.format(_number(snapshot.traced(name)), noise=t("pure noise")))
    return drawn


def _shows(snapshot: Snapshot, name: str) -> bool:
    """Whether a view tells this number."""
    return any(getattr(view, name, None) is not None for view in snapshot.views.values())


def _loss(snapshot: Snapshot, experiment: Experiment) -> str:
    text = rf"\mathcal{{L}} = \tfrac{{1}}{{D}}{LOSSES[experiment.config.reconstruction_loss]} &"
    record = snapshot.record
    if record is None:
        return text
    values = (record.parts["reconstruction"], record.validation["reconstruction"])
    train, test = (
        rf"{_number(value)} \text{{ ({split})}}"
        for value, split in zip(values, (t("train"), t("test")), strict=True)
    )
    return rf"{text}= {train},\; {test}"


def _number(value: float) -> str:
    """Three digits that count, as LaTeX."""
    if value != 0 and abs(value) < 1e-3:
        mantissa, _, power = f"{value:.2e}".partition("e")
        return rf"{mantissa}\cdot 10^{{{int(power)}}}"
    return f"{value:.3g}"
