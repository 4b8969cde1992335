"""Pages take turns: one at a time, but nobody waits for ever, and whoever waits lends its turn."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from components.streamlit_adapter import turns


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    monkeypatch.setattr(turns, "PATIENT_SECONDS", 60.0)


def test_two_pages_are_drawn_one_after_the_other():
    at_work, most = [], []

    def page(number):
        with turns.taken():
            at_work.append(number)
            most.append(len(at_work))
            time.sleep(0.02)
            at_work.remove(number)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(page, range(6)))
    assert most == [1] * 6


def test_a_part_of_a_page_needs_no_second_turn():
    with turns.taken(), turns.taken():
        assert turns._turn.locked()
    assert not turns._turn.locked()


def test_a_page_that_went_on_without_a_turn_waits_no_second_time(monkeypatch):
    monkeypatch.setattr(turns, "PATIENT_SECONDS", 0.1)
    with turns._turn, turns.taken():
        monkeypatch.setattr(turns, "PATIENT_SECONDS", 60.0)
        assert _waits() < 30
    assert not turns._turn.locked()


def test_whoever_waits_for_a_worker_lends_its_turn():
    with ThreadPoolExecutor(1) as threads, turns.taken():
        with turns.lent():
            assert threads.submit(_waits).result(timeout=30) < 30
        begun = threading.Event()
        later = threads.submit(_waits, begun)
        begun.wait(30)
        time.sleep(0.1)
        assert not later.done(), "the turn has come back"
    assert later.result() >= 0.1


def test_a_turn_that_does_not_come_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(turns, "PATIENT_SECONDS", 0.1)
    ends = threading.Event()

    def hold():
        with turns.taken():
            ends.wait(30)

    with ThreadPoolExecutor(2) as threads:
        threads.submit(hold)
        time.sleep(0.1)
        try:
            assert threads.submit(_waits).result(timeout=20) >= 0.1
        finally:
            ends.set()


def test_a_page_that_fails_gives_its_turn_back():
    with pytest.raises(ValueError, match="no page"), turns.taken():
        raise ValueError("no page")
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(_waits).result() < 30


def _waits(begun=None):
    """How long until the turn came, or the patience was over. begun: set when the wait begins."""
    started = time.monotonic()
    if begun is not None:
        begun.set()
    with turns.taken():
        return time.monotonic() - started
