"""Few labels: nine arms on the full MNIST test set, the same labels for all, five draws."""

from collections import defaultdict

import numpy as np

from benchmarks.reach.table import Claim, Say
from core.configs import DenoisingConfig
from core.datasets import load_dataset
from core.pretraining import label_efficiency
from core.pretraining.experiment import ARMS, PRETRAINED

NUM_LABELS = (100, 500, 1_000)
PUBLISHED = {100: ".779", 500: ".905", 1_000: ".930"}
LEAST_AHEAD = 0.05
CONFIG = DenoisingConfig(
    hidden_units=(1000, 1000), latent_dim=64, corruption="masking", reconstruction_loss="bce",
    batch_size=256,
)  # fmt: skip


def measure(say: Say) -> list[Claim]:
    """The best pretrained arm beside the SVM on raw pixels and the network from scratch; then every
    arm.
    """
    found: dict[tuple[str, int], list[float]] = defaultdict(list)
    say("784-1000-1000-64 learns to undo masking, 20 epochs; then 15 draws of labels")
    for row in label_efficiency(load_dataset("mnist"), config=CONFIG, num_labels=NUM_LABELS):
        found[row.arm, row.num_labels].append(row.accuracy)
        say(f"{row.arm}, {row.num_labels} labels, seed {row.seed}: {row.accuracy:.4f}")
    claims = [_against_svm(found, count) for count in NUM_LABELS]
    claims.append(_against_scratch(found))
    return claims + [
        Claim(f"{count:,} labels: {arm}", tuple(found[arm, count]), "", True)
        for count in NUM_LABELS
        for arm in ARMS
    ]


def _best(found: dict[tuple[str, int], list[float]], count: int) -> str:
    return max(PRETRAINED, key=lambda arm: np.mean(found[arm, count]))


def _against_svm(found: dict[tuple[str, int], list[float]], count: int) -> Claim:
    best = _best(found, count)
    ours = found[best, count]
    theirs = found["rbf_svm", count]
    peer = ("SVM on raw pixels", tuple(theirs))
    return Claim(f"{count:,} labels: {best}", tuple(ours), "above the SVM on raw pixels",
                 bool(np.mean(ours) > np.mean(theirs)), peer, PUBLISHED[count])  # fmt: skip


def _against_scratch(found: dict[tuple[str, int], list[float]]) -> Claim:
    count = NUM_LABELS[0]
    ours = found[_best(found, count), count]
    theirs = found["from_scratch", count]
    ahead = np.array(ours) - theirs
    return Claim(f"{count} labels: points ahead of from scratch, draw by draw", tuple(100 * ahead),
                 f"at least {100 * LEAST_AHEAD:.0f} on average",
                 bool(ahead.mean() >= LEAST_AHEAD))  # fmt: skip
