"""Experiments that teach, each with a lesson that a test checks. Imports no TensorFlow."""

from typing import Any, NamedTuple

from core.configs import CharacterConfig, SparseConfig, SpellerConfig, StackedConfig
from core.experiments import Experiment, SpellingExperiment, TextExperiment


class Preset(NamedTuple):
    """A title for its button, the experiment, the lens through which to look at it, and a sign for
    the button where there is no network to draw.
    """

    title: str
    experiment: Experiment
    lens: str
    sign: str = ""


def _linear(latent_dim: int, learning_rate: float = 1e-2) -> StackedConfig:
    """No bend anywhere."""
    return StackedConfig(
        hidden_units=(),
        latent_dim=latent_dim,
        output_activation="linear",
        learning_rate=learning_rate,
        batch_size=128,
    )


def _numbers(dataset: str, latent_dim: int) -> Experiment:
    return Experiment(
        config=_linear(latent_dim), dataset=dataset, num_epochs=100, early_stopping=False
    )


AUTOENCODER: dict[str, Preset] = {
    "sequences": Preset("A rule", _numbers("regular_sequences", 2), "numbers"),
    "random": Preset("No rule", _numbers("random_sequences", 2), "numbers"),
    "copy": Preset("6 → 6 → 6", _numbers("mixed_features", 6), "numbers"),
    "factors": Preset("6 → 3 → 6", _numbers("mixed_features", 3), "numbers"),
    "stacked": Preset("Stacked", Experiment(config=StackedConfig()), "loss"),
    "undercomplete": Preset("Squeeze", Experiment(config=StackedConfig(latent_dim=5)), "size"),
    "linear": Preset(
        "Linear = PCA",
        Experiment(config=_linear(10, 1e-3), num_epochs=300, early_stopping=False),
        "pca",
    ),
    "relu_codes": Preset(
        "relu codes",
        Experiment(
            config=StackedConfig(
                hidden_units=(),
                latent_dim=10,
                latent_activation="relu",
                output_activation="linear",
                batch_size=128,
            )
        ),
        "size",
    ),
    "relu_layers": Preset(
        "relu layers",
        Experiment(config=StackedConfig(latent_dim=10, output_activation="linear", batch_size=128)),
        "size",
    ),
    "overcomplete": Preset(
        "Identity",
        Experiment(
            config=StackedConfig(
                hidden_units=(), latent_dim=128, output_activation="linear", batch_size=32
            ),
            dataset="digits8",
        ),
        "noise",
    ),
    "mixed": Preset(
        "Mixed data",
        Experiment(config=StackedConfig(), dataset="digits_and_photos"),
        "loss",
    ),
}

CHARACTERS: dict[str, Preset] = {
    "language": Preset("Language", TextExperiment(config=CharacterConfig()), "curves", "fi?"),
    "entity": Preset(
        "Name or place", TextExperiment(config=CharacterConfig(), dataset="entity"), "curves", "Aa?"
    ),
    "snippet": Preset(
        "Snippet",
        TextExperiment(config=CharacterConfig(), dataset="snippet", num_epochs=30),
        "break_it",
        "a b c",
    ),
    "toy": Preset(
        "The toy",
        TextExperiment(config=CharacterConfig(char_embedding_dim=8), dataset="toy"),
        "tensors",
        "hello",
    ),
}

SPELLING: dict[str, Preset] = {
    "en": Preset("English", SpellingExperiment(config=SpellerConfig()), "learning", "teh"),
    "forms": Preset("run, ran", SpellingExperiment(config=SpellerConfig()), "forms", "-ing"),
    "fi": Preset(
        "Finnish", SpellingExperiment(config=SpellerConfig(), dataset="fi"), "forms", "-ssa"
    ),
    "tr": Preset(
        "Turkish", SpellingExperiment(config=SpellerConfig(), dataset="tr"), "forms", "-ler"
    ),
    "few": Preset(
        "Few words", SpellingExperiment(config=SpellerConfig(num_words=1_000)), "alarms", "1000"
    ),
}

SHALLOW: dict[str, Any] = {"hidden_units": (), "latent_dim": 300}
SPARSITY: dict[str, Preset] = {
    "l1": Preset("L1", Experiment(config=SparseConfig(**SHALLOW), num_epochs=60), "cockpit"),
    "kl": Preset(
        "KL target",
        Experiment(
            config=SparseConfig(**SHALLOW, l1=0.0, sparsity_target=0.05, sparsity_weight=1e-3),
            num_epochs=60,
        ),
        "cockpit",
    ),
    "too_much": Preset(
        "Too much", Experiment(config=SparseConfig(l1=1e-3), num_epochs=60), "cockpit"
    ),
    "idle": Preset(
        "On target, idle",
        Experiment(
            config=SparseConfig(l1=0.0, sparsity_target=0.1, sparsity_weight=5e-3), num_epochs=60
        ),
        "cockpit",
    ),
    "free": Preset(
        "No penalty", Experiment(config=SparseConfig(**SHALLOW, l1=0.0), num_epochs=60), "units"
    ),
}  # fmt: skip
