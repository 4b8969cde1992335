"""German ß in the word lists of the speller and of the tasks; French and Italian elisions."""

import hashlib

import numpy as np
import pytest

from core.spelling.speller import Speller
from core.spelling.training import init_state
from core.spelling.word_lists import (
    WordList,
    load_words,
)
from core.text import elisions
from core.text.german import HALF_CENTIBELS, SWISS_CENTIBELS, restore, spellings
from core.text.tasks import load_task
from core.text.word_tables import LANGUAGES

SHARP = """
    große größten großzügig Straße Hauptstraßen Straßburg heißt heißen schließlich Fußball barfuß
    Füße Spaß weiß weißt Weißwein Weißrussland außer außerdem draußen Außenminister äußern geäußert
    Maßnahme Maßstab Ausmaß gleichermaßen gemäß regelmäßig gießen Gießen fließt genießen schießen
    Spieß ließ verließ hieß stieß stoßen Anstoß verstößt beißen reißen aufreißen Reißverschluss
    zurückreißen Fleiß fleißig Schweiß dreißig süß bloß entblößt Gruß grüßen büßen Bußgeld Soße Kloß
    Klöße Preußen Meißel Geißel scheußlich müßig saß besaß vergaß Fraß aßen Gefäß Blumenstrauß
    Großstadt Zerreißprobe zerreißen Fußstapfen Weißmann Fließtext Kreißsaal verdrießlich
"""
SHORT = """
    dass Fluss Schloss müssen lassen Wasser Klasse Russland Wissenschaft essen Messer Tasse Prozess
    gewusst Schlüssel flüssig Düsseldorf Kuss Nuss Biss Riss Schuss Geschoss geschlossen gegossen
    Flosse Genosse Rasse Grimasse Biomasse Massage massiv Insassen Elsass grässlich Russe fassen
    Ausstellung aussehen Aussage Aussicht Ausschuss aussenden herausstellen Haussuchung dasselbe
    Hausschuh Eissport Preissenkung Preisschild Kreisstadt Kreissparkasse Reisschüssel Hinweisschild
    Beweisstück Weissagung diesseits Vliesstoff Gebirgspass Einkaufspassage Doppelpass Passion
    Grossist Fussel Bussard Flussbett Chaussee Rousseau Neuss Zeiss Claussen Wassermassen
    Kleinbusse Kleinbussen Dreyfuss Weissman Berufsschule Mitgliedsstaat Geburtsstadt
"""


@pytest.mark.parametrize("word", SHARP.lower().split())
def test_a_stem_with_sharp_s_gets_it_back(word: str) -> None:
    assert spellings(word.replace("ß", "ss")) == (word,)


@pytest.mark.parametrize("word", SHORT.lower().split())
def test_after_a_short_vowel_and_between_words_ss_stays(word: str) -> None:
    assert spellings(word) == (word,)


def test_some_words_have_both_spellings() -> None:
    assert spellings("masse") == ("maße", "masse")
    assert spellings("floss") == ("floß", "floss")


def test_a_list_keeps_its_frequencies() -> None:
    bins = [["dass", "haus"], [], ["strasse", "masse"]]
    restored = restore(bins, swiss=True)
    assert restored[0] == ["dass", "haus"]
    assert restored[2] == ["straße"]
    assert restored[2 + HALF_CENTIBELS] == ["maße", "masse"]
    assert restored[2 + SWISS_CENTIBELS] == ["strasse"]
    assert sum(map(len, restored)) == 6
    assert sum(map(len, restore(bins))) == 5
    assert pytest.approx(1 / 2, rel=0.01) == 10 ** (-HALF_CENTIBELS / 100)
    assert pytest.approx(1 / 20, rel=0.01) == 10 ** (-SWISS_CENTIBELS / 100)


# The speller.


@pytest.fixture(scope="module")
def german() -> WordList:
    return load_words("de", 3_000)


def test_both_spellings_of_a_german_sentence_are_known(german: WordList) -> None:
    sentence = "Große Straße heißt schließlich Fußball"
    swiss = sentence.replace("ß", "ss")
    for text in (sentence, swiss, sentence.upper(), swiss.upper()):
        assert [word for word in text.split() if not german.knows(word)] == []
    assert {"straße", "maße", "masse", "dass"} <= german.ids.keys()
    assert not {"strasse", "daß"} & german.ids.keys()
    assert not german.knows("daß"), "the spelling before 1996"
    assert not german.knows("Strase")
    assert not load_words("en", 500).knows("straße")


def test_the_german_list_is_as_long_and_as_sorted_as_before(german: WordList) -> None:
    assert german.num_trained == 3_000
    assert len(set(german.words)) == len(german.words)
    assert (np.diff(german.log_frequency) <= 0).all()
    assert all(len(word) <= 20 for word in german.words)


def test_a_missing_letter_of_strasse_leads_to_sharp_s(german: WordList) -> None:
    """Even with an encoder that has learned nothing: the cost of the misspelling decides."""
    speller = Speller(german, init_state(german))
    assert speller.suggest("strase")[0][0] == "straße"
    assert speller.suggest("Strasse")[0][0] == "straße"
    costs = german.edit_costs(german.encode(["strasse"])[0], german.encode(["straße", "strafe"]))
    assert costs[0] < costs[1] / 2


LISTS = {"en": "881bb6", "fr": "4cde2e", "it": "e12797"}


@pytest.mark.parametrize("language", LISTS)
def test_the_words_of_other_languages_are_what_they_were(language: str) -> None:
    """The first six digits of the digest of 3,000 words as they were before German had ß."""
    words = load_words.__wrapped__(language, 3_000)
    assert "ß" not in words.letters
    assert digest(words) == LISTS[language]


def digest(words: WordList) -> str:
    arrays = words.log_frequency.tobytes(), words.codes.tobytes()
    return hashlib.sha256("\n".join(words.words).encode() + b"".join(arrays)).hexdigest()[:6]


# The tasks.


def test_the_language_task_reads_both_spellings() -> None:
    task = load_task("language")
    pairs = zip(task.texts, task.labels, strict=True)
    names = {text: task.class_names[label] for text, label in pairs}
    for word in ("straße", "strasse", "große", "heißt", "heisst", "maße"):
        assert names[word] == "German"
    assert all("ß" not in text for text, name in names.items() if name != "German")
    assert "daß" not in names


def test_no_test_word_is_trained_on_in_its_swiss_spelling() -> None:
    task = load_task("language")
    parts = [{text.casefold() for text in task.rows(name)[0]} for name in ("train", "test")]
    assert not parts[0] & parts[1]


def test_snippets_have_sharp_s_far_more_often_than_its_swiss_spelling() -> None:
    task = load_task("snippet")
    german = task.class_names.index("German")
    pairs = zip(task.texts, task.labels, strict=True)
    words = " ".join(text for text, label in pairs if label == german).split()
    sharp = sum("ß" in word for word in words)
    swiss = sum(spellings(word) != (word,) and len(spellings(word)) == 1 for word in words)
    assert sharp > 100
    assert 0.01 < swiss / sharp < 0.15


# Elisions.


@pytest.mark.parametrize(
    ("language", "known", "wrong"),
    [
        (
            "fr",
            "l'amour qu'il d'accord j'ai c'est s'il n'y l'a d'un aujourd'hui d'aujourd'hui "
            "jusqu'à quelqu'un l'homme L'École qu'est-ce l’amour d’accord QU’IL "
            "lorsqu’elle m'œuvre",
            "l'amuor qu'lil l'maison j'veut aujourd'huy k'amour",
        ),
        (
            "it",
            "l'amico dell'acqua un'altra c'è all'estero quest'anno dov'è L'Italia l’amico "
            "d'accordo com’era nell'altro sull'isola",
            "l'amcio dell'acua un'altrra l'casa z'acqua",
        ),
    ],
)
def test_an_elision_is_taken_off(language: str, known: str, wrong: str) -> None:
    words = load_words(language, 10_000)
    assert [word for word in known.split() if not words.knows(word)] == []
    assert [word for word in wrong.split() if words.knows(word)] == []


def test_other_languages_have_no_elisions() -> None:
    for language in set(LANGUAGES) - {"fr", "it"}:
        assert elisions.without("l'amour", language) == "l'amour"
    assert not load_words("en", 500).knows("l'time")


def test_suggestions_are_of_the_word_behind_the_elision() -> None:
    words = load_words("fr", 3_000)
    speller = Speller(words, init_state(words))
    assert speller.suggest("l’amuor") == speller.suggest("amuor")
    assert speller.suggest("aujourd'hui")[0][0] == "aujourd'hui"
