"""The page of character models in a real browser: typing, breaking, own data, hostile texts."""

import pytest

from tests.browser.axe import look_through

TOY = {
    "dataset": "toy",
    "filters": 4,
    "kernel_sizes": "3",
    "num_epochs": 30,
    "early_stopping": "off",
}
HOSTILE = {
    "<script>alert(1)</script>": "<script>alert(1)</script>",
    "😀 \u202eשלום e\u0301\u0302": "😀␣\ufffdשלום␣é◌\u0302",
}
READ = """() => [...document.querySelectorAll('.letter:not(.padding)')].map(letter =>
    [letter.querySelector('b').innerText, letter.querySelector('i').innerText])"""
TABLE = "text,label\n" + "".join(
    f"{stem}{ending},{label}\n"
    for stem in ("kala", "talo", "sana", "mela", "runo", "vene")
    for ending, label in (("ssa", "in"), ("lla", "on"))
)


def on_toy(visit, **knobs):
    student = visit().open("characters", "character", **TOY | knobs)
    student.wait_for_text("All 30 epochs done")
    return student


def write(student, text):
    student.page.get_by_role("textbox", name="Type a word, or add a typo").fill(text)


def wait_for_letters(student, text):
    """Until they stand there with their numbers: the characters come first."""
    student.until(
        f"""text => {{ const read = ({READ})();
          return read.map(([character]) => character).join('') === text
            && read.every(([, number]) => number !== '…'); }}""",
        arg=text,
    )


def answers(student):
    """The classes that each model names, with their bars, at one moment."""
    return student.page.evaluate(
        """() => [...document.querySelectorAll('.answer')].map(answer => answer.innerText)"""
    )


def test_typing_changes_the_letters_and_answers_and_no_text_is_more_than_text(visit):
    student = on_toy(visit)
    typing_changes_the_letters_their_ids_and_both_answers(student)
    look_through(student.page, "characters")
    student.choose("Tensors")
    a_misspelling_is_unknown_to_the_word_model_and_the_slider_keeps_what_was_typed(student)
    hostile_text_is_shown_as_text(student)


def typing_changes_the_letters_their_ids_and_both_answers(student):
    write(student, "deep")
    wait_for_letters(student, "deep")
    ids, before = dict(student.page.evaluate(READ)), answers(student)
    write(student, "hello")
    wait_for_letters(student, "hello")
    student.until(
        """before => { const now = [...document.querySelectorAll('.answer')].map(a => a.innerText);
           return now.length === 2 && now.every((text, i) => text !== before[i]) }""",
        arg=before,
    )
    assert dict(student.page.evaluate(READ))["e"] == ids["e"] == "1"
    assert all("greeting" in answer for answer in answers(student))


def a_misspelling_is_unknown_to_the_word_model_and_the_slider_keeps_what_was_typed(student):
    write(student, "learning")
    wait_for_letters(student, "learning")
    student.until("document.querySelectorAll('.letter u.first').length > 0")
    student.slide("Typos on the way", 2)
    student.wait_for_text("Unknown word")
    box = student.page.get_by_role("textbox", name="Type a word, or add a typo")
    assert box.input_value() == "learning"
    student.slide("Typos on the way", -2)
    wait_for_letters(student, "learning")
    student.press("Drop")
    student.until(f"({READ})().length === 7")
    student.wait_for_text("Unknown word")
    assert len(box.input_value()) == 7
    student.until("document.body.innerText.includes('char_embedding [16, 16]')")
    student.shoot("tensors")


def hostile_text_is_shown_as_text(student):
    student.page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    for text, characters in HOSTILE.items():
        write(student, text)
        wait_for_letters(student, characters)
    assert student.page.evaluate("document.querySelectorAll('.letters script').length") == 0
    assert student.page.evaluate("document.querySelectorAll('.letter.unknown').length") > 0


def test_more_seeds_own_labels_and_a_preset_follow_one_another(visit):
    student = on_toy(visit)
    more_seeds_and_the_hybrid_arrive(student)
    own_labels_appear_as_answers_and_a_hostile_table_changes_nothing(student)
    a_preset_switches_the_task(student)


def more_seeds_and_the_hybrid_arrive(student):
    student.choose("Robustness")
    student.press("Train the hybrid and more seeds")
    student.until(
        """() => ['character', 'word', 'hybrid'].every(name =>
             [...document.querySelectorAll('.legendtext')].some(text =>
               text.textContent === `${name}, seeds: 3`))"""
    )
    student.shoot("break-it")


def upload(student, content):
    if not student.page.get_by_test_id("stFileUploader").is_visible():
        student.page.get_by_text("Your own texts").click()
    student.page.locator("input[type=file]").set_input_files(
        {"name": "words.csv", "mimeType": "text/csv", "buffer": content.encode()}
    )


def own_labels_appear_as_answers_and_a_hostile_table_changes_nothing(student):
    upload(student, TABLE.replace("kalalla,on", 'kalalla,"<script>alert(1)</script>'))
    student.wait_for_text("Line 3 has unbalanced quotes")
    assert "learning" in answers(student)[0]
    assert student.page.get_by_role("button", name="Start again").count() == 0
    upload(student, TABLE)
    student.press("Start again")
    student.until(
        """() => [...document.querySelectorAll('.answer')].filter(answer =>
             [...answer.querySelectorAll('span')].map(x => x.innerText).sort().join() === 'in,on'
           ).length === 2"""
    )


def a_preset_switches_the_task(student):
    student.preset("Name or place")
    student.until(
        "[...document.querySelectorAll('.answer')].some(a => a.innerText.includes('ordinary word'))"
    )
    assert "character_dataset=entity" in student.page.url
