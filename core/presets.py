"""Presets: experiments that demonstrate something, which a test checks. Imports no TensorFlow."""

from typing import Any, NamedTuple

from core.characters.experiment import TextExperiment, with_words
from core.comparisons import without_corruption
from core.configs import (
    CharacterConfig,
    DenoisingConfig,
    SparseConfig,
    SpellerConfig,
    StackedConfig,
    VariationalConfig,
)
from core.configs.labels import ALL, LabelConfig
from core.configs.maps import MapConfig
from core.experiments import Experiment
from core.maps.experiment import MapExperiment
from core.pretraining.experiment import LabelExperiment
from core.pretraining.phases import phase_1
from core.spelling.experiment import SpellingExperiment


class Preset(NamedTuple):
    """An experiment that demonstrates something.

    Attributes:
        title: Its name for readers.
        lens: The name of the part that shows what it demonstrates.
        symbol: A few characters that stand for it; "" where its network is drawn instead.
    """

    title: str
    experiment: Experiment
    lens: str
    symbol: str = ""


def _linear(latent_dim: int, learning_rate: float = 1e-2) -> StackedConfig:
    """The config of a linear autoencoder."""
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
        TextExperiment(
            config=CharacterConfig(
                architecture="lstm",
                char_embedding_dim=8,
                units=64,
                batch_size=2,
                learning_rate=1e-3,
                mask_padding=False,
            ),
            dataset="toy",
            num_epochs=10,
            early_stopping=False,
        ),
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
DICTIONARY: dict[str, Any] = {
    "hidden_units": (),
    "latent_activation": "relu",
    "output_activation": "linear",
    "tied_weights": True,
    "unit_norm_decoder": True,
    "batch_size": 128,
}
PATCHES: dict[str, Any] = {
    "hidden_units": (), "latent_dim": 128, "output_activation": "linear", "batch_size": 128,
    "learning_rate": 3e-3,
}  # fmt: skip


def _sparse(dataset: str = "mnist5k", num_epochs: int = 60, **knobs: Any) -> Experiment:
    config = SparseConfig(**knobs)
    return Experiment(config=config, dataset=dataset, num_epochs=num_epochs, early_stopping=False)


SPARSITY: dict[str, Preset] = {
    "l1": Preset("L1", _sparse(**SHALLOW), "cockpit", "λ"),
    "kl": Preset(
        "KL target",
        _sparse(**SHALLOW, l1=0.0, sparsity_target=0.05, sparsity_weight=1e-3),
        "penalty",
        "p",
    ),
    "strict": Preset(
        "Strict target",
        _sparse(**SHALLOW, l1=0.0, sparsity_target=0.05, sparsity_weight=2e-2),
        "frontier",
        "p = p̂",
    ),
    "idle": Preset(
        "On target, idle", _sparse(l1=0.0, sparsity_target=0.1, sparsity_weight=5e-3),
        "cockpit", "p . .",
    ),
    "too_much": Preset("Too much", _sparse(**SHALLOW, l1=1e-3), "cockpit", "10 λ"),
    "free": Preset("No penalty", _sparse(**SHALLOW, l1=0.0), "penalties", "λ = 0"),
    "strokes": Preset(
        "Strokes", _sparse(**DICTIONARY, latent_dim=300, l1=4e-4), "units", "( / )"
    ),
    "edges": Preset(
        "Edges",
        _sparse("whitened_patches", 120, **PATCHES | DICTIONARY, l1=0.0234),
        "units",
        "/ | \\",
    ),
    "no_edges": Preset(
        "No edges",
        _sparse("whitened_patches", 100, **PATCHES, l1=0.0, sparsity_target=0.1,
                sparsity_weight=5e-2),
        "units",
        ". . .",
    ),
    "copies": Preset("Copies", _sparse("photo_patches", **PATCHES, l1=0.0), "noise", "x → x"),
}  # fmt: skip


def _corrupted(**knobs: Any) -> Experiment:
    """A denoising autoencoder with 300 codes: corruption alone keeps it from the identity."""
    config = DenoisingConfig(**SHALLOW, latent_activation="relu", **knobs)
    return Experiment(config=config, num_epochs=60)


DENOISING: dict[str, Preset] = {
    "gaussian": Preset("Gaussian", _corrupted(corruption_stddev=0.4), "draw", "x+ε"),
    "masking": Preset(
        "Masking", _corrupted(corruption="masking", corrupted_fraction=0.5), "loss", "x·m"
    ),
    "dropout": Preset(
        "Dropout", _corrupted(corruption="dropout", corrupted_fraction=0.5), "loss", "2x·m"
    ),
    "salt_and_pepper": Preset(
        "Salt, pepper",
        _corrupted(corruption="salt_and_pepper", corrupted_fraction=0.25),
        "gallery",
        "0 1",
    ),
    "beyond": Preset("σ = 1.5", _corrupted(corruption_stddev=1.5), "gallery", "x+ε!"),
    "no_noise": Preset(
        "No noise", _corrupted(corruption="masking", corrupted_fraction=0.0), "gallery", "x"
    ),
}


def _variational(num_epochs: int = 60, **knobs: Any) -> Experiment:
    config = VariationalConfig(hidden_units=(128, 64), batch_size=64, **knobs)
    return Experiment(config=config, num_epochs=num_epochs, early_stopping=False)


VARIATIONAL: dict[str, Preset] = {
    "map": Preset("2-D map", _variational(), "map", "μ ± σ"),
    "codings10": Preset("10 codes", _variational(latent_dim=10), "walk", "6 → 0"),
    "beta0": Preset("β = 0", _variational(beta=0.0), "map", "σ → 0"),
    "blur": Preset("Blur", _variational(beta=16.0), "trade_off", "β = 16"),
    "collapse": Preset("Collapse", _variational(20, beta=64.0), "trade_off", "β = 64"),
}


def _labels(**knobs: Any) -> LabelExperiment:
    return LabelExperiment(config=LabelConfig(**knobs))


LABELS: dict[str, Preset] = {
    "few": Preset("100 labels", _labels(), "learning", "100"),
    "ten": Preset("10 labels", _labels(num_labels=10), "mistakes", "10"),
    "all": Preset("All labels", _labels(num_labels=ALL), "curves", "4,000"),
    "kinds": Preset("Four kinds", _labels(), "kinds", "a b c"),
    "buy": Preset("Your choice", _labels(num_labels=20), "buy", "1 + 1"),
    "words": Preset("Words", _labels(source="words", num_labels=500), "learning", "abc"),
}


def _map(**knobs: Any) -> MapExperiment:
    dataset = knobs.pop("dataset", "mnist5k")
    return MapExperiment(config=MapConfig(**knobs), dataset=dataset)


MAP: dict[str, Preset] = {
    "codes": Preset("Codings", _map(), "me", "∴∵"),
    "pixels": Preset("Raw pixels", _map(space="pixels"), "beside", "▦ ∴"),
    "crumbs": Preset("Crumbs", _map(perplexity=2.0), "honesty", "p = 2"),
    "seeds": Preset("Seeds", _map(start="random", num_points=1_000), "honesty", "∴ ≠ ∵"),
    "training": Preset("Training", _map(num_points=1_000), "epochs", "0 → 20"),
    "clothes": Preset("Clothes", _map(dataset="fashion_mnist"), "beside", "∴ ∵"),
    "words": Preset("Words", _map(source="language"), "me", "abc"),
}

FIRST: dict[str, Experiment] = {
    "stacked": Experiment(config=StackedConfig()),
    "sparse": Experiment(config=SparseConfig()),
    "denoising": DENOISING["gaussian"].experiment,
    "variational": VARIATIONAL["map"].experiment,
    "character": TextExperiment(config=CharacterConfig()),
    "speller": SpellingExperiment(config=SpellerConfig()),
    "labels": phase_1(LabelConfig().source, LABELS["few"].experiment.dataset),
}
"""What a page without a link trains first, by the family of its config. A map begins with the
network of "stacked".
"""
BESIDE = (
    with_words(FIRST["character"]),
    without_corruption(FIRST["denoising"]),
)
"""What pages without a link train beside that."""

BY_FAMILY: dict[str, dict[str, Preset]] = {
    next(iter(presets.values())).experiment.family: presets
    for presets in (
        CHARACTERS, SPELLING, AUTOENCODER, LABELS, MAP, SPARSITY, DENOISING, VARIATIONAL,
    )
}  # fmt: skip
"""The presets of a page, by the family that it trains."""
