"""The browser's Back and Forward go from page to page, not from knob to knob."""

import pytest

from components.pages import HOME, ROOMS

KNOB = "Learning rate"
GROUP_OF = {room.title: room.group for room in (HOME, *ROOMS)}
IS_DRAWN = """() => [...document.images].every(image => image.complete) &&
    document.querySelector('[data-testid=stApp]').dataset.testScriptState !== 'running'"""
LAPTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def turn_five_knobs(student):
    """Each change stands in the address before the next is made; a knob moves a run that trains."""
    student.wait_for_epoch(1)
    for steps in (1, 1, -1):
        _wait_for_change(student, lambda steps=steps: student.slide(KNOB, steps))
    for part in ("Error by size", "Pure noise"):
        _wait_for_change(student, lambda part=part: student.choose(part))


def _wait_for_change(student, turn):
    before = student.page.url
    turn()
    student.until("before => location.href !== before", arg=before)


def settle(student, path):
    """Waits until a page is there and its knobs are in the address."""
    student.until("path => location.pathname === path", arg=f"/{path}")
    if path:
        student.until("location.search.includes('seed=')")
    student.page.get_by_test_id("stHeading").first.wait_for(state="attached")
    student.until(IS_DRAWN)


def go_by_menu(student, title, path):
    page = student.page
    if page.viewport_size["width"] >= 768:
        student.go_to(title, GROUP_OF[title])
        settle(student, path)
        return
    closed, opened = (
        page.locator(f"section[data-testid=stSidebar][data-collapsed={state}]")
        for state in ("true", "false")
    )
    page.get_by_test_id("stExpandSidebarButton").click()
    opened.wait_for()
    opened.get_by_test_id("stSidebarNavLink").filter(has_text=title).click()
    settle(student, path)
    student.stays(opened.count)
    if opened.count():
        opened.get_by_test_id("stSidebarHeader").get_by_role("button").click()
    closed.wait_for(state="attached")


@pytest.mark.parametrize("screen", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_back_goes_one_page_back_after_five_knobs_and_forward_comes_again(visit, screen):
    student = visit()
    page = student.page
    page.set_viewport_size(screen)
    page.goto(student.server)
    settle(student, "")
    go_by_menu(student, "Sparsity", "sparsity")
    go_by_menu(student, "Autoencoder", "autoencoder")
    turn_five_knobs(student)
    turned = page.url
    assert "stacked_lens=noise" in turned, "the address holds the knobs as they stand"
    assert "stacked_moves=" in turned
    page.go_back()
    settle(student, "sparsity")
    page.go_back()
    settle(student, "")
    page.go_forward()
    settle(student, "sparsity")
    page.go_forward()
    settle(student, "autoencoder")
    assert page.url == turned


def test_back_leaves_a_page_that_was_opened_by_its_address(visit):
    student = visit()
    page = student.page
    page.goto(f"{student.server}/?language=ko")
    settle(student, "")
    page.goto(f"{student.server}/autoencoder?language=ko")
    settle(student, "autoencoder")
    student.choose("English")
    page.get_by_role("slider", name=KNOB).wait_for()
    turn_five_knobs(student)
    page.go_back()
    settle(student, "")
    page.get_by_role("heading", name="Bottleneck").wait_for(state="attached")
