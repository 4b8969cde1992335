"""The autoencoder page in a real browser: what a student does and sees."""

import os
import signal

import psutil
import pytest

from tests.browser.axe import look_through

TINY = {"dataset": "digits8", "hidden_units": "none", "latent_dim": 8, "batch_size": 128}
ENDLESS = TINY | {"num_epochs": 5000, "early_stopping": "off"}


def test_first_paint_trains_the_default_network_and_presets_others(visit):
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
    copy_noise(student)
    copy_numbers(student)


def copy_noise(student):
    """An overcomplete network does."""
    student.preset("Identity")
    student.wait_for_text("All 100 epochs done")
    assert float(student.metric("Copy score")) > 0.3
    assert student.page.locator("img.sheet").count() == 4


def copy_numbers(student):
    """The student's own, or they are refused."""
    student.preset("A rule")
    student.wait_for_text("Root mean squared error of the copy")
    student.wait_for_text("All 100 epochs done")
    box = student.page.get_by_role("textbox", name="Your own 8 numbers")
    box.fill("1, 2, <b>x</b>")
    box.press("Enter")
    student.wait_for_text("Numbers only")


def test_the_main_loop_fits_on_one_screen_and_is_steered_by_keys_and_knobs(visit):
    student = visit().with_motion().open(**ENDLESS)
    student.wait_for_epoch(2)
    shown = ("[data-testid=stPlotlyChart]", "[aria-label=Seed]", ".st-key-stacked_buttons")
    assert max(student.edges("bottom", *shown)) <= 900
    assert student.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    steer_by_keyboard(student)
    turn_a_live_knob(student)
    turn_a_structural_knob(student)


def steer_by_keyboard(student):
    student.page.keyboard.press("p")
    student.wait_for_text("Paused.")
    assert student.stays(lambda: student.metric("Epoch"))
    epoch = student.metric("Epoch")
    student.page.keyboard.press("e")
    student.wait_for_epoch(int(epoch) + 1)
    student.wait_for_text("Paused.")
    assert int(student.metric("Epoch")) == int(epoch) + 1
    student.page.keyboard.press("0")
    student.wait_for_text("Untrained. Press play.")
    student.wait_for_metric("Epoch", "0")
    assert student.page.locator("img.sheet").count() == 2
    student.press("Play")
    student.wait_for_epoch(2)


def turn_a_live_knob(student):
    """It marks the curve and stays in the link; the run goes on."""
    student.slide("Learning rate", 3)
    student.page.locator(".annotation-text", has_text="Learning rate → ").first.wait_for()
    student.until("location.search.includes('stacked_moves=')")
    assert "stacked_learning_rate=0.001&" in student.page.url + "&"
    assert student.page.get_by_role("button", name="Start again").count() == 0
    before = int(student.metric("Epoch"))
    student.wait_for_epoch(before + 1)


def turn_a_structural_knob(student):
    """It offers to start again, and an impossible value is a sentence; the run goes on."""
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
    student.until("location.search.includes('stacked_latent_dim=5')")
    student.page.get_by_text("Bottleneck size 8 → 5").wait_for(state="detached")
    student.wait_for_epoch(1)
    student.press("Pause")
    student.page.get_by_role("button", name="Play").first.wait_for()


@pytest.mark.timeout(240)
def test_a_run_goes_on_while_another_page_is_visited_and_when_its_worker_is_killed(visit):
    student = visit().open(**ENDLESS)
    student.wait_for_epoch(1)
    epoch = int(student.metric("Epoch"))
    student.go_to("Home")
    student.wait_for_text("A playground in which you")
    student.page.wait_for_timeout(1500)
    student.go_to("Autoencoder", "Autoencoders")
    student.wait_for_epoch(epoch + 5)
    assert "stacked_latent_dim=8" in student.page.url
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


def test_parts_of_the_page_look_at_a_run_and_compare_it_with_the_next(visit):
    linear = {"num_epochs": 3, "early_stopping": "off", "output_activation": "linear"}
    student = visit().open(**TINY | linear)
    student.wait_for_text("epochs done")
    train_a_run_at_every_size(student)
    let_a_digit_flow_through_the_network(student)
    compare_with_the_next_run(student)


def train_a_run_at_every_size(student):
    student.choose("Error by size")
    student.wait_for_text("PCA with 8 components")
    student.press("Train a run at every size")
    points = ".stPlotlyChart .trace:nth-child(2) .point"
    student.until("dots => document.querySelectorAll(dots).length >= 5", arg=points, timeout=60_000)
    student.choose("Angles to PCA")
    student.wait_for_text("; largest angle")


def let_a_digit_flow_through_the_network(student):
    student.choose("Network")
    picture = student.page.locator("img.network")
    picture.wait_for()
    before = picture.get_attribute("src")
    student.page.get_by_role("button", name="5", exact=True).click()
    changed = "before => document.querySelector('img.network')?.src !== before"
    student.until(changed, arg=before)
    student.slide("Bottleneck size", 1)
    student.wait_for_text("This is what the knobs describe")
    assert picture.get_attribute("alt") == "Layers of 64 → 10 → 64 units"
    look_through(student.page, "autoencoder")


def compare_with_the_next_run(student):
    student.slide("Bottleneck size", -1)
    student.press("Start again")
    student.until("location.search.includes('stacked_latent_dim=5')")
    student.wait_for_text("epochs done")
    student.choose("Compare")
    student.wait_for_text("only Bottleneck size 8 → 5")
    student.page.locator(".legendtext", has_text="this run").first.wait_for()
    student.page.locator("table.numbers td", has_text="Bottleneck size 8").first.wait_for()
    student.choose("Cost")
    student.page.locator(".legendtext", has_text="now").first.wait_for()
    student.choose("trained parameters")
    student.page.locator(".xtitle", has_text="trained parameters").first.wait_for()


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


def test_home_leads_to_the_pages(visit):
    student = visit()
    student.page.goto(student.server)
    student.wait_for_text("A playground in which you")
    look_through(student.page, "home")
    student.page.get_by_test_id("stMain").get_by_role("link", name="Autoencoder").click()
    student.wait_for_epoch(1)
    student.press("Pause")
