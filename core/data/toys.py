"""Small worlds made up here, whose hidden numbers are known: sequences, and features of factors."""

import numpy as np

SEQUENCE_LENGTH = 8
SEQUENCE_SCALE = 100.0
NUM_FACTORS, NUM_FEATURES = 3, 6
MIXING = np.random.default_rng(3).normal(0, 1, (NUM_FACTORS, NUM_FEATURES))
FEATURE_SCALE = 0.5 / np.abs(MIXING).sum(axis=0).max()


def regular_sequences(count: int, rng: np.random.Generator) -> np.ndarray:
    """Sequences start + rule · t, t = 0 ... 7, over 100: two numbers say it all. [count, 8]."""
    start, rule = rng.uniform(20, 80, (count, 1)), rng.uniform(-2.5, 2.5, (count, 1))
    return (start + rule * np.arange(SEQUENCE_LENGTH)) / SEQUENCE_SCALE


def random_sequences(count: int, rng: np.random.Generator) -> np.ndarray:
    """Eight numbers from 0 to 100, over 100, that know nothing of each other. [count, 8]."""
    return rng.uniform(0, 1, (count, SEQUENCE_LENGTH))


def mixed_features(count: int, rng: np.random.Generator) -> np.ndarray:
    """Six features that are mixtures of three factors: f @ MIXING around ½. [count, 6]."""
    return 0.5 + FEATURE_SCALE * rng.uniform(-1, 1, (count, NUM_FACTORS)) @ MIXING


def hidden_factors(x: np.ndarray) -> np.ndarray:
    """The factors of which `mixed_features` were made. x: [N, 6] -> [N, 3]."""
    return ((x - 0.5) / FEATURE_SCALE) @ np.linalg.pinv(MIXING)
