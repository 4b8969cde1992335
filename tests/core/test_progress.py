"""When a run has stopped improving, and how far an epoch reaches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engine.state import MIN_GAIN, PATIENCE, Patience, Record, updates_per_epoch

ENOUGH, TOO_LITTLE = 1 - 2 * MIN_GAIN, 1 - MIN_GAIN / 2


def records(totals: list[float], learning_rate: float = 1e-3) -> list[Record]:
    coefficients = {"learning_rate": learning_rate}
    return [Record(i, {}, {}, {"total": t}, coefficients) for i, t in enumerate(totals, start=1)]


def test_a_flat_curve_is_waited_out_and_no_longer() -> None:
    first = Patience().after(records([1.0]))
    assert first.waited == 0
    assert not first.after(records([1.0] * (PATIENCE - 1))).is_over
    assert first.after(records([1.0] * PATIENCE)).is_over


def test_a_clear_gain_starts_the_count_again() -> None:
    patience = Patience().after(records([1.0] * PATIENCE + [ENOUGH]))
    assert patience == Patience().after(records([ENOUGH]))
    assert not patience.is_over


def test_small_gains_add_up() -> None:
    """Each is below the threshold, but measured from the best before, together they are not."""
    totals = [TOO_LITTLE**i for i in range(2 * PATIENCE)]
    assert not Patience().after(records(totals)).is_over


def test_a_loss_that_rises_or_crawls_ends_the_run() -> None:
    for factor in (1.5, 1 - MIN_GAIN / 100):
        assert Patience().after(records([factor**i for i in range(PATIENCE + 1)])).is_over


def test_a_moved_knob_starts_the_count_again_even_at_a_higher_loss() -> None:
    tired = Patience().after(records([1.0] * PATIENCE))
    moved = tired.after(records([5.0], learning_rate=1e-2))
    assert (moved.waited, moved.best) == (0, 5.0)
    assert moved.after(records([5.0] * PATIENCE, learning_rate=1e-2)).is_over


@given(
    totals=st.lists(st.floats(0.1, 10), max_size=40),
    rates=st.lists(st.sampled_from([1e-3, 1e-2]), min_size=40, max_size=40),
    cut=st.integers(0, 40),
)
def test_how_records_are_grouped_does_not_matter(
    totals: list[float], rates: list[float], cut: int
) -> None:
    history = [records([t], rate)[0] for t, rate in zip(totals, rates, strict=False)]
    in_pieces = Patience().after(history[:cut]).after([]).after(history[cut:])
    assert in_pieces == Patience().after(history)


@pytest.mark.parametrize(
    ("rows", "batch", "updates"), [(96, 32, 3), (97, 32, 4), (3, 32, 1), (1, 1, 1), (5, 5, 1)]
)
def test_an_epoch_ends_when_every_row_has_been_seen(rows: int, batch: int, updates: int) -> None:
    assert updates_per_epoch(rows, batch) == updates
