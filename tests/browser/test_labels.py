"""Few labels in a real browser: phase 1, phase 2, a curve that stops, votes, bought labels."""

import re

from tests.browser.axe import look_through

QUICK = {"dataset": "digits8", "num_labels": 20, "seed": 1}
DONE = "Every method has learned"


def points(student):
    text = student.page.get_by_text(re.compile(r"^\d+ of 40 points")).first.inner_text()
    return int(text.split()[0])


def test_two_phases_a_curve_that_stops_mistakes_votes_and_bought_labels(visit):
    student = visit().open("labels", "labels", **QUICK)
    student.page.get_by_alt_text(re.compile("Phase 1: the network learns to copy")).wait_for()
    student.wait_for_text(DONE)
    student.page.get_by_alt_text(re.compile("softmax of 10 classes learns from 20")).wait_for()
    student.wait_for_text("This is all that may be known")
    student.shoot("labels")
    student.choose("Accuracy by labels")
    student.press("Train the curve")
    student.until("/[5-9] of 40 points/.test(document.body.innerText)")
    student.press("Stop")
    student.page.get_by_role("button", name=re.compile("^Stop")).wait_for(state="detached")
    assert points(student) < 40
    assert student.stays(lambda: points(student))
    student.choose("Mistakes")
    student.wait_for_text("right of 359 test images")
    assert student.page.locator(".mistakes figure").count() == 12
    vote(student)
    buy(student)


def vote(student):
    student.choose("Let them vote")
    board = student.page.locator(".me .board")
    board.wait_for()
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    student.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 0.15 * box["height"])
    student.page.mouse.down()
    student.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 0.85 * box["height"], steps=12)
    student.page.mouse.up()
    student.page.locator(".votes b").first.wait_for()
    answers = student.page.locator(".votes b").all_inner_texts()
    assert len(answers) == 9
    assert answers.count("1") >= 2


def buy(student):
    student.choose("Buy labels")
    shop = student.page.locator(".shop .points")
    shop.wait_for()
    shop.scroll_into_view_if_needed()
    while not student.stays(lambda: shop.evaluate("canvas => canvas.toDataURL()")):
        pass  # the map forms
    for count, arrow in enumerate(("ArrowRight", "ArrowUp"), 1):
        shop.focus()
        for _ in range(15):
            student.page.keyboard.press(arrow)
        student.page.keyboard.press("Enter")
        student.until(
            "count => document.body.innerText.includes(`${count} labels bought`)", arg=count
        )
    student.wait_for_text("Best method")
    student.press("Give all back")
    student.wait_for_text("0 labels bought")
    look_through(student.page, "labels")
