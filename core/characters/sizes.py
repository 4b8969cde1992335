"""Sizes of a network, known before it is built. Imports no TensorFlow."""

from typing import NamedTuple

from core.configs.characters import CharacterConfig, is_cnn, reads_characters
from core.message import Message

MAX_NUMBERS = 80_000_000


class Sizes(NamedTuple):
    """The sizes of a network that its data decide.

    Attributes:
        num_characters: The integers that a character may be, padding among them.
        length: T, to which texts are cut or filled up.
        num_words: The integers that a word may be, padding and unknown among them.
        num_slots: M, to which texts are cut or filled up in words.
        num_classes: K.
    """

    num_characters: int
    length: int
    num_words: int
    num_slots: int
    num_classes: int

    @property
    def num_outputs(self) -> int:
        """Units of the last layer: two classes share one, a sigmoid."""
        return 1 if self.num_classes == 2 else self.num_classes


def text_width(config: CharacterConfig) -> int:
    """W, how many numbers stand for a text."""
    num_directions = 2 if config.architecture == "bidirectional" else 1
    recurrent = num_directions * config.units
    of_characters = len(config.kernel_sizes) * config.filters if is_cnn(config) else recurrent
    of_words = config.word_embedding_dim if config.inputs != "character" else 0
    return (of_characters if reads_characters(config) else 0) + of_words


def num_parameters(config: CharacterConfig, sizes: Sizes) -> dict[str, int]:
    """How many numbers training adjusts, by layer: "char_embedding", "reader" (the CNN or recurrent
    layer), "word_embedding", "output", as far as the model has them.
    """
    counts = {}
    dim = config.char_embedding_dim
    units = config.units
    if reads_characters(config):
        counts["char_embedding"] = sizes.num_characters * dim
        kernels = units * (dim + units)
        counts["reader"] = {
            "cnn": sum((size * dim + 1) * config.filters for size in config.kernel_sizes),
            "lstm": 4 * (kernels + units),
            "gru": 3 * (kernels + 2 * units),
            "bidirectional": 8 * (kernels + units),
        }[config.architecture]
    if config.inputs != "character":
        counts["word_embedding"] = sizes.num_words * config.word_embedding_dim
    return counts | {"output": (text_width(config) + 1) * sizes.num_outputs}


def check_size(config: CharacterConfig, sizes: Sizes) -> None:
    """Refuses an update that would need too much memory, before anything is built.

    Raises:
        ValueError: A sentence with the size and the way out.
    """
    positions = config.batch_size * sizes.length
    dim = config.char_embedding_dim
    if is_cnn(config):
        numbers = positions * sum(size * dim + config.filters for size in config.kernel_sizes)
    else:
        numbers = positions * (dim + 10 * config.units) if reads_characters(config) else 0
    if numbers > MAX_NUMBERS:
        raise ValueError(
            Message(
                "One update would hold {millions:,.0f} million numbers for {batch_size} "
                "texts of {length} characters; at most {most:,.0f} million are allowed. "
                "Choose a smaller batch size, or fewer filters or units.",
                millions=numbers / 1e6,
                batch_size=config.batch_size,
                length=sizes.length,
                most=MAX_NUMBERS / 1e6,
            )
        )
