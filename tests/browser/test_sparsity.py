"""The sparsity page in a real browser: turn the price, switch units off, train a series."""

import re

from tests.browser.axe import look_through

TINY = {
    "dataset": "digits8", "hidden_units": "none", "latent_dim": 30, "batch_size": 128,
    "early_stopping": "off",
}  # fmt: skip


def active_units(student):
    return int(student.metric("Active units").split()[0])


def sparsity(visit, **knobs):
    return visit().open("sparsity", "sparse", **TINY | knobs)


def test_a_higher_price_silences_units_within_three_chunks(visit):
    student = sparsity(visit, num_epochs=5000, l1=0)
    student.wait_for_epoch(30)
    before = active_units(student)
    student.slide("L1 strength", 7)
    student.until(
        """most => [...document.querySelectorAll('[data-testid="stMetric"]')].some(box =>
             box.innerText.includes('Active units') && parseInt(
             box.querySelector('[data-testid="stMetricValue"]').innerText) < most)""",
        arg=before / 2,
        timeout=10_000,
    )
    student.press("Pause")
    student.wait_for_text("Paused.")


def test_a_unit_is_switched_off_a_series_grows_the_frontier_and_penalties_are_compared(visit):
    student = sparsity(visit, num_epochs=60, lens="units")
    student.wait_for_text("epochs done")
    a_unit_is_switched_off_in_the_browser(student)
    student.choose("Frontier")
    a_series_of_five_grows_the_frontier_and_the_penalties_stand_side_by_side(student)
    look_through(student.page, "sparsity")


def a_unit_is_switched_off_in_the_browser(student):
    pad = student.page.locator(".units")
    errors = pad.locator("figcaption b")
    pad.get_by_role("button", name="test image 4").click()
    copy, same = errors.nth(1).inner_text(), errors.nth(2).inner_text()
    assert copy == same
    firing = pad.locator(".firing .tiles button")
    firing.first.click()
    assert firing.first.get_attribute("aria-pressed") == "false"
    without = errors.nth(2).inner_text()
    assert without != copy
    assert errors.nth(1).inner_text() == copy
    pad.get_by_role("button", name="All on").click()
    assert errors.nth(2).inner_text() == copy
    pad.get_by_role("button", name="by class").click()
    pad.locator(".gallery .tiles button").first.click()
    assert re.match(r"Unit \d+", pad.locator(".detail").inner_text())
    assert pad.locator(".detail canvas").count() == 6
    assert pad.locator(".classes span").count() == 10


def a_series_of_five_grows_the_frontier_and_the_penalties_stand_side_by_side(student):
    student.press("Five runs over λ")
    its_own_is_one_of_the_five = "document.querySelectorAll('.stPlotlyChart .point').length == 5"
    student.until(its_own_is_one_of_the_five)
    student.choose("Selectivity by mean activation")
    student.wait_for_text("mean activation")
    student.choose("L1, KL, none")
    student.press("Train")
    student.until(
        """[...document.querySelectorAll('img.sheet')]
             .filter(image => image.alt.startsWith('Copies')).length == 3"""
    )
