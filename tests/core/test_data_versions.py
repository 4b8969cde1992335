"""The keys of checkpoints: unchanged data keep the keys they have always had, changed data do not
share a checkpoint with what they were before.
"""

from pathlib import Path

from core.configs import (
    CharacterConfig,
    DenoisingConfig,
    SparseConfig,
    SpellerConfig,
    StackedConfig,
    VariationalConfig,
)
from core.experiments import ALL_LANGUAGES, Experiment, Move, SpellingExperiment, TextExperiment
from core.maps.config import MapConfig, MapExperiment
from core.pretraining.config import LabelConfig, LabelExperiment, SweepExperiment

KEYS = Path(__file__).parent / "data" / "keys_before.json"
"""`key_before(0)` and `key_before(30)` as computed before data had versions."""

EXPERIMENTS = {
    "stacked": Experiment(config=StackedConfig()),
    "stacked, tied, moved": Experiment(
        config=StackedConfig(tied_weights=True, learning_rate_decay="cosine"),
        dataset="digits8",
        num_epochs=7,
        seed=3,
        moves=(Move(5, "learning_rate", 0.01),),
    ),
    "sparse": Experiment(config=SparseConfig(), dataset="fashion_mnist"),
    "denoising": Experiment(config=DenoisingConfig(corruption="masking"), dataset="mnist"),
    "variational": Experiment(config=VariationalConfig(beta=4.0), dataset="digits8"),
    "toy": TextExperiment(config=CharacterConfig(), dataset="toy"),
    "toy, lstm": TextExperiment(config=CharacterConfig(architecture="lstm"), dataset="toy"),
    "speller en": SpellingExperiment(config=SpellerConfig()),
    "speller fr": SpellingExperiment(config=SpellerConfig(num_words=1_000), dataset="fr", seed=2),
    "speller it": SpellingExperiment(config=SpellerConfig(), dataset="it"),
    "map": MapExperiment(config=MapConfig(), points="points-0123456789"),
    "labels": LabelExperiment(config=LabelConfig(), encoder="encoder-0123", bought=(1, 2, 3)),
    "sweep": SweepExperiment(config=LabelConfig(source="stacked"), encoder="encoder-0123"),
}
CHANGED = {
    "language": TextExperiment(config=CharacterConfig()),
    "entity": TextExperiment(config=CharacterConfig(), dataset="entity"),
    "snippet": TextExperiment(config=CharacterConfig(inputs="word"), dataset="snippet"),
    "speller de": SpellingExperiment(config=SpellerConfig(), dataset="de"),
    "speller of all": SpellingExperiment(config=SpellerConfig(), dataset=ALL_LANGUAGES),
    "labels of words": LabelExperiment(config=LabelConfig(source="words"), encoder="encoder-0123"),
}
