"""What every test starts with: the checkout on the path, a quiet TensorFlow, the same examples."""

import os
import sys
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import settings
from streamlit.runtime.scriptrunner import script_runner

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# What one process has compiled, the others load: the two of the tests, and the workers of each.
COMPILED = ROOT / ".pytest_cache/xla"
if " " not in str(COMPILED):  # at which the variable would be split
    COMPILED.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("TF_XLA_FLAGS", f"--tf_xla_persistent_cache_directory={COMPILED}")
os.environ["BOTTLENECK_LIBRARY"] = tempfile.mkdtemp(prefix="bottleneck-library-")
# The server's process holds no Keras, this one does: Streamlit would clear its session after every
# run of a page, for a second each.
script_runner._clean_problem_modules = lambda: None
settings.register_profile("repeatable", deadline=None, derandomize=True, database=None)
settings.load_profile("repeatable")


def pytest_addoption(parser):
    parser.addoption("--report", help="a Markdown file in which every test that ran is listed")


def pytest_terminal_summary(terminalreporter, config):
    """Writes the report of `make check`: a line a test, how it came out and how long it took."""
    path = config.getoption("--report")
    if not path:
        return
    lines = ["# What takes minutes, checked", "", "Written by `make check`; do not edit.", ""]
    lines += ["| test | came out | seconds |", "| --- | --- | ---: |"]
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in terminalreporter.getreports(outcome):
            lines.append(f"| {report.nodeid} | {outcome} | {report.duration:.0f} |")
    lines += ["", time.strftime("%Y-%m-%d"), ""]
    Path(path).write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture
def no_workers(monkeypatch):
    """No process is started and no job gets anywhere: pages stay as at first paint."""
    from core.jobs.cluster import Cluster
    from core.jobs.runner import Job

    monkeypatch.setattr(Cluster, "start", lambda _: None)
    monkeypatch.setattr(Job, "_start_thread", lambda _: None)


@pytest.fixture
def eagerly():
    """Nothing is compiled: quicker where a test makes a few updates of many networks."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.fixture(autouse=True)
def rest():
    """No job of a test trains on beside the tests that follow."""
    yield
    line = sys.modules.get("core.jobs.registry")
    for job in list(line.JOBS) if line else ():
        job.pause()
