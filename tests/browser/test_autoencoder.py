"""The autoencoder page in a real browser: what a student does and sees."""

import os
import signal

import psutil
import pytest

from tests.browser.axe import look_through

TINY = {"dataset": "digits8", "hidden_units": "none", "latent_dim": 8, "batch_size": 128}
ENDLESS = TINY | {"num_epochs": 5000, "early_stopping": "off"}


@pytest.mark.timeout(240)
def test_first_paint_trains_the_default_network(visit):
    student = visit().open()
    student.page.get_by_test_id("stMetric").first.wait_for()
    student.wait_for_epoch(3)
    student.shoot("training")
    copies = student.page.locator("img.sheet")
    assert copies.count() == 2
    assert all(copies.nth(i).get_attribute("alt") for i in range(2))
    assert student.page.evaluate(
        "[...document.querySelectorAll('img.sheet')].every(image => image.naturalWidth > 0)"
    )
    assert float(student.metric("Test loss")) < 0.1
    student.shoot("autoencoder")
    student.press("Pause")


def test_the_main_loop_fits_on_one_screen_and_is_steered_by_keyboard_too(visit):
    student = visit().open(**ENDLESS)
    student.wait_for_epoch(2)
    shown = ("[data-testid=stPlotlyChart]", "[aria-label=Seed]", ".st-key-stacked_buttons")
    assert max(student.edges("bottom", *shown)) <= 900
    assert student.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    student.page.keyboard.press("p")
    student.wait_for_text("Paused.")
    student.page.wait_for_timeout(1500)
    epoch = student.metric("Epoch")
    student.page.wait_for_timeout(1500)
    assert student.metric("Epoch") == epoch
    student.page.keyboard.press("e")
    student.wait_for_epoch(int(epoch) + 1)
    student.wait_for_text("Paused.")
    assert int(student.metric("Epoch")) == int(epoch) + 1
    student.page.keyboard.press("0")
    student.wait_for_text("Untrained. Press play.")
    student.wait_for_metric("Epoch", "0")
    assert student.page.locator("img.sheet").count() == 2
    student.press("Play")
    student.wait_for_epoch(1)
    student.press("Pause")
    student.wait_for_text("Paused.")


def test_a_live_knob_marks_the_curve_and_stays_in_the_link(visit):
    student = visit().open(**ENDLESS)
    student.wait_for_epoch(2)
    student.slide("Learning rate", 3)
    student.page.locator(".annotation-text", has_text="Learning rate → ").first.wait_for()
    student.page.wait_for_function("location.search.includes('stacked_moves=')")
    assert "stacked_learning_rate=0.001&" in student.page.url + "&"
    assert student.page.get_by_role("button", name="Start again").count() == 0
    before = int(student.metric("Epoch"))
    student.wait_for_epoch(before + 1)
    student.press("Pause")
    student.wait_for_text("Paused.")


def test_a_structural_knob_offers_to_start_again_and_an_impossible_one_is_a_sentence(visit):
    student = visit().open(**ENDLESS)
    student.wait_for_epoch(1)
    student.slide("Bottleneck size", -1)
    student.wait_for_text("Bottleneck size 8 → 5")
    box = student.page.get_by_role("combobox", name="Hidden layers")
    box.fill("1000000000")
    box.press("Enter")
    student.wait_for_text("must be a whole number from 1 to 4096; received 1000000000")
    box.fill("none")
    box.press("Enter")
    student.page.get_by_text("received 1000000000").wait_for(state="detached")
    epoch = int(student.metric("Epoch"))
    student.wait_for_epoch(epoch + 1)
    student.press("Start again")
    student.page.wait_for_function("location.search.includes('stacked_latent_dim=5')")
    student.page.get_by_text("Bottleneck size 8 → 5").wait_for(state="detached")
    student.wait_for_epoch(1)
    student.press("Pause")
    student.page.get_by_role("button", name="Play").first.wait_for()


def test_a_link_repeats_the_run_with_its_moves(visit):
    knobs = TINY | {"num_epochs": 200, "early_stopping": "off", "seed": 7}
    first = visit().open(**knobs)
    first.wait_for_epoch(1)
    first.slide("Learning rate", 4)
    first.wait_for_text("epochs done")
    first.wait_for_epoch(200)
    link, loss = first.page.url, first.metric("Test loss")
    assert "stacked_moves=" in link
    assert "stacked_seed=7" in link
    second = visit()
    second.page.goto(link)
    second.wait_for_text("epochs done")
    second.wait_for_epoch(200)
    assert second.metric("Test loss") == loss
    second.page.locator(".annotation-text", has_text="Learning rate → ").first.wait_for()


def test_a_hostile_link_is_told_and_ignored(visit):
    attack = "<img src=x onerror=window.hacked=1>**[x](javascript:alert(1))**"
    student = visit().open(
        **ENDLESS | {"latent_dim": 10**9, "seed": attack, "nonsense": attack, "moves": attack}
    )
    student.wait_for_text("Ignored from the link")
    notices = student.page.get_by_test_id("stAlert").all_inner_texts()
    assert sum("Ignored from the link" in text for text in notices) == 4
    assert any("1000000000" in text for text in notices)
    student.wait_for_epoch(1)
    assert student.page.evaluate("window.hacked") is None
    assert student.page.locator("a[href^=javascript]").count() == 0
    student.press("Pause")


def test_a_run_goes_on_while_another_page_is_visited(visit):
    student = visit().open(**ENDLESS)
    student.wait_for_epoch(1)
    epoch = int(student.metric("Epoch"))
    student.page.get_by_role("link", name="Home").first.click()
    student.wait_for_text("A playground in which you")
    student.page.wait_for_timeout(1500)
    student.page.get_by_role("link", name="Autoencoder").first.click()
    student.wait_for_epoch(epoch + 5)
    assert "stacked_latent_dim=8" in student.page.url
    student.press("Pause")
    student.wait_for_text("Paused.")


@pytest.mark.timeout(240)
def test_a_killed_worker_is_told_and_survived(visit):
    student = visit().open(**ENDLESS | {"seed": 11})
    student.wait_for_epoch(5)
    for process in workers_of_the_server():
        os.kill(process.pid, signal.SIGKILL)
    student.wait_for_text("A worker was lost")
    epoch = int(student.metric("Epoch"))
    student.wait_for_epoch(epoch + 20)
    student.press("Pause")
    student.wait_for_text("Paused.")


def workers_of_the_server():
    """The children of Dask's nannies, which are children of the server."""
    this = psutil.Process()
    servers = [p for p in this.children() if "streamlit" in " ".join(p.cmdline())]
    nannies = [nanny for server in servers for nanny in server.children()]
    workers = [worker for nanny in nannies for worker in nanny.children()]
    assert workers
    return [worker for worker in workers if "resource_tracker" not in " ".join(worker.cmdline())]


def test_on_a_phone_the_stage_comes_first(visit):
    student = visit(viewport={"width": 390, "height": 844}, color_scheme="dark").open(**ENDLESS)
    student.wait_for_epoch(1)
    strip, buttons = student.edges("top", "img.sheet", ".st-key-stacked_buttons")
    assert strip < 600 < buttons
    assert student.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    student.shoot("phone-dark")
    student.press("Pause")


def test_home_leads_to_the_pages(visit):
    student = visit()
    student.page.goto(student.server)
    student.wait_for_text("A playground in which you")
    look_through(student.page, "home")
    student.page.get_by_test_id("stMain").get_by_role("link", name="Autoencoder").click()
    student.wait_for_epoch(1)


def test_the_error_by_size_grows_run_by_run(visit):
    linear = {"num_epochs": 3, "early_stopping": "off", "output_activation": "linear"}
    student = visit().open(**TINY | linear)
    student.wait_for_text("epochs done")
    student.choose("Error by size")
    student.wait_for_text("PCA with 8 components")
    student.press("Train a run at every size")
    points = ".stPlotlyChart .trace:nth-child(2) .point"
    student.page.wait_for_function(
        "dots => document.querySelectorAll(dots).length >= 5", arg=points, timeout=60_000
    )
    student.choose("Angles to PCA")
    student.wait_for_text("; largest angle")


def test_an_overcomplete_network_copies_noise(visit):
    student = visit().open()
    student.preset("Identity")
    student.wait_for_text("All 100 epochs done")
    assert float(student.metric("Copy score")) > 0.3
    assert student.page.locator("img.sheet").count() == 4


def test_two_runs_are_compared(visit):
    student = visit().open(**TINY | {"num_epochs": 3, "early_stopping": "off"})
    student.wait_for_text("epochs done")
    student.slide("Bottleneck size", -1)
    student.press("Start again")
    student.page.wait_for_function("location.search.includes('stacked_latent_dim=5')")
    student.wait_for_text("epochs done")
    student.choose("Compare")
    student.wait_for_text("only Bottleneck size 8 → 5")
    student.wait_for_text("earlier run, test")


def test_the_network_lets_a_digit_flow_through_it(visit):
    student = visit().open(**TINY | {"num_epochs": 3, "early_stopping": "off"})
    student.wait_for_text("epochs done")
    student.choose("Network")
    picture = student.page.locator("img.network")
    picture.wait_for()
    before = picture.get_attribute("src")
    student.page.get_by_role("button", name="5", exact=True).click()
    changed = "before => document.querySelector('img.network')?.src !== before"
    student.page.wait_for_function(changed, arg=before)
    student.slide("Bottleneck size", 1)
    student.wait_for_text("This is what the knobs describe")
    assert picture.get_attribute("alt") == "Layers of 64 → 10 → 64 units"
    look_through(student.page, "autoencoder")


def test_own_numbers_are_copied_or_refused(visit):
    student = visit().open()
    student.preset("A rule")
    student.wait_for_text("Root mean squared error of the copy")
    student.wait_for_text("All 100 epochs done")
    box = student.page.get_by_role("textbox", name="Your own 8 numbers")
    box.fill("1, 2, <b>x</b>")
    box.press("Enter")
    student.wait_for_text("Numbers only")
