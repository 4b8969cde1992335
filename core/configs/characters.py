"""The knobs of readers of text: `CharacterConfig`, `SpellerConfig`. Imports no TensorFlow."""

from dataclasses import dataclass
from typing import ClassVar

from core import knobs
from core.knobs import LiveKnobs, param
from core.message import Message

INPUTS = ("character", "word", "hybrid")
ARCHITECTURES = ("cnn", "lstm", "gru", "bidirectional")
MAX_KERNEL_SIZE = 9


def reads_characters(config: "CharacterConfig") -> bool:
    return config.inputs != "word"


def is_cnn(config: "CharacterConfig") -> bool:
    return reads_characters(config) and config.architecture == "cnn"


@dataclass(frozen=True, kw_only=True)
class CharacterConfig(LiveKnobs):
    """A classifier of texts, of which it reads the characters, the words, or both."""

    family: ClassVar[str] = "character"

    inputs: str = param(
        "character",
        label="Reads",
        help="What the network is given. To a word model a misspelt word is unknown, "
        "and its bars fall back to a guess; a character model still sees its "
        "characters.",
        options=INPUTS,
        value_names={"character": "characters", "word": "words", "hybrid": "both"},
    )
    architecture: str = param(
        "cnn",
        label="Architecture",
        help="How characters become a vector. The CNN looks for pieces such as -ing "
        "anywhere; the others read from left to right, or from both ends, and "
        "train several times slower.",
        options=ARCHITECTURES,
        value_names={
            "cnn": "character CNN",
            "lstm": "LSTM",
            "gru": "GRU",
            "bidirectional": "two LSTMs",
        },
        active_when=reads_characters,
    )
    char_embedding_dim: int = param(
        16,
        label="Character vector size",
        help="Numbers for each character: the length of its strip of colours. With very few, "
        "vowels and consonants can hardly part.",
        limits=(1, 128),
        stops=(2, 4, 8, 16, 32, 64),
        active_when=reads_characters,
    )
    word_embedding_dim: int = param(
        32,
        label="Word vector size",
        help="Numbers for each known word; a text is the mean of its words. More: sharper bars "
        "for known words, and no help with unknown ones.",
        limits=(1, 128),
        stops=(2, 4, 8, 16, 32, 64, 128),
        active_when=lambda config: config.inputs != "character",
    )
    filters: int = param(
        64,
        label="Filters",
        help="How many pieces of text the CNN can look for in each width: the marks over the "
        "typed word. More: a steeper curve that takes longer to draw.",
        limits=(1, 512),
        stops=(4, 8, 16, 32, 64, 128, 256),
        active_when=is_cnn,
    )
    kernel_sizes: tuple[int, ...] = param(
        (1, 2, 3, 4, 5),
        label="Window widths",
        help="Characters that a filter sees at the same time. With 1 alone the "
        "network knows which characters there are, not their order; with 3 and "
        "more, word endings become visible.",
        limits=(1, MAX_KERNEL_SIZE),
        stops=((1,), (3,), (2, 3), (2, 3, 4), (1, 2, 3, 4, 5)),
        active_when=is_cnn,
    )
    units: int = param(
        64,
        label="Units",
        help="Size of the memory that is carried from character to character. Small: "
        "it forgets how the word began, and the curve stays low.",
        limits=(1, 256),
        stops=(4, 8, 16, 32, 64, 128),
        active_when=lambda config: reads_characters(config) and config.architecture != "cnn",
    )
    mask_padding: bool = param(
        True,
        label="Mask the padding",
        help="Skips the zeros after a text. Without, a recurrent network reads them all, and "
        "short words fade from its memory: it learns later.",
        options=(True, False),
        active_when=reads_characters,
    )
    typo_rate: float = param(
        0.0,
        label="Typos in training",
        help="Share of the training words that get a typo, new ones each epoch. The curve of "
        "clean words stays lower, that of misspelt words falls less.",
        limits=(0.0, 1.0),
        stops=(0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0),
        live=True,
    )
    optimizer: str = param(
        "adam",
        label="Optimizer",
        help="How a gradient becomes a step. Plain sgd at the same learning rate crawls: the "
        "curve stays flat.",
        options=("adam", "nadam", "rmsprop", "sgd"),
        value_names={"adam": "Adam", "nadam": "Nadam", "rmsprop": "RMSprop", "sgd": "SGD"},
    )
    learning_rate: float = param(
        3e-3,
        label="Learning rate",
        help="Length of a step. Acts on the running model: too large and the curve jumps up, too "
        "small and it flattens.",
        limits=(1e-6, 10.0),
        stops=(1e-5, 1e-4, 3e-4, 1e-3, 2e-3, 3e-3, 5e-3, 1e-2, 3e-2, 1e-1, 1.0),
        live=True,
    )
    learning_rate_decay: str = param(
        "constant",
        label="Learning rate schedule",
        help="Cosine: the learning rate glides to 0 at the last epoch, which smooths the end of "
        "the curve and lifts it a little.",
        options=("constant", "cosine"),
    )
    batch_size: int = param(
        128,
        label="Batch size",
        help="Texts in one update. Small batches: more updates an epoch, so fewer epochs to the "
        "same accuracy, and longer ones.",
        limits=(1, 2048),
        stops=(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024),
    )

    def __post_init__(self) -> None:
        knobs.check(self)
        if is_cnn(self) and not self.kernel_sizes:
            raise ValueError(
                Message(
                    "A character CNN needs at least one window width; received kernel_sizes=(). "
                    "Choose some, such as (2, 3), or the inputs word."
                )
            )
        if len(set(self.kernel_sizes)) < len(self.kernel_sizes):
            raise ValueError(
                Message(
                    "Each window width stands once; received kernel_sizes={received!r}. For "
                    "more of one width choose more filters.",
                    received=self.kernel_sizes,
                )
            )


@dataclass(frozen=True, kw_only=True)
class SpellerConfig(LiveKnobs):
    """An encoder that maps a word and its misspellings to nearby vectors (`core.spelling`)."""

    family: ClassVar[str] = "speller"
    batch_size: ClassVar[int] = 512
    learning_rate_decay: ClassVar[str] = "cosine"  # type: ignore[misc]

    num_words: int = param(
        30_000,
        label="Words to learn",
        help="The most frequent words, which are misspelt to train on; as many rarer ones are "
        "known and suggested too. With few words it calls many right ones misspelt.",
        limits=(100, 50_000),
        stops=(1_000, 3_000, 10_000, 30_000),
    )
    learning_rate: float = param(
        6e-3,
        label="Learning rate",
        help="The size of a step at the start; it falls to nothing on a cosine. Too large: the "
        "curve jumps, and every word lands at one place.",
        limits=(1e-6, 1.0),
        stops=(6e-4, 2e-3, 6e-3, 2e-2, 6e-2),
        live=True,
    )

    def __post_init__(self) -> None:
        knobs.check(self)
