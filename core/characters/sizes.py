"""How large a network is, before it is built. Imports no TensorFlow."""

from typing import NamedTuple

from core.configs.characters import CharacterConfig, is_cnn, reads_characters

MAX_NUMBERS = 80_000_000


class Sizes(NamedTuple):
    """What the data decide of a network.

    Attributes:
        num_characters: The integers that a character may be, padding among them.
        length: T, to which texts are cut or filled up.
        num_words: The integers that a word may be, padding and unknown among them.
        num_slots: M, words in the longest text.
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
    both_ends = 2 if config.architecture == "bidirectional" else 1
    recurrent = both_ends * config.units
    letters = len(config.kernel_sizes) * config.filters if is_cnn(config) else recurrent
    words = config.word_embedding_dim if config.inputs != "character" else 0
    return (letters if reads_characters(config) else 0) + words


def num_parameters(config: CharacterConfig, sizes: Sizes) -> dict[str, int]:
    """How many numbers training adjusts, by layer: for characters their vectors and what reads
    them, for words their vectors, for both the output.
    """
    found, depth, units = {}, config.char_embedding_dim, config.units
    if reads_characters(config):
        found["char_embedding"] = sizes.num_characters * depth
        weights = units * (depth + units)
        found["reader"] = {
            "cnn": sum((size * depth + 1) * config.filters for size in config.kernel_sizes),
            "lstm": 4 * (weights + units),
            "gru": 3 * (weights + 2 * units),
            "bidirectional": 8 * (weights + units),
        }[config.architecture]
    if config.inputs != "character":
        found["word_embedding"] = sizes.num_words * config.word_embedding_dim
    return found | {"output": (text_width(config) + 1) * sizes.num_outputs}


def check_size(config: CharacterConfig, sizes: Sizes) -> None:
    """Refuses an update that would fill the machine, before anything is built.

    Raises:
        ValueError: A sentence with the size and the way out.
    """
    positions, depth = config.batch_size * sizes.length, config.char_embedding_dim
    if is_cnn(config):
        numbers = positions * sum(size * depth + config.filters for size in config.kernel_sizes)
    else:
        numbers = positions * (depth + 10 * config.units) if reads_characters(config) else 0
    if numbers > MAX_NUMBERS:
        raise ValueError(
            f"One update would hold {numbers / 1e6:,.0f} million numbers for {config.batch_size} "
            f"texts of {sizes.length} characters; at most {MAX_NUMBERS / 1e6:,.0f} million are "
            f"allowed. Choose a smaller batch size, or fewer filters or units."
        )
