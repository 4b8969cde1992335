"""L1, KL and no penalty side by side, from the same initial weights."""

import numpy as np
import streamlit as st

from components.figures import image_sheet, theme, unit_figures
from components.figures.drawing import show_figure, show_html
from components.parts.sparsity import penalty
from components.runs import series, stage
from components.words.language import t
from core.analysis.readings import first_update_below, mse
from core.comparisons import latest_coefficients, penalty_of, with_penalty
from core.datasets import info_of
from core.engine.state import Snapshot
from core.experiments import MAX_UPDATES, Experiment
from core.queries.questions import Activations, Reconstructions

KINDS = ("L1", "KL", "none")
VIEWS = (Reconstructions(), Activations())
NEAR = 1.1
Run = tuple[Experiment, Snapshot]


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """The three runs as far as there are any, and a button for those that are missing."""
    found = _find(series.runs(snapshot, experiment, key), experiment)
    target = experiment.coefficients_at(snapshot.update)["sparsity_target"]
    for kind, column in zip(KINDS, stage.columns(3, key), strict=True):
        with column:
            _show_run(kind, found.get(kind), target)
    if "KL" not in _kinds(experiment):
        st.caption(t("The KL penalty needs sigmoid codes."))
    missing = [kind for kind in _kinds(experiment) if kind not in found]
    if missing:
        _show_button(missing, experiment, key)
    series.show_stop(key)
    traces = {kind: seen.traces.get("mean_activation", []) for kind, (_, seen) in found.items()}
    show_figure(
        unit_figures.make_descent(traces, target, theme.colours()),
        key=f"{key}_descent",
        alt=t(
            "Mean activation of all units by update, for each penalty, with the target as a line."
        ),
        empty=_why_empty(missing, experiment),
    )


def _why_empty(missing: list[str], experiment: Experiment) -> str:
    """What to press where the run of the page pays none of the penalties alone; else ""."""
    if not missing or penalty_of(latest_coefficients(experiment)) in KINDS:
        return ""
    return t(
        "No points yet. Press **{label}** to train these runs.",
        label=t("Train {names}", names=_listed(missing)),
    )


def _find(runs: list[Run], experiment: Experiment) -> dict[str, Run]:
    """The present run under the penalty that it pays now, and those that have paid another one from
    the start, all else equal.
    """
    kinds = {
        with_penalty(experiment, kind).key_before(MAX_UPDATES): kind for kind in _kinds(experiment)
    }
    found = {kinds.get(run[0].key_before(MAX_UPDATES)): run for run in runs}
    now = penalty_of(latest_coefficients(experiment))
    found |= [(now, run) for run in runs if run[0] == experiment]
    return {kind: found[kind] for kind in KINDS if kind in found}


def _kinds(experiment: Experiment) -> tuple[str, ...]:
    """The penalties that its codes can pay."""
    has_kl = experiment.config.latent_activation == "sigmoid"
    return tuple(kind for kind in KINDS if kind != "KL" or has_kl)


def _show_run(kind: str, run: Run | None, target: float) -> None:
    st.markdown(f"**{t('No penalty') if kind == 'none' else kind}**")
    if run is None:
        st.caption(t("Not trained yet."))
        return
    experiment, snapshot = run
    record = snapshot.record
    assert record is not None, "series.runs leaves out what has none"
    has_target = experiment.config.latent_activation == "sigmoid"
    error = mse(record)
    hoyer = snapshot.traced("hoyer")
    is_known = np.isfinite(hoyer)
    st.caption(
        t(
            "{words}, epoch {epoch}: error **{error:.4f}**, **{l0:.0f}** active units, ",
            words=penalty.words(experiment.coefficients_at(snapshot.update)),
            epoch=record.epoch,
            error=error,
            l0=record.readings["l0"],
        )
        + (t("selectivity **{hoyer:.2f}**, ", hoyer=hoyer) if is_known else "")
        + (_reached(snapshot.traces.get("mean_activation", []), target) if has_target else "")
    )
    view = snapshot.view(Reconstructions())
    if view is not None:
        x_hat = view.x_hat
        info = info_of(experiment.dataset)
        colour = theme.colours().reconstruction
        alt = t("Copies of {count} test images", count=len(x_hat))
        show_html(image_sheet.make(x_hat, info.image_shape, colour, alt=alt, kind=info.kind))


def _reached(trace: list[tuple[int, float]], target: float) -> str:
    if trace and trace[0][0] > 0:
        return t("a replay of which only the end was shown.")
    update = first_update_below(trace, NEAR * target)
    return (
        t("target not reached.")
        if update is None
        else t("target reached after about **{update:,}** updates.", update=update)
    )


def _show_button(missing: list[str], experiment: Experiment, key: str) -> None:
    st.button(
        t("Train {names}", names=_listed(missing)),
        key=f"{key}_beside",
        icon=":material/compare_arrows:",
        on_click=_train,
        args=(missing, experiment, key),
        help=t(
            "The same network with the same seed and the other penalties: λ 0.0001 "
            "and KL weight 0.005 where the knobs say none."
        ),
    )


def _listed(kinds: list[str]) -> str:
    return ", ".join(t("no penalty") if kind == "none" else kind for kind in kinds)


def _train(kinds: list[str], experiment: Experiment, key: str) -> None:
    others = (with_penalty(experiment, kind) for kind in kinds)
    series.train(others, key, VIEWS, skip=False)
