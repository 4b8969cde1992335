"""A server whose settings cannot be used ends at its start, with a sentence."""

import pytest

from core.server.settings import check_settings
from core.store.teacher import TEACHER


@pytest.fixture(autouse=True)
def secret(monkeypatch):
    monkeypatch.setattr(TEACHER, "_secret", "")


def test_usable_settings_pass(monkeypatch):
    monkeypatch.setenv("BOTTLENECK_TEACHER", "chalk and board")
    monkeypatch.setenv("BOTTLENECK_HOSTS", "lab.example.org")
    monkeypatch.setenv("BOTTLENECK_WORKERS", "1")
    monkeypatch.setenv("BOTTLENECK_TRUSTED_PROXY", "127.0.0.1, 10.0.0.0/8")
    check_settings()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("BOTTLENECK_TEACHER", "chalk", "has 5 characters"),
        ("BOTTLENECK_HOSTS", "http://lab", "received 'http://lab'"),
        ("BOTTLENECK_WORKERS", "many", "received 'many'"),
        ("BOTTLENECK_TRUSTED_PROXY", "nginx", "received 'nginx', which is no IP address"),
    ],
)
def test_a_setting_that_cannot_be_used_ends_the_process(name, value, said, monkeypatch):
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        check_settings()
    assert name in str(ended.value)
    assert said in str(ended.value)
