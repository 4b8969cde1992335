"""What a slider moves is not compiled in: XLA's own log of compilations is counted."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.configs import StackedConfig
from core.models import trainer

pytestmark = pytest.mark.trains

ROOT = Path(__file__).resolve().parents[2]
COMPILED = (
    "Compiled __inference_"  # once a compilation, by TensorFlow's device_compilation_profiler
)
SCRIPT = """
import sys
import numpy as np
from core.configs import VariationalConfig
from core.datasets import Dataset
from core.engine.advance import advance as advance_loop
from core.pretraining import encoders
from core.pretraining.net_loop import NetLoop
from core.pretraining.nets import from_scratch
from core.training import advance, init_state

x = np.random.default_rng(0).random((80, 16))
LABELS = np.arange(80) % 2
ENCODER = encoders.make([np.ones((16, 3)), np.zeros(3)], ("tanh",))
data = Dataset(x, x[:24])

def go(label, seed=0, num_updates=4, latent_dim=3, **moved):
    print("#", label, file=sys.stderr, flush=True)
    config = VariationalConfig(hidden_units=(), latent_dim=latent_dim, optimizer="sgd",
                               learning_rate_decay="cosine")
    state = init_state(config, 16, seed)
    values = config.coefficients(60) | moved
    return advance(config, data, state, values, num_updates=num_updates)[0]

def net(label, *stretches, seed=0):
    print("#", label, file=sys.stderr, flush=True)
    loop = NetLoop(from_scratch(ENCODER, 2, seed), x.astype(np.float32), LABELS, np.arange(30))
    state = loop.first_state(loop.net.weights, seed)
    for count in stretches:
        state, _ = advance_loop(loop, state, {"learning_rate": 0.01}, num_updates=count)

go("first")
go("again")
go("rate", learning_rate=0.01)
go("beta", beta=3.0)
go("planned", planned_updates=90.0)
go("length", num_updates=5)
go("short", num_updates=1)
go("long", num_updates=13)
go("seed", seed=7)
go("other", latent_dim=4)
net("net", 25)
net("parts", 7, 18, 3, seed=1)
"""


def compilations() -> dict[str, int]:
    """How many programs were compiled under each label of `SCRIPT`."""
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "TF_XLA_FLAGS": "",
        "TF_CPP_MIN_LOG_LEVEL": "0",
        "TF_CPP_VMODULE": "device_compilation_profiler=1",
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    parts = done.stderr.split("\n# ")[1:]
    return {part.split()[0]: part.count(COMPILED) for part in parts}


def test_only_another_architecture_is_compiled_anew() -> None:
    """An architecture has two programs at least: a stretch of updates, the look at the test set."""
    counts = compilations()
    assert counts.pop("first") >= 2
    assert counts.pop("other") >= 2
    assert counts.pop("net") >= 1
    assert len(counts) == 9
    assert {label: n for label, n in counts.items() if n} == {}


def test_the_largest_network_and_small_ones_are_compiled_side_by_side() -> None:
    small = [StackedConfig(latent_dim=dim) for dim in range(3, 10)]
    large = StackedConfig(hidden_units=(4096,), latent_dim=1600)
    weights = [trainer._weight((config, 784), None) for config in (large, *small)]
    assert sum(weights) <= trainer._engines.n
    assert 2 * weights[0] > trainer._engines.n, "two of the largest would fill a worker"
