"""The latent loss of the batch that was trained on last, term by term."""

import numpy as np
import streamlit as st

from components.runs import moments, stage
from components.words.language import t
from core.analysis.divergences import gaussian_kl
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.queries.questions import BatchStatistics, LatentLoss

MOST = 10


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """The formula, its four sums, and a line for every latent."""
    job = moments.shown(key)
    last = _last(snapshot, experiment)
    found = None
    if job is not None and snapshot.phase != "failed":
        found = job.ask(LatentLoss(experiment.seed, last))
    if found is None:
        stage.show_waiting(t("The formula will appear here with the numbers of the current batch."))
        return
    beta = experiment.coefficients_at(snapshot.update)["beta"]
    left, right = stage.columns([1.25, 1], key)
    with left:
        st.latex(formula(found, beta, experiment.input_dim))
        st.caption(_caption(last, found.num_rows))
    with right:
        st.markdown(table(found))


def _last(snapshot: Snapshot, experiment: Experiment) -> int:
    """The update that was made last; while it trains that at the end of the last epoch, so that the
    question is asked once an epoch.
    """
    in_epochs = len(snapshot.records) * experiment.updates_per_epoch
    return max(0, (in_epochs if snapshot.is_running else snapshot.update) - 1)


def _caption(last: int, num_rows: int) -> str:
    if last == 0:
        return t(
            "Means over the {num_rows} images of the first batch, with the weights as they stand.",
            num_rows=num_rows,
        )
    return t(
        "Means over the {num_rows} images of the batch that was trained on last, with the weights "
        "as they stand.",
        num_rows=num_rows,
    )


def sums(found: BatchStatistics) -> dict[str, float]:
    """Each term summed over the latents, and `latent_kl`, in nats."""
    return {
        "one": float(len(found.square)),
        "log_var": float(found.log_var.sum()),
        "square": float(found.square.sum()),
        "variance": float(found.variance.sum()),
        "latent_kl": float(_kls(found).sum()),
    }


def _kls(found: BatchStatistics) -> np.ndarray:
    return gaussian_kl(found.square, found.variance, found.log_var)


def formula(found: BatchStatistics, beta: float, dim: int) -> str:
    """LaTeX: the definition, the numbers in it, and what it adds to the loss."""
    values = sums(found)
    signs = (("one", "+", "1"), ("log_var", "+", r"\log\sigma^2"), ("square", "-", r"\mu^2"),
             ("variance", "-", r"\sigma^2"))  # fmt: skip
    terms = "".join(
        rf"{sign}\underbrace{{({values[name]:.3f})}}_{{\Sigma\,{symbol}}}"
        for name, sign, symbol in signs
    )
    lines = (
        r"\mathrm{KL} &= -\tfrac{1}{2}\,\tfrac{1}{B}\sum_{b}\sum_{j}"
        r"\big(1+\log\sigma_{bj}^2-\mu_{bj}^2-\sigma_{bj}^2\big)",
        rf"&= -\tfrac{{1}}{{2}}\big({terms.removeprefix('+')}\big)",
        rf"&= {values['latent_kl']:.3f} \text{{ nats}}",
        rf"\tfrac{{\beta}}{{D}}\,\mathrm{{KL}} &= \tfrac{{{beta:g}}}{{{dim}}}\cdot "
        rf"{values['latent_kl']:.3f} = {beta * values['latent_kl'] / dim:.5f}",
    )
    return r"\begin{aligned}" + r" \\[.5em] ".join(lines) + r"\end{aligned}"


def table(found: BatchStatistics) -> str:
    """Markdown: a line a latent, those that tell most first, at most ten."""
    own = _kls(found)
    order = np.argsort(-own, kind="stable")
    lines = ["| | 1 | log σ² | μ² | σ² | KL |", "|---|---:|---:|---:|---:|---:|"]
    for j in order[:MOST]:
        cells = (1.0, found.log_var[j], found.square[j], found.variance[j], own[j])
        lines.append(f"| z{j + 1} | " + " | ".join(f"{cell:.3f}" for cell in cells) + " |")
    if len(order) > MOST:
        more = t("{count} more", count=len(order) - MOST)
        lines.append(f"| {more} | | | | | {own[order[MOST:]].sum():.3f} |")
    return "\n".join(lines)
