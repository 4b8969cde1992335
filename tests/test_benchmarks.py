"""The reports of the benchmarks never leave anything out without a word."""

import importlib.util

import pytest

from benchmarks import letters, pads, site, start_up, throughput
from benchmarks.reach.table import Claim, markdown, measured, not_measured
from core.datasets import DatasetUnavailable


def silent(_):
    pass


def test_what_is_not_measured_is_a_row_with_the_reason():
    claims = [Claim("a", (1.0, 2.0, 3.0), "at least 1", True), not_measured("b", "no nginx")]
    lines = markdown(claims).splitlines()
    assert lines[2].startswith("| a | 2 (1 to 3) |")
    assert lines[3].startswith("| b | not measured: no nginx |")


@pytest.mark.parametrize("error", [ImportError("No module named 'x'"), DatasetUnavailable("None.")])
def test_a_section_that_lacks_something_is_a_row(error):
    def measure(_):
        raise error

    (claim,) = measured(measure, silent, "a section")
    assert (claim.what, claim.asked) == ("a section", str(error))


def test_a_fault_is_no_gap():
    def measure(_):
        raise RuntimeError("it does not train")

    with pytest.raises(RuntimeError):
        measured(measure, silent, "a section")


@pytest.mark.parametrize("module", [pads, start_up])
def test_without_a_browser_its_parts_say_so(module, monkeypatch):
    monkeypatch.setattr(module, "chromium", lambda: None)
    claims, _ = module.measure(silent)
    assert "is not installed" in markdown(claims)


@pytest.mark.parametrize(("spec", "name"), [(None, "Playwright"), ("there", "Chromium")])
def test_what_a_browser_lacks_is_named(spec, name, monkeypatch):
    monkeypatch.setattr(start_up.importlib.util, "find_spec", lambda _: spec)
    assert start_up.without_browser().startswith(f"{name} is not installed")


def test_without_nginx_the_site_says_so(monkeypatch):
    monkeypatch.setattr(site.shutil, "which", lambda _: None)
    claims, _ = site.measure(silent)
    assert "not measured: nginx is not installed" in markdown(claims)


def test_peers_that_are_not_installed_are_named(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(throughput, "find_spec", lambda _: None)
    monkeypatch.setattr(letters, "_spelling", list)
    monkeypatch.setattr(letters, "_language", list)
    text = markdown(letters.measure(silent)[0])
    assert "not measured: symspellpy is not installed" in text
    assert "not measured: lingua is not installed" in text
    assert set(throughput._missing()) == set(throughput.NEEDS)
