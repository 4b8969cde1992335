"""The experiment of a character model. Imports no TensorFlow."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from core.configs import CharacterConfig, seed_after
from core.configs.characters import INPUTS
from core.experiments import Experiment
from core.knobs import redeclare
from core.text import tasks
from core.text.tasks import TextTask

USUAL_LENGTH = {"word": 15, "text": 40}
"""Characters of a text by its kind, as `products_a_row` assumes."""
RECURRENT_FACTOR = 16
"""How much longer a recurrent layer takes than its products of matrices let expect."""


@dataclass(frozen=True, kw_only=True)
class TextExperiment(Experiment):
    """An experiment with a character model; its data are a task."""

    engine_version: ClassVar[int] = 1

    dataset: str = redeclare(
        Experiment,
        "dataset",
        "language",
        label="Task",
        help="What the network is asked about a text.",
        options=tuple(tasks.TASKS),
        accepts=tasks.is_own,
        value_names={name: info.title for name, info in tasks.TASKS.items()},
    )

    def _check_size(self) -> None:
        """Checks nothing: the size of the network depends on the texts, which a worker reads."""

    @classmethod
    def _naming(cls, data: Any) -> dict[str, Any]:
        return {"dataset": data if isinstance(data, str) else tasks.name_of(data)}

    def load(self) -> TextTask:
        return tasks.load_task(self.dataset)

    def own(self) -> TextTask | None:
        return tasks.own_task(self.dataset)

    @property
    def data_version(self) -> str:
        return tasks.version_of(self.dataset)

    def adopt(self, own: Any) -> None:
        tasks.adopt(self.dataset, own)

    @staticmethod
    def title_of(dataset: str) -> str:
        return tasks.info_of(dataset).title

    @property
    def num_parameters(self) -> int | None:
        return None

    @property
    def num_train(self) -> int:
        return tasks.info_of(self.dataset).epoch_texts

    @property
    def products_a_row(self) -> int:
        config = self.config
        length = USUAL_LENGTH[tasks.info_of(self.dataset).kind]
        if config.inputs == "word":
            return config.word_embedding_dim
        if config.architecture == "cnn":
            return length * config.char_embedding_dim * config.filters * sum(config.kernel_sizes)
        return RECURRENT_FACTOR * length * config.units * (config.units + config.char_embedding_dim)


def with_words(experiment: Experiment) -> Experiment:
    """The word model to compare a character model with: the same data, seed and length."""
    config = experiment.config
    words = CharacterConfig(inputs="word", batch_size=config.batch_size, typo_rate=config.typo_rate)
    return replace(experiment, config=words, moves=())


def of_all_inputs(experiment: Experiment, num_seeds: int) -> list[Experiment]:
    """The experiment with each value of `inputs` and each of `num_seeds` seeds; itself first."""
    all_inputs = sorted(INPUTS, key=lambda inputs: inputs != experiment.config.inputs)
    seeds = [seed_after(experiment.seed, shift) for shift in range(num_seeds)]
    return [
        replace(_with_inputs(experiment, inputs), seed=seed)
        for seed in seeds
        for inputs in all_inputs
    ]


def _with_inputs(experiment: Experiment, inputs: str) -> Experiment:
    if inputs == experiment.config.inputs:
        return experiment
    if inputs == "word":
        return with_words(experiment)
    return replace(experiment, config=replace(experiment.config, inputs=inputs))
