"""Runs that outlive their visit, and pictures that do not."""

import csv
import io
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

from tests.browser.axe import look_through

QUICK = {
    "dataset": "digits8", "hidden_units": "none", "latent_dim": 8, "batch_size": 128,
    "num_epochs": 20, "early_stopping": "off",
}  # fmt: skip


def keep(student, name):
    student.press("Keep or export")
    student.page.get_by_role("textbox", name="Name").fill(name)
    student.page.get_by_role("button", name="Keep", exact=True).click()
    student.wait_for_text("Kept. You find it")


def eight_codes(student):
    return student.page.locator("[class*=st-key-run_]").filter(has_text="eight codes, renamed")


def test_a_run_is_kept_exported_renamed_and_deleted_by_its_browser_alone(visit):
    student, other = visit(), visit()
    student.open(**QUICK)
    student.wait_for_text("All 20 epochs done")
    loss = student.metric("Test loss")
    keep(student, "eight <b>codes</b>")
    with student.page.expect_download() as download:
        student.press("History")
    rows = list(csv.DictReader(Path(download.value.path()).read_text().splitlines()))
    assert len(rows) == 20
    assert f"{float(rows[-1]['test_total']):.4f}" == loss

    other.page.goto(f"{other.server}/runs")
    other.wait_for_text("eight <b>codes</b>")
    assert other.page.get_by_role("button", name="Edit").count() == 0
    student.page.goto(f"{student.server}/runs")
    student.press("Edit")
    box = student.page.get_by_role("textbox", name="Name")
    box.fill("eight codes, renamed")
    box.press("Enter")
    student.wait_for_text("eight codes, renamed")

    other.page.reload()
    other.wait_for_text("eight codes, renamed")
    look_through(other.page, "runs")
    eight_codes(other).get_by_role("button", name="Open").click()
    other.wait_for_text("All 20 epochs done")
    assert other.metric("Test loss") == loss

    student.press("Delete")
    student.wait_for_text("Deleted:")
    student.press("Undo")
    student.press("Edit")
    student.press("Delete")
    student.wait_for_text("Deleted:")
    eight_codes(student).wait_for(state="detached")


def test_runs_of_characters_a_speller_and_a_map_are_kept_and_stand_together(visit):
    student = visit()
    pages = {
        "characters": ("character", {"dataset": "toy", "num_epochs": 2}),
        "spelling": ("speller", {"num_epochs": 2}),
        "map": ("map", {"num_points": 200, "dataset": "digits8", "num_epochs": 4}),
    }
    for story, (key, knobs) in pages.items():
        student.open(story, key, **knobs)
        student.page.get_by_test_id("stMarkdown").get_by_text(DONE[story]).first.wait_for()
        keep(student, f"a {story}")
    student.page.goto(f"{student.server}/runs")
    for story in pages:
        student.wait_for_text(f"a {story}")
    look_through(student.page, "runs")


DONE = {
    "characters": "All 2 epochs done", "spelling": "All 2 epochs done", "map": "The map is done",
}  # fmt: skip


def test_a_run_trained_before_is_replayed_and_can_be_skipped(visit):
    run = QUICK | {"seed": 77, "num_epochs": 1_500}
    first = visit().open(**run)
    first.wait_for_text("All 1500 epochs done")
    first.wait_for_epoch(1_500)
    second = visit().open(**run)
    second.wait_for_text("Replay of an earlier run")
    assert int(second.metric("Epoch")) < 1_000
    second.page.get_by_role("button", name="Skip").dispatch_event("click")
    second.wait_for_text("All 1500 epochs done")
    second.wait_for_epoch(1_500)
    assert second.metric("Test loss") == first.metric("Test loss")
    assert second.metric("Images / s") == "–"


def zipped(count, folders=("",)):
    rng, buffer = np.random.default_rng(0), io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(count):
            picture = io.BytesIO()
            pixels = rng.integers(0, 256, (12, 20, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(picture, "PNG")
            folder = folders[number % len(folders)]
            archive.writestr(f"{folder}{number}.png", picture.getvalue())
    return {"name": "own.zip", "mimeType": "application/zip", "buffer": buffer.getvalue()}


def test_own_images_are_refused_in_a_sentence_or_trained_on(visit):
    student = visit().open(**QUICK)
    student.page.get_by_text("Your own images").click()
    chooser = student.page.locator("input[type=file]").first
    chooser.set_input_files(zipped(3))
    student.wait_for_text("3 pictures were found")
    chooser.set_input_files(zipped(40))
    student.wait_for_text("Your 40 pictures")
    student.press("Start again")
    student.until("location.search.includes('stacked_dataset=own-')")
    student.wait_for_text("All 20 epochs done")
    student.press("Keep or export")
    student.wait_for_text("Your own data are kept with the run")
    stranger = visit()
    stranger.page.goto(student.page.url)
    stranger.wait_for_text("own data are in no link")


def test_what_was_refused_or_read_is_seen_although_the_page_moves(visit):
    student = visit()
    student.page.goto(f"{student.server}/runs")
    student.page.get_by_text("For the teacher").click()
    box = student.page.get_by_label("Secret", exact=True)
    box.fill("a wrong secret")
    box.press("Enter")
    student.wait_for_text("This is not the secret of this server.")
    assert box.is_visible()

    student.open("labels", "labels", dataset="digits8", num_labels=100)
    student.page.get_by_text("Your own images").click()
    chooser = student.page.locator("input[type=file]").first
    alerts = student.page.get_by_test_id("stAlert")
    chooser.set_input_files(zipped(3))
    alerts.get_by_text("3 pictures were found").wait_for()
    chooser.set_input_files(zipped(120, ("cat/", "dog/")))
    alerts.get_by_text("There are 96 images to label").wait_for()
    alerts.get_by_text("120 pictures in 2 classes").wait_for()
    assert student.page.get_by_text("A zip of pictures").is_visible()
