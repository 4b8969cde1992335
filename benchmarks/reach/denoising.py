"""Denoising: PSNR on 2,000 test images against a linear denoiser; dropout as published."""

import time
from dataclasses import replace
from statistics import median
from typing import Any, NamedTuple

from benchmarks.reach.plain import GERON, SEEDS, fashion
from benchmarks.reach.table import Claim, Say
from core.analysis import denoisers
from core.configs import DenoisingConfig, to_dict
from core.datasets import load_dataset
from core.queries.denoising import FIT_SEED, NUM_TESTED, corrupted
from core.training import fit

MAX_MINUTES = 3
COMMON: dict[str, Any] = {
    "latent_activation": "relu",
    "learning_rate_decay": "cosine",
    "batch_size": 128,
}
# Chosen on the last 10,000 training images. Fine strokes under additive noise survive one wide
# layer; where whole pixels are lost, and for textures, a second one helps to guess.
WIDE = DenoisingConfig(hidden_units=(), latent_dim=2048, **COMMON), 12
DEEP = DenoisingConfig(hidden_units=(1024,), latent_dim=1024, decoder_hidden_units=(), **COMMON), 16


class Case(NamedTuple):
    """A noise, the PSNR of the linear denoiser in the literature, by how much to beat it."""

    dataset: str
    kind: str
    level: float
    linear: float
    gain: float


CASES = (
    Case("mnist", "gaussian", 0.4, 18.83, 2),
    Case("mnist", "gaussian", 0.2, 23.01, 1),
    Case("mnist", "masking", 0.5, 17.78, 2),
    Case("mnist", "salt_and_pepper", 0.25, 18.06, 2),
    Case("fashion_mnist", "gaussian", 0.4, 18.41, 1),
    Case("fashion_mnist", "gaussian", 0.2, 21.32, 1),
    Case("fashion_mnist", "masking", 0.5, 17.98, 2),
    Case("fashion_mnist", "salt_and_pepper", 0.25, 18.32, 2),
)


def measure(say: Say) -> list[Claim]:
    """Everything, in about twenty minutes on two cores."""
    claims = []
    longest = 0.0
    for case in CASES:
        claim, minutes = _restored(case)
        say(f"{claim.what}: {claim.ours[0]:.2f} after {minutes:.1f} minutes")
        claims.append(claim)
        longest = max(longest, minutes)
    kept = longest <= MAX_MINUTES
    name = "the longest of these trainings, minutes"
    return [*claims, Claim(name, (longest,), f"at most {MAX_MINUTES}", kept), _published()]


def _restored(case: Case) -> tuple[Claim, float]:
    """The network of a case beside a linear denoiser fitted on the same training images."""
    data = load_dataset(case.dataset)
    noise = (case.kind, case.level)
    config, num_epochs = settings_of(case)
    started = time.perf_counter()
    run = fit(config, data, num_epochs=num_epochs)
    minutes = (time.perf_counter() - started) / 60
    x = data.x_test[:NUM_TESTED]
    x_tilde = corrupted(x, noise)
    linear = denoisers.fit_ridge(data.x_train, corrupted(data.x_train, noise, FIT_SEED))
    ours, theirs = (
        denoisers.psnr(x, restore(x_tilde)) for restore in (run.reconstruct, linear.restore)
    )
    least = case.linear + case.gain
    title = "MNIST" if case.dataset == "mnist" else "Fashion-MNIST"
    what = f"{title}, {case.kind.replace('_', ' ')} {case.level:g}: PSNR in dB"
    asked = f"at least {least:.2f}, the linear one's and {case.gain:g}"
    kept = ours >= max(least, theirs + case.gain)
    peer = ("linear (ridge)", (theirs,))
    return Claim(what, (ours,), asked, kept, peer, f"{case.linear} (linear)"), minutes


def settings_of(case: Case) -> tuple[DenoisingConfig, int]:
    """The network for a case, and its epochs."""
    config, num_epochs = WIDE if case[:2] == ("mnist", "gaussian") else DEEP
    noisy = replace(config, corruption=case.kind)
    levels: dict[str, Any] = {noisy.level_knob: case.level}
    return replace(noisy, **levels), num_epochs


def _published() -> Claim:
    """The chapter's denoising autoencoder: dropout on the input, judged on clean images."""
    data = fashion()
    settings = to_dict(GERON)
    del settings["family"]
    config = DenoisingConfig(**settings, corruption="dropout", corrupted_fraction=0.5)
    runs = (fit(config, data, num_epochs=10, seed=seed) for seed in SEEDS)
    errors = tuple(float(run.history[-1].readings["reconstruction_clean"]) for run in runs)
    name = "Fashion-MNIST, dropout 0.5, Géron's network, 10 epochs: mse on clean images"
    return Claim(name, errors, "at most 0.018", median(errors) <= 0.018, None, "0.0166")
