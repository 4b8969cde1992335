"""Keep a run in the library, or take it along: as a script, a model, or a table."""

import functools

import streamlit as st

from components.knobs import boxes
from components.runs import film, measures, share
from components.streamlit_adapter import session, token
from components.streamlit_adapter.polling import repeat
from components.words.errors import say
from components.words.language import t
from core.build import VERSION, commit
from core.configs import CONFIGS
from core.experiments import Experiment
from core.export.script import check_script, make_csv
from core.families import FAMILIES
from core.jobs import chunks
from core.jobs.cluster import CLUSTER
from core.jobs.runner import Job
from core.message import Message
from core.results import Results
from core.store import own_files
from core.store.checkpoints import Checkpoint, StateFile
from core.store.library import LIBRARY, MAX_NAME, LibraryProblem

EXPORTS = {
    "script": (
        Message("Keras script"), "zip", ":material/code:",
        Message("A zip with a script in plain Keras, the initial weights, the images and their "
                "order: it trains the same run without this playground, to the same numbers."),
    ),
    "keras": (
        Message("Model"), "keras", ":material/neurology:",
        Message("The trained network as a .keras file of stock layers, for "
                "keras.models.load_model."),
    ),
    "csv": (
        Message("History"), "csv", ":material/table:",
        Message("Every epoch's numbers as a CSV table."),
    ),
}  # fmt: skip

OF_FAMILIES = {"script": ("stacked",), "keras": tuple(CONFIGS), "csv": tuple(FAMILIES)}
"""Which families an export is for."""


def show(key: str) -> None:
    """Draws the buttons behind which the page's run can be kept, exported or shared."""
    job = session.job(key)
    with st.container(horizontal=True, gap="small"):
        place = st.popover(
            t("Keep or export"),
            icon=":material/bookmark_add:",
            key=f"{key}_keep",
            on_change="rerun",
            help=t("Keeps this run in the library of this server, or downloads it."),
        )
        if place.open and job is not None:
            with place:
                repeat(_show_inside, key, key=key)
        share.show(key)


def _show_inside(key: str) -> None:
    job = session.job(key)
    visitor = token.show()
    checkpoint = job.checkpoint() if job else None
    if job is None or checkpoint is None or not checkpoint.records:
        st.caption(
            t("A run is kept as it stands: let it train for an epoch, pause, and open this.")
        )
        return
    results = measures.results_of(job, key)
    if results is None:
        st.caption(measures.words())
    else:
        _show_form(job, checkpoint, results, visitor, key)
    show_exports(job.experiment, checkpoint, key)
    film.show(job, key)


def _show_form(job: Job, checkpoint: Checkpoint, results: Results, visitor: str, key: str) -> None:
    if own_files.find(job.experiment.dataset) is not None:
        st.caption(t("Your own data are kept with the run: everybody who opens it has them too."))
    with st.form(f"{key}_keep_form", border=False):
        name = boxes.line(
            t("Name"),
            placeholder=t("such as: ten codes, relu"),
            most=MAX_NAME,
            key=f"{key}_keep_name",
            help=t("Everybody who visits this server sees it on the page Kept runs."),
        )
        if st.form_submit_button(t("Keep"), type="primary", help=t("Adds it to the library.")):
            try:
                picture = measures.picture(job)
                LIBRARY.keep(name, job.experiment, checkpoint, visitor, results, picture)
            except LibraryProblem as problem:
                st.warning(say(problem), icon=":material/block:")
            else:
                kept = t("Kept. You find it on the page Kept runs.")
                st.success(kept, icon=":material/bookmark_added:")


def show_exports(experiment: Experiment, checkpoint: Checkpoint, key: str) -> None:
    """A download button for each way to take a run along; one that cannot work now says why."""
    with st.container(horizontal=True, gap="small"):
        for kind, (label, suffix, icon, help_text) in EXPORTS.items():
            if experiment.family not in OF_FAMILIES[kind]:
                continue
            problem = _problem(kind, experiment, checkpoint)
            st.download_button(
                t(label),
                functools.partial(_export, kind, experiment, checkpoint),
                file_name=f"{_file_name(experiment)}.{suffix}",
                key=f"{key}_export_{kind}",
                icon=icon,
                help=problem or t(help_text),
                disabled=bool(problem),
                on_click="ignore",
            )


def _file_name(experiment: Experiment) -> str:
    """Such as bottleneck-2.0-1f2e3d4-sparse: a table has no other place for the version."""
    parts = ("bottleneck", VERSION, commit(), experiment.config.family)
    return "-".join(filter(None, parts))


def _problem(kind: str, experiment: Experiment, checkpoint: Checkpoint) -> str:
    """Why this file cannot be made now, or "". A table needs no worker."""
    if kind == "csv":
        return ""
    if isinstance(checkpoint.state, StateFile) and not checkpoint.state.path.is_file():
        return t("The weights of this run are gone from the server.")
    if CLUSTER.connected() is None:
        return say(CLUSTER.status().problem or t("No worker is ready yet."))
    if kind == "script":
        try:
            check_script(
                experiment.config,
                experiment.num_train,
                checkpoint.state.update,
                checkpoint.records,
            )
        except ValueError as error:
            return say(error)
    return ""


def _export(kind: str, experiment: Experiment, checkpoint: Checkpoint) -> bytes:
    if kind == "csv":
        return make_csv(checkpoint.records)
    return chunks.export(CLUSTER.client(), kind, experiment, checkpoint)
