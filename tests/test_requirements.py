"""The lock holds what requirements.txt asks for, with digests, and names no address."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PIN = re.compile(r"^([A-Za-z0-9_.-]+)==(\S+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return {
        re.sub(r"[-_.]+", "-", package).lower(): version for package, version in PIN.findall(text)
    }


def test_the_lock_holds_every_pin() -> None:
    assert pins("requirements.txt").items() <= pins("requirements.lock").items()


def test_every_file_in_the_lock_has_a_digest_and_none_an_address() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
