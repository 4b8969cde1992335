"""The past of a run in a browser: the bar, a part opened late, a fork, two runs in step, a film."""

import io
import os
import signal

from PIL import Image

from tests.browser.axe import look_through
from tests.browser.test_autoencoder import workers_of_the_server

TINY = {
    "dataset": "digits8", "hidden_units": "none", "latent_dim": 30, "batch_size": 128,
    "early_stopping": "off",
}  # fmt: skip
RANGE = ".moment input[type=range]"


def sparsity(visit, **knobs):
    student = visit().open("sparsity", "sparse", **TINY | knobs)
    student.wait_for_epoch(8)
    return student


def travel(student, epoch):
    """Moves the handle and lets go, as a pointer does."""
    student.page.locator(RANGE).evaluate(
        """(range, epoch) => {
             range.value = epoch;
             for (const type of ['input', 'change'])
               range.dispatchEvent(new Event(type, { bubbles: true }));
           }""",
        epoch,
    )
    student.page.locator(f".moment[data-at='{epoch}']").wait_for()


def strip(student):
    return student.page.locator(".strip img.sheet").nth(1).get_attribute("src")


def count(student):
    return int(student.page.locator(RANGE).get_attribute("max"))


def test_the_stage_shows_an_earlier_epoch_while_the_run_goes_on(visit):
    student = sparsity(visit, num_epochs=5000)
    before = count(student)
    travel(student, 0)
    student.wait_for_text("epoch 0")
    student.wait_for_metric("Active units", "–")
    at_home = strip(student)
    assert student.stays(lambda: strip(student)), "the past does not move"
    assert count(student) > before, "the run goes on"
    range_ = student.page.get_by_role("slider", name="Moment")
    range_.focus()
    for key in ("ArrowRight", "ArrowRight"):
        range_.press(key)
    student.page.locator(".moment[data-at='2']").wait_for()
    student.wait_for_text("epoch 2")
    student.page.keyboard.press("n")
    student.page.locator(".moment[data-at='now']").wait_for()
    student.until(
        "src => document.querySelectorAll('.strip img.sheet')[1]?.src !== src", arg=at_home
    )
    look_through(student.page, "moment")


def test_pictures_answer_while_the_handle_is_dragged_and_a_box_keeps_its_letters(visit):
    student = sparsity(visit, num_epochs=400)
    student.wait_for_text("epochs done")
    for _ in range(300):
        if int(student.page.locator(".moment").get_attribute("data-pictures")) > 3:
            break
        student.page.wait_for_timeout(100)
    shown = student.page.locator(RANGE).evaluate(
        """async (range) => {
             const canvas = range.closest('.moment').querySelector('canvas'), seen = new Set();
             const started = performance.now();
             for (let i = 0; i < 20; i++) {
               range.value = Math.round((i * range.max) / 20);
               range.dispatchEvent(new Event('input', { bubbles: true }));
               if (!canvas.hidden) seen.add(canvas.toDataURL());
               await new Promise(requestAnimationFrame);
             }
             return [seen.size, (performance.now() - started) / 20];
           }"""
    )
    assert shown[0] > 2
    assert shown[1] < 100, "ten pictures a second, at least"
    student.page.get_by_role("combobox", name="Hidden layers").fill("1.n")
    assert student.page.locator(".moment").get_attribute("data-at") == "now"


def test_a_fork_is_a_move_at_that_epoch_and_the_link_repeats_it(visit):
    student = sparsity(visit, num_epochs=40, l1=0)
    student.wait_for_text("epochs done")
    student.choose("Loss")
    travel(student, 6)
    assert student.page.get_by_role("button", name="Train on from here").is_disabled()
    student.slide("L1 strength", 5)
    student.wait_for_text("at epoch 6")
    student.press("Train on from here")
    student.page.locator(".moment[data-at='now']").wait_for()
    student.until("location.search.includes('sparse_moves=')")
    student.page.get_by_text("before the fork").first.wait_for()
    student.wait_for_metric("Epoch", "40")
    student.wait_for_text("epochs done")
    assert student.stays(lambda: student.metric("Active units"))
    active = student.metric("Active units")
    assert active != "30 of 30", "the penalty has silenced some"
    address = student.page.url
    other = visit(**{"viewport": {"width": 390, "height": 844}})
    other.page.goto(address)
    other.wait_for_text("epochs done")
    other.wait_for_metric("Active units", active)
    assert other.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_two_runs_stand_side_by_side_and_one_bar_moves_both(visit):
    student = sparsity(visit, num_epochs=40, l1=0)
    student.wait_for_text("epochs done")
    travel(student, 6)
    student.slide("L1 strength", 6)
    student.wait_for_text("at epoch 6")
    student.press("Compare from here")
    student.wait_for_text("Side by side.")
    sheets = student.page.locator(".strip img.sheet")
    student.until("document.querySelectorAll('.strip img.sheet').length === 4")
    student.until(
        "() => { const s = document.querySelectorAll('.strip img.sheet');"
        " return s.length === 4 && s[1].src !== s[3].src; }"
    )
    travel(student, 3)
    student.until(
        "() => { const s = document.querySelectorAll('.strip img.sheet');"
        " return s.length === 4 && s[1].src === s[3].src; }"
    )
    sheets.nth(1).hover()
    assert student.page.locator(".strip.pointed").count() == 2
    look_through(student.page, "pair")
    student.press("Close")
    student.until("document.querySelectorAll('.strip img.sheet').length === 2")


def test_a_film_is_made_and_taken_home(visit):
    student = sparsity(visit, num_epochs=30)
    student.wait_for_text("epochs done")
    student.press("Keep or export")
    student.press("Make the film")
    button = student.page.get_by_role("button", name="Download (")
    button.wait_for()
    with student.page.expect_download() as download:
        button.click()
    picture = Image.open(io.BytesIO(download.value.path().read_bytes()))
    assert picture.n_frames == 24


def test_a_part_opened_late_has_its_whole_curve_and_a_lost_worker_leaves_the_past_in_place(visit):
    student = visit().open(
        hidden_units="none", output_activation="linear", dataset="digits8", batch_size=128,
        num_epochs=3000, early_stopping="off", learning_rate=0.001, latent_dim=4, lens="loss",
    )  # fmt: skip
    student.wait_for_epoch(400)
    student.press("Pause")
    student.wait_for_text("Paused.")
    student.choose("Angles to PCA")
    student.until(
        """() => [...document.querySelectorAll('.stPlotlyChart .scatterlayer path.js-line')].some(
             line => line.getAttribute('d').split('L').length > 4)"""
    )
    travel(student, 3)
    at_three = strip(student)
    student.press("Play")
    student.wait_for_text("Training,")
    for process in workers_of_the_server():
        os.kill(process.pid, signal.SIGKILL)
    student.wait_for_text("A worker was lost")
    before = count(student)
    assert strip(student) == at_three
    most = student.page.locator(RANGE)
    for _ in range(600):
        if int(most.get_attribute("max")) > before:
            break
        student.page.wait_for_timeout(100)
    assert count(student) > before, "the present recovers"
    assert strip(student) == at_three, "the past stays on the screen"
