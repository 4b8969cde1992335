"""What every test starts with: the checkout on the path, a quiet TensorFlow, the same examples."""

import os
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from streamlit.runtime.scriptrunner import script_runner

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["BOTTLENECK_LIBRARY"] = tempfile.mkdtemp(prefix="bottleneck-library-")
# The server's process holds no Keras, this one does: Streamlit would clear its session after every
# run of a page, for a second each.
script_runner._clean_problem_modules = lambda: None
settings.register_profile("repeatable", deadline=None, derandomize=True, database=None)
settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def rest():
    """No job of a test trains on beside the tests that follow."""
    yield
    line = sys.modules.get("core.line")
    for job in list(line.JOBS) if line else ():
        job.pause()
