"""What docs/adding.md says of a new family is so: its blocks, written into a copy of the tree, pass
the battery there without a line of a test.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs/adding.md"
BLOCK = re.compile(
    r"^`([\w/.]+)`(?:, before `([^`]+)`)?(, at its end)?\n\n```\w+\n(.*?)^```$", re.M | re.S
)
COPIED = ("app.py", "components", "core", "pages", "tests", "docs", ".streamlit", "Makefile")
SETTINGS = ("pytest.ini", "ruff.toml", "mypy.ini", "README.md", ".ci", "requirements.txt")
BATTERY = (
    "tests/core/test_conformance.py",
    "tests/core/test_no_dead_knob.py",
    "tests/core/test_configs.py",
    "tests/core/test_experiments.py",
    "tests/pages/test_pages.py",
    "tests/components/test_language.py",
    "tests/test_imports.py",
    "tests/test_architecture.py",
)

FOUND = (
    "test_the_loss_falls[orthogonal]",
    "test_two_values_lead_to_different_outcomes[orthogonal-orthogonality]",
    "test_a_page_opens[orthogonal.py]",
    "test_a_preset_turns_every_knob_and_chooses_its_part[orthogonal-right]",
    "test_stories_have_the_same_headings[orthogonal-ko]",
)


def blocks() -> list[tuple[str, str, str, str]]:
    """Path, before what, whether at the end, text."""
    return BLOCK.findall(DOCUMENT.read_text(encoding="utf-8"))


def test_one_line_of_one_file_is_changed() -> None:
    changed = [(path, text) for path, before, _, text in blocks() if before]
    assert [path for path, _ in changed] == ["components/pages.py"]
    assert changed[0][1].count("\n") == 1
    assert not [
        path for path, before, end, _ in blocks() if not (before or end) and (ROOT / path).exists()
    ]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_family_that_is_added_by_the_book_passes_the_battery(tmp_path: Path) -> None:
    for name in (*COPIED, *SETTINGS):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tmp_path / name)
    for path, before, end, text in blocks():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if before:
            found = file.read_text(encoding="utf-8")
            assert found.count(before) == 1
            text = found.replace(before, text + before)
        elif end:
            text = file.read_text(encoding="utf-8") + text
        file.write_text(text, encoding="utf-8")
    chosen = [*BATTERY, "-vv", "-p", "no:cacheprovider", "-m", "not slow"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *chosen], cwd=tmp_path, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-4_000:]
    for test in FOUND:
        assert f"{test} PASSED" in run.stdout
