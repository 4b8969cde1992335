"""The speller's page in a real browser: a misspelt word finds its way home."""

from tests.browser.axe import look_through

QUICK = {"num_words": 1000, "num_epochs": 3, "early_stopping": "off"}
FIRST_OF = """([typed, right]) => [...document.querySelectorAll('.word')].some(word =>
    word.querySelector('h5').innerText.startsWith(typed)
    && word.querySelector('.bars span')?.innerText === right)"""


def write(student, text):
    box = student.page.get_by_role("textbox", name="Type words with mistakes in them")
    box.fill(text)


def test_a_misspelt_word_is_corrected_and_its_forms_are_on_a_map(visit):
    student = visit().open("spelling", "speller", **QUICK)
    student.wait_for_text("All 3 epochs done")
    write(student, "peopel the")
    student.until(FIRST_OF, arg=["peopel", "people"])
    student.wait_for_text("in the word list")
    write(student, "<b>becuase</b>")
    student.until("document.body.innerText.includes('<b>becuase</b>')")
    write(student, "peopel " * 100)
    student.wait_for_text("The first 300 of 700 characters are read.")
    student.wait_for_text("The first 8 words are corrected.")
    box = student.page.get_by_role("textbox", name="Type words with mistakes in them")
    assert box.input_value() == ("peopel " * 100)[:300]
    write(student, "peopel")
    student.page.get_by_text("characters are read").wait_for(state="detached")
    student.choose("Neighbours")
    student.wait_for_text("Nearest by the cosine")
    student.choose("Forms of a word")
    student.wait_for_text("Spelling alone cannot show that")
    student.shoot("forms")
    student.choose("False alarms")
    student.wait_for_text("Misspellings missed")
    look_through(student.page, "spelling")
    student.preset("Few words")
    student.until("location.search.includes('speller_num_epochs=24')")
    student.wait_for_text("of 24")
