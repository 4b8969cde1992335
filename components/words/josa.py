"""Korean particles (josa), whose form depends on how the word before them ends.

A Korean text writes both forms, as in "{name}을(를)"; where a value is filled in, one is chosen.
"""

import re

PAIRS = {
    "은(는)": ("은", "는"),
    "이(가)": ("이", "가"),
    "을(를)": ("을", "를"),
    "과(와)": ("과", "와"),
    "(이)라": ("이라", "라"),
    "(이)나": ("이나", "나"),
    "(으)로": ("으로", "로"),
}
"""Written -> after a final consonant, after a vowel."""
NONE, RIEUL, OTHER = range(3)
"""How a word ends: without a final consonant, with ㄹ (after which 으로 is 로), or with another."""
FINALS, FINAL_RIEUL = 28, 8
SILENT = re.compile(r"[\s\"'`’”)\]}>*_]+$")
NUMBER = re.compile(r"\d[\d,.]*$")
DIGITS = {"1": RIEUL, "2": NONE, "4": NONE, "5": NONE, "7": RIEUL, "8": RIEUL, "9": NONE}
LETTERS = {"l": RIEUL, "r": RIEUL, "m": OTHER, "n": OTHER}
"""The names of the letters that end in a consonant: 엘, 알, 엠, 엔."""
WORDS = ((re.compile(r"l$|le$"), RIEUL), (re.compile(r"[mn]$|ng$|[^aeiou][aeiou]c?[ptk]$"), OTHER))
"""English words that end in a consonant in Korean: 셀, 필름, 트레인, 세팅, 넷."""


def josa(word: str, pair: str) -> str:
    """The form of a particle after a word.

    Args:
        word: Korean, a number in digits, or Latin letters: of one letter, or of capitals, the name
            of the last letter counts, else an English word as Koreans say it, about.
        pair: One of `PAIRS`. It is returned as it is after a word that nobody can read aloud.
    """
    end = _end(SILENT.sub("", word))
    if end is None:
        return pair
    after_consonant, after_vowel = PAIRS[pair]
    is_open = end == NONE or (end == RIEUL and pair == "(으)로")
    return after_vowel if is_open else after_consonant


def starts(text: str) -> str:
    """The pair with which a text starts, or ""."""
    return next((pair for pair in PAIRS if text.startswith(pair)), "")


def _end(word: str) -> int | None:
    last = word[-1:]
    if "가" <= last <= "힣":
        final = (ord(last) - ord("가")) % FINALS
        return RIEUL if final == FINAL_RIEUL else OTHER if final else NONE
    if found := NUMBER.search(word):
        return DIGITS.get(found[0].rstrip(",.")[-1], OTHER)  # 영, 삼, 육, 십, 백, 천, 만, 억
    if not (last.isascii() and last.isalpha()):
        return None
    letters = re.search(r"[A-Za-z]+$", word)
    latin = letters[0] if letters else last
    if len(latin) == 1 or latin.isupper():
        return LETTERS.get(last.lower(), NONE)
    return next((end for pattern, end in WORDS if pattern.search(latin.lower())), NONE)
