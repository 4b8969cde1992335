"""What the page of character models shows: the typed text and both answers, and one part at a time
under them. The parts ask the model themselves.
"""

from components.knobs.switch import Part, Stage
from components.parts.characters import (
    break_it,
    curves,
    letter_map,
    predict,
    tensors,
    twin,
    vocabulary,
)
from components.runs import kit, own_texts
from components.runs.page import RunPage
from core.configs import CharacterConfig
from core.presets import CHARACTERS

STAGE = Stage(
    {
        "curves": Part("Accuracy", curves.show),
        "break_it": Part("Robustness", break_it.show),
        "tensors": Part("Tensors", tensors.show),
        "letter_map": Part("Character map", letter_map.show),
        "vocabulary": Part("Vocabulary", vocabulary.show),
        **kit.PARTS,
    },
    always_beside=twin.beside,
)
PAGE = RunPage(
    story="characters",
    config=CharacterConfig,
    knobs=(
        ("dataset",),
        ("inputs", "architecture"),
        ("typo_rate",),
        ("learning_rate",),
        ("char_embedding_dim", "kernel_sizes"),
        ("batch_size", "seed"),
    ),
    presets=CHARACTERS,
    stage=STAGE,
    own=own_texts.show,
    summary=predict.show,
    is_one=True,
)
