"""The experiment of a speller. Imports no TensorFlow."""

from dataclasses import dataclass
from typing import Any, ClassVar

from core.experiments import Experiment
from core.knobs import redeclare
from core.message import Message
from core.spelling.word_lists import (
    NUM_FROM_ALL,
    WordList,
    load_words,
    version_of,
    words_of_all_languages,
)
from core.text import tasks
from core.text.word_tables import LANGUAGES

UPDATES_A_RECORD = 25
PRODUCTS_A_WORD = 2_000_000
ALL_LANGUAGES = "all"


@dataclass(frozen=True, kw_only=True)
class SpellingExperiment(Experiment):
    """An experiment with a speller: its data are the words of a language, or of all twelve together
    (`ALL_LANGUAGES`, to pretrain on); its epochs are 25 updates.
    """

    engine_version: ClassVar[int] = 2

    dataset: str = redeclare(
        Experiment,
        "dataset",
        "en",
        label="Language",
        help="Whose words it learns to correct.",
        options=tuple(LANGUAGES),
        accepts=lambda name: name == ALL_LANGUAGES,
        value_names=LANGUAGES,
    )
    num_epochs: int = redeclare(
        Experiment,
        "num_epochs",
        24,
        help="Each has 25 updates of 512 words; 24 take about half a minute.",
        stops=(6, 12, 24, 48, 96),
    )
    early_stopping: bool = redeclare(Experiment, "early_stopping", False)

    def _check_size(self) -> None:
        """Checks nothing: the network of a speller has a fixed size."""

    @classmethod
    def _naming(cls, data: Any) -> dict[str, Any]:
        if isinstance(data, str):
            return {"dataset": data}
        is_of_all = data.num_trained == NUM_FROM_ALL and data is words_of_all_languages()
        return {"dataset": ALL_LANGUAGES if is_of_all else data.language}

    def _fits(self, data: Any) -> bool:
        return self.load().words == data.words

    def load(self) -> WordList:
        if self.dataset == ALL_LANGUAGES:
            return words_of_all_languages()
        return load_words(self.dataset, self.config.num_words)

    def own(self) -> None:
        return None

    @property
    def data_version(self) -> str:
        if self.dataset == ALL_LANGUAGES:
            return tasks.version_of("language")
        return version_of(self.dataset)

    def adopt(self, own: Any) -> None:
        """Takes nothing over: a speller has no uploaded data."""

    @staticmethod
    def title_of(dataset: str) -> str:
        return LANGUAGES.get(dataset, Message("Words of twelve languages"))

    @property
    def num_parameters(self) -> int | None:
        return None

    @property
    def num_train(self) -> int:
        return UPDATES_A_RECORD * self.config.batch_size

    @property
    def products_a_row(self) -> int:
        return PRODUCTS_A_WORD
