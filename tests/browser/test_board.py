"""The class board with two browsers: nothing is shared without a click, then both see it."""

from tests.browser.axe import look_through


def test_a_run_that_one_browser_shares_stands_on_the_board_of_another(visit):
    teacher, student = visit(), visit()
    teacher.open("board")
    teacher.wait_for_text("Nobody has shared such a run yet.")
    student.open(dataset="digits8", num_epochs=2)
    student.wait_for_epoch(1)
    student.press("Share")
    student.page.get_by_role("textbox", name="Nickname").fill("<b>Ada</b>")
    student.press("Share this run")
    student.wait_for_text("Shared. It stands on the page Class board.")
    teacher.wait_for_text("Runs, latest first: 1")
    assert teacher.page.get_by_text("<b>Ada</b>", exact=True).count() >= 1
    assert teacher.page.get_by_role("button", name="Edit").count() == 0
    teacher.shoot("board")
    look_through(teacher.page, "board")
