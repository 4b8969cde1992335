"""On a phone: the stage stands before the knobs, and nothing is wider than the screen."""

from tests.browser.test_denoising import QUICK, pixels, places

ENDLESS = {
    "dataset": "digits8", "hidden_units": "none", "latent_dim": 8, "batch_size": 128,
    "num_epochs": 5000, "early_stopping": "off",
}  # fmt: skip
SCROLLED = "[...document.querySelectorAll('*')].map(each => each.scrollTop).filter(top => top > 0)"


def test_the_stage_comes_first_and_a_finger_draws(visit):
    student = visit(
        viewport={"width": 390, "height": 844}, color_scheme="dark", has_touch=True
    ).open(**ENDLESS)
    student.wait_for_epoch(1)
    strip, buttons = student.edges("top", "img.sheet", ".st-key-stacked_buttons")
    assert strip < 600 < buttons
    assert student.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    student.shoot("phone-dark")

    student.open("map", "map", num_points=200, dataset="digits8", space="pixels")
    student.page.locator(".scatter .points").wait_for()
    student.wait_for_text("raw pixels of 200 test images")
    comes_first(student, ".st-key-map_pad", ".st-key-map_panel")

    student.open("labels", "labels", dataset="digits8", num_labels=50)
    student.page.locator("img.network").wait_for()
    student.until(
        """() => /first the network: epoch/.test(document.body.innerText)
             && document.querySelectorAll('.strip img.sheet').length == 2"""
    )
    comes_first(student, "img.network", ".st-key-labels_panel")

    student.open("denoising", "denoising", **QUICK)
    student.wait_for_text("All 4 epochs done")
    a_finger_draws_under_the_stage_and_the_page_stays_where_it_is(student)
    comes_first(student, ".strip", ".st-key-denoising_panel")


def comes_first(student, stage, panel):
    above, below = student.edges("top", stage, panel)
    assert above < below
    assert student.page.evaluate("document.documentElement.scrollWidth") <= 390


def a_finger_draws_under_the_stage_and_the_page_stays_where_it_is(student):
    student.page.locator(".denoise .board").wait_for()
    path = places(student, *((0.5, 0.2 + i / 20) for i in range(12)))
    scrolled = student.page.evaluate(SCROLLED)
    touch = student.page.context.new_cdp_session(student.page)
    for kind, (x, y) in zip(["touchStart"] + ["touchMove"] * 11, path, strict=True):
        points = [{"x": x, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert pixels(student, "seen").max() > 0.9
    after = student.page.evaluate(SCROLLED)
    assert after == scrolled
