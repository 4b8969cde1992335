"""Sparse autoencoders on Fashion-MNIST (Géron, Hands-On Machine Learning, chapter 17)."""

from dataclasses import replace
from statistics import median

import numpy as np

from benchmarks.reach.plain import fashion
from benchmarks.reach.table import Claim, Say
from core.configs import SparseConfig
from core.datasets import Dataset
from core.engine.state import Record
from core.training import fit

SEEDS = (0, 1, 2)
NUM_EPOCHS = 10
GERON = SparseConfig(output_activation="linear", optimizer="nadam", l1=0.0)
TARGETS = (0.05, 0.1, 0.2)


def measure(say: Say) -> list[Claim]:
    """The published totals, and whether the mean activations meet their targets."""
    data = fashion()
    say(f"Fashion-MNIST, {len(SEEDS)} seeds each, {NUM_EPOCHS} epochs")
    by_target = {
        target: [
            _last(replace(GERON, sparsity_target=target, sparsity_weight=5e-3), data, seed)
            for seed in SEEDS
        ]
        for target in TARGETS
    }
    priced = [_last(replace(GERON, l1=1e-4), data, seed) for seed in SEEDS]
    return [
        _total("L1 1e-4", priced, 0.0111, "0.0111"),
        _total("KL target 0.1, weight 5e-3", by_target[0.1], 0.0099, "0.0099"),
        *(_means(target, records) for target, records in by_target.items()),
    ]


def _last(config: SparseConfig, data: Dataset, seed: int) -> Record:
    return fit(config, data, num_epochs=NUM_EPOCHS, seed=seed).history[-1]


def _total(what: str, records: list[Record], most: float, published: str) -> Claim:
    totals = tuple(record.validation["total"] for record in records)
    name = f"Fashion-MNIST, 300 sigmoid codings, {what}: test loss, penalty included"
    return Claim(name, totals, f"at most {most}", median(totals) <= most, None, published)


def _means(target: float, records: list[Record]) -> Claim:
    means = tuple(float(np.mean(record.readings["mean_activations"])) for record in records)
    kept = all(abs(mean / target - 1) <= 0.1 for mean in means)
    return Claim(f"the same, KL target {target}: mean activation", means, "within 10 %", kept)
