"""A deep autoencoder on MNIST with 30 codes (Hinton & Salakhutdinov, Science 2006)."""

import time
from dataclasses import replace

import numpy as np
from scipy.ndimage import affine_transform

from benchmarks.reach.table import Claim, Say
from core.analysis import pca
from core.configs import StackedConfig
from core.datasets import load_dataset
from core.training import fit

DEEP = StackedConfig(hidden_units=(1000, 500, 250), learning_rate_decay="cosine", batch_size=64)
COPIES = 4
EPOCHS = 9
MAX_MINUTES = 15
DEGREES = 8.0
PIXELS = 1.0
STRETCH = 0.06
SHEAR = 0.1


def measure(say: Say) -> list[Claim]:
    """784-1000-500-250-30 and back, on the digits and slightly warped copies of them."""
    data = load_dataset("mnist")
    started = time.perf_counter()
    warped = warped_copies(data.x_train, COPIES, seed=0)
    more = replace(data, x_train=np.concatenate([data.x_train, *warped]), y_train=None)
    run = fit(DEEP, more, num_epochs=EPOCHS)
    minutes = (time.perf_counter() - started) / 60
    error = float(np.square(data.x_test - run.reconstruct(data.x_test)).sum(axis=1).mean())
    line = float(pca.fit(data).errors[30]) * data.input_dim
    say(f"The deep autoencoder took {minutes:.1f} minutes")
    name = "MNIST, 784-1000-500-250-30 and back: squared error a test image"
    return [
        Claim(name, (error,), "at most 3.6; 3.00 as the aim", error <= 3.6,
              ("PCA", (line,)), "3.00 (PCA 13.87)"),
        Claim("its minutes of training, the warping included", (minutes,),
              f"at most {MAX_MINUTES}", minutes <= MAX_MINUTES),
    ]  # fmt: skip


def warped_copies(x: np.ndarray, count: int, seed: int) -> list[np.ndarray]:
    """`count` copies of x [N, 784], each image turned, moved, stretched and sheared a little.

    Grey levels stay multiples of 1/255.
    """
    rng = np.random.default_rng(seed)
    return [np.stack([_warp(row, rng) for row in x]) for _ in range(count)]


def _warp(row: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    angle = np.deg2rad(rng.uniform(-DEGREES, DEGREES))
    shear = rng.uniform(-SHEAR, SHEAR)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    stretch = np.diag(1 + rng.uniform(-STRETCH, STRETCH, 2))
    matrix = turn @ stretch @ np.array([[1, 0], [shear, 1]])
    middle = np.array([13.5, 13.5])
    offset = middle - matrix @ middle + rng.uniform(-PIXELS, PIXELS, 2)
    image = affine_transform(row.reshape(28, 28), matrix, offset, order=1)
    return (np.rint(np.clip(image, 0, 1) * 255) / 255).astype(np.float32).ravel()
