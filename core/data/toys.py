"""Synthetic data with known factors: sequences, and linear mixtures of factors."""

import numpy as np

SEQUENCE_LENGTH = 8
SEQUENCE_SCALE = 100.0
NUM_FACTORS = 3
NUM_FEATURES = 6
MIXING = np.random.default_rng(3).normal(0, 1, (NUM_FACTORS, NUM_FEATURES))
FEATURE_SCALE = 0.5 / np.abs(MIXING).sum(axis=0).max()


def regular_sequences(count: int, rng: np.random.Generator) -> np.ndarray:
    """Sequences (start + step · t) / 100, t = 0 ... 7, with random start and step, [count, 8]."""
    start = rng.uniform(20, 80, (count, 1))
    step = rng.uniform(-2.5, 2.5, (count, 1))
    return (start + step * np.arange(SEQUENCE_LENGTH)) / SEQUENCE_SCALE


def random_sequences(count: int, rng: np.random.Generator) -> np.ndarray:
    """Sequences of eight independent numbers, uniform in [0, 1], [count, 8]."""
    return rng.uniform(0, 1, (count, SEQUENCE_LENGTH))


def mixed_features(count: int, rng: np.random.Generator) -> np.ndarray:
    """½ + FEATURE_SCALE · f @ MIXING of three random factors f in [-1, 1], [count, 6]."""
    return 0.5 + FEATURE_SCALE * rng.uniform(-1, 1, (count, NUM_FACTORS)) @ MIXING


def hidden_factors(x: np.ndarray) -> np.ndarray:
    """The factors f of `mixed_features`, by the pseudoinverse of MIXING; x: [N, 6] -> [N, 3]."""
    return ((x - 0.5) / FEATURE_SCALE) @ np.linalg.pinv(MIXING)
