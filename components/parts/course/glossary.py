"""The terms of the lecture: a plain sentence, the formula, and where each can be seen."""

import streamlit as st

from components.parts.course.stops import PLACES
from components.words import story
from components.words.language import t

TERMS = {
    "character_embedding": ("characters", "language"),
    "autoencoder": ("autoencoder", "stacked"),
    "encoder": ("map", "codes"),
    "decoder": ("variational", "map"),
    "bottleneck": ("autoencoder", "undercomplete"),
    "reconstruction_loss": ("autoencoder", "linear"),
    "denoising_autoencoder": ("denoising", "gaussian"),
    "sparse_autoencoder": ("sparsity", "l1"),
    "kl_divergence": ("sparsity", "kl"),
    "vae": ("variational", "codings10"),
    "tsne": ("map", "seeds"),
    "pretraining": ("labels", "few"),
}


def show() -> None:
    """Draws the terms in two columns."""
    columns = st.columns(2, gap="medium")
    for number, (term, (place, preset)) in enumerate(TERMS.items()):
        with columns[number % 2], st.container(border=True, key=f"term_{term}"):
            st.markdown(story.sections("glossary")[term])
            _show_way(term, place, preset)


def _show_way(term: str, story_name: str, preset: str) -> None:
    place = PLACES[story_name]
    titles = t(place.room.title), t(place.presets[preset].title)
    if st.button(
        t("See it: {page}, {preset}", page=titles[0], preset=titles[1]),
        key=f"see_{term}",
        icon=place.room.icon,
        type="tertiary",
        on_click=place.open,
        args=(preset,),
    ):
        st.switch_page(place.room.path)
