"""The guided path: begin a chapter, predict, see what happens, be known again by the browser."""

import re

from tests.browser.axe import look_through

OFF_PAPER = ('[data-testid="stHeader"]', ".st-key-course_parts", ".st-key-course_print")


def test_a_prediction_is_asked_for_before_it_is_shown_and_the_browser_remembers_it(visit):
    student = visit()
    student.page.goto(f"{student.server}/course")
    student.wait_for_text("0 of 10 chapters done")
    look_through(student.page, "course")
    student.page.locator(".st-key-begin_sparse button:visible").click()
    student.wait_for_text("Chapter 5 of 10")
    student.until(
        """() => [...document.querySelectorAll('.st-key-sparse_means')].some(
             one => getComputedStyle(one).outlineStyle === 'solid')"""
    )
    reveal = student.page.locator(".st-key-sparse_reveal button:visible")
    assert reveal.is_disabled()
    student.page.get_by_text("A few more are dead, the others become more active.").click()
    student.page.locator(".st-key-sparse_reveal button:enabled").first.click()
    student.wait_for_text("You predicted: A few more are dead")
    student.wait_for_text("λ is a trade")
    student.until("location.search.includes('sparse_l1=0.001')")
    student.press("Pause")
    student.shoot("chapter")
    look_through(student.page, "chapter")
    student.page.goto(f"{student.server}/course?language=ko")
    student.wait_for_text("10장 가운데 1장을 마쳤고, 0장을 맞게 예측했습니다.")
    assert student.page.evaluate("document.documentElement.lang") == "ko"
    student.press("처음부터")
    student.wait_for_text("10장 가운데 0장을 마쳤고")
    student.until("localStorage.getItem('bottleneck-course') === '{}'")
    student.go_to("수업 게시판", "수업")
    student.until("location.pathname.endsWith('board') && location.search.includes('language=ko')")
    student.page.get_by_role("heading", level=1, name="수업 게시판").wait_for()
    student.page.goto(f"{student.server}/course?language=ko")
    student.wait_for_text("10장 가운데 0장을 마쳤고")
    assert student.page.evaluate("localStorage.getItem('bottleneck-course')") == "{}"
    look_at_the_other_parts(student)


def look_at_the_other_parts(student):
    """In Korean: a link names the first, and the second is printed on one page."""
    student.page.goto(f"{student.server}/course?language=ko&course_lens=glossary")
    student.page.locator(".st-key-term_pretraining .katex").first.wait_for()
    look_through(student.page, "glossary")
    student.choose("한 쪽 요약")
    student.page.locator(".st-key-sheet .katex").first.wait_for()
    look_through(student.page, "summary")
    student.page.emulate_media(media="print")
    assert not any(student.page.locator(one).first.is_visible() for one in OFF_PAPER)
    assert student.page.get_by_text("집에 가며 생각할 질문").is_visible()
    paper = student.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
