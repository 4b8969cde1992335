"""Pages are run often: no garbage collection shall search through all of TensorFlow each time."""

import gc

import pytest


@pytest.fixture(autouse=True, scope="module")
def frozen():
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
