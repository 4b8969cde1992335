"""What a map may not be asked: seeds and perplexities side by side, and two clusters that lie."""

import streamlit as st

from components.parts.maps import marks, stage
from components.parts.maps.marks import Small
from components.parts.maps.panel import VIEWS
from components.runs import series
from components.runs import stage as shared
from components.streamlit_adapter import session
from components.words.language import t
from core.jobs.seen import Seen
from core.maps import points
from core.maps.experiment import MapExperiment, map_of
from core.maps.points import Points
from core.maps.questions import JudgeMap
from core.projection import pca

SEEDS = (0, 1, 2)
PERPLEXITIES = (5.0, 30.0, 100.0)
NUM_POINTS = 600
AXES = ("t-SNE 1", "t-SNE 2")


def show(settings: MapExperiment, key: str) -> None:
    """Two clusters first: they need no network. Then three seeds by three perplexities."""
    _show_clusters(key)
    found = stage.current(settings, key)
    if found is None:
        shared.show_waiting(
            t("Nine maps of the same points will appear here: three seeds, three perplexities.")
        )
        return
    here, _ = found
    sample = session.latest(
        f"{key}_sample", here.points.name, 0, lambda: points.first_of(here.points, NUM_POINTS)
    )
    source = settings.config.source
    wanted = [
        map_of(sample, seed=seed, source=source, perplexity=perplexity, start="random")
        for seed in SEEDS
        for perplexity in PERPLEXITIES
    ]
    jobs = [series.find(each, key) for each in wanted]
    missing = [each for each, job in zip(wanted, jobs, strict=True) if job is None]
    if missing:
        st.button(
            t("Make all {count} maps", count=len(wanted)),
            key=f"{key}_honesty",
            icon=":material/grid_view:",
            on_click=_begin,
            args=(missing, key),
            help=t(
                "{count:,} of these points, from random places, on all workers at the same time.",
                count=len(sample.x),
            ),
        )
    series.show_stop(key)
    _show_maps(sample, list(zip(wanted, jobs, strict=True)), key)


def _begin(wanted: list[MapExperiment], key: str) -> None:
    series.train(wanted, key, VIEWS)


def _show_maps(sample: Points, maps: list[tuple[MapExperiment, Seen | None]], key: str) -> None:
    shown = []
    beside = None
    for wanted, job in maps:
        answer = job.ask(JudgeMap()) if job and is_done(job) else None
        beside = beside or answer
        title = t(
            "perplexity {perplexity:g}, seed {seed}",
            perplexity=wanted.config.perplexity,
            seed=wanted.seed,
        )
        shown.append(marks.of_job(title, job, answer))
    if not any(job for _, job in maps):
        return
    words = t("Nine maps of the same points: one row per seed, one column per perplexity.")
    marks.show(shown, sample.labels, (words, AXES), f"{key}_nine", columns=3)
    if beside:
        flat = pca(sample.x, 2)
        st.markdown(
            t(
                "PCA's flat picture (keeps {kept:.0%} of the variance): {in_words}. "
                "The points themselves, not flattened: {in_words2}.",
                kept=flat.kept,
                in_words=marks.in_words(beside.pca),
                in_words2=marks.in_words(beside.codes),
            ),
            help=t(marks.HELP),
        )
    st.caption(
        t(
            "{count:,} points each, started at random places. Positions, sizes and "
            "exact distances of islands change from map to map: **they mean "
            "nothing**. What stays is evidence: points that are together in all nine "
            "are similar, and so are islands that are side by side in all nine.",
            count=len(sample.x),
        )
    )


def is_done(job: Seen) -> bool:
    """Whether a map has made all its iterations."""
    return job.snapshot().phase == "finished"


def clusters(_: MapExperiment, key: str) -> list[MapExperiment]:
    """The map of two clusters."""
    return [map_of(_demo(key))]


def _demo(key: str) -> Points:
    return session.latest(f"{key}_demo", "two clusters", 0, points.two_clusters)


def _show_clusters(key: str) -> None:
    """Two clusters of equally many points, one ten times as wide, and what the map makes of it."""
    demo = _demo(key)
    job = series.find(map_of(demo), key)
    flat = pca(demo.x, 2).project(demo.x)
    truth = Small(t("What is true"), flat, t("PCA: one is ten times as wide"))
    told = marks.of_job(t("What t-SNE shows"), job, None)._replace(
        words=t("two islands of one size") if job and is_done(job) else ""
    )
    left, right = st.columns([1.3, 1], gap="medium")
    with left:
        alt = t("Two clusters, one ten times as wide: PCA shows it, t-SNE makes them equal.")
        words = (alt, (t("first"), t("second")))
        marks.show([truth, told], demo.labels, words, f"{key}_two", columns=2)
    with right:
        st.markdown(
            t(
                "**Sizes and exact distances on a t-SNE map mean nothing.** Two clusters of "
                "150 points each in ten dimensions; one of them is stretched to ten "
                "times the width. Perplexity asks for equally many neighbours "
                "everywhere, so the map spreads what is dense and draws together what "
                "is thin."
            )
        )
