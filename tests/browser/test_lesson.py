"""A teacher makes a lesson link in the dialog; a student opens it."""

TINY = {
    "dataset": "digits8", "hidden_units": "none", "latent_dim": 30, "batch_size": 128,
    "num_epochs": 5, "early_stopping": "off", "l1": 0.001, "lens": "penalty",
}  # fmt: skip
QUESTION = "Why? <b>$x$</b> [x](javascript:alert(1)) :material/delete:"


def choose(teacher, title, label):
    box = teacher.page.get_by_role("combobox", name=title)
    box.fill(label)
    teacher.page.get_by_role("option", name=label).wait_for()
    box.press("Enter")
    teacher.page.get_by_role("button", name=f"Remove {label}").wait_for()


def test_a_lesson_is_made_in_the_dialog_and_opened_elsewhere(visit):
    teacher, student = visit().open("sparsity", "sparse", **TINY), visit()
    teacher.press("Lesson link")
    choose(teacher, "Hide", "L1 strength")
    choose(teacher, "Lock", "Bottleneck size")
    box = teacher.page.get_by_role("textbox", name="Question")
    box.fill(QUESTION)
    box.press("Enter")
    code = teacher.page.get_by_test_id("stCode").filter(has_text="lesson_question")
    code.wait_for()

    student.page.goto(code.locator("code").inner_text().replace("\n", ""))
    student.wait_for_text("Why? <b>")
    assert student.page.locator(".question").inner_text() == QUESTION
    assert student.page.locator(".question").evaluate("one => one.children.length") == 0
    assert student.page.get_by_role("slider", name="L1 strength").count() == 0
    assert student.page.get_by_role("slider", name="Bottleneck size").is_disabled()
    assert student.page.get_by_role("radio", name="Penalty", exact=True).is_checked()
    student.press("Leave the lesson")
    student.page.get_by_role("slider", name="L1 strength").wait_for()
    student.until("!location.search.includes('lesson_')")
