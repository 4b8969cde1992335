"""The same points three times: this map, their two main directions, and a map of the raw pixels."""

import streamlit as st

from components.parts.maps import honesty, marks, sources, stage
from components.parts.maps.marks import Small
from components.parts.maps.sources import Mapped
from components.runs import series
from components.runs import stage as shared
from components.streamlit_adapter import session
from components.words.language import t
from core.jobs.seen import Seen
from core.maps import points
from core.maps.experiment import MapExperiment
from core.maps.points import Points
from core.maps.questions import JudgeMap, Neighbours, Qualities
from core.queries.questions import Codes


def show(settings: MapExperiment, key: str) -> None:
    """This map, PCA, and raw pixels, each with its marks."""
    found = stage.current(settings, key)
    if found is None:
        shared.show_waiting(t("This map, PCA and the raw pixels will appear here side by side."))
        return
    here, job = found
    flat = job.ask(Neighbours())
    judged = _judged(job)
    pca_words = marks.in_words(judged.pca if judged else None)
    shown = [
        marks.of_job(t("This map"), job, judged),
        Small(t("PCA of the same"), flat.pca if flat else None, pca_words),
    ]
    wanted = _of_pixels(here, settings, key)
    other = series.find(wanted, key) if wanted else None
    if other is not None:
        shown.append(marks.of_job(t("t-SNE of the raw pixels"), other, _judged(other)))
    alt = t("The same points by t-SNE, by PCA, and by t-SNE of the raw pixels.")
    words = (alt, (t("first"), t("second")))
    marks.show(shown, here.points.labels, words, f"{key}_beside", columns=3)
    kept = (
        t("PCA's two directions keep {kept:.0%} of the variance. ", kept=flat.kept) if flat else ""
    )
    latent = (
        t("The points themselves: {in_words}. ", in_words=marks.in_words(judged.codes))
        if judged
        else ""
    )
    st.caption(
        t(
            "{kept}{latent}{count:,} points in each, seed {seed}.",
            kept=kept,
            latent=latent,
            count=len(here.points.x),
            seed=settings.seed,
        ),
        help=t(marks.HELP),
    )


def _judged(job: Seen) -> Qualities | None:
    return job.ask(JudgeMap()) if honesty.is_done(job) else None


def pixels(settings: MapExperiment, key: str) -> list[MapExperiment]:
    """The map of the raw pixels, as soon as they are known."""
    found = stage.current(settings, key)
    wanted = _of_pixels(found[0], settings, key) if found else None
    return [wanted] if wanted else []


def _of_pixels(here: Mapped, settings: MapExperiment, key: str) -> MapExperiment | None:
    """A map of the pixels of the same images; None where this is one, there are no images, or their
    pixels are on their way.
    """
    source = here.source
    if not sources.has_pictures(source) or settings.config.space == "pixels":
        return None
    count = len(here.points.x)
    answer = source.ask(Codes(count, "pixels"))
    if answer is None:
        return None
    made: Points = session.latest(
        f"{key}_pixels", here.points.name, 0,
        lambda: points.make(answer.codes, here.points.labels),
    )  # fmt: skip
    return settings.of_pixels(made)
