"""Pages are run often: no network is trained behind them, and no garbage collection shall search
through all of TensorFlow each time.
"""

import gc

import pytest


@pytest.fixture(autouse=True, scope="module")
def frozen():
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def at_first_paint(request):
    """Jobs run only for a test that asks for `with_jobs`."""
    if "with_jobs" not in request.fixturenames:
        request.getfixturevalue("no_workers")


@pytest.fixture
def with_jobs():
    """Jobs run, for a test that says what they meet."""
