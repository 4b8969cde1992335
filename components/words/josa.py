"""Korean particles (josa), whose form depends on how the word before them ends.

A Korean text writes both forms, as in "{name}을(를)"; where a value is filled in, one is chosen.
"""

import re
from enum import Enum, auto


class End(Enum):
    """How a word ends: without a final consonant, with ㄹ (after which 으로 is 로), or with another
    one.
    """

    VOWEL = auto()
    RIEUL = auto()
    CONSONANT = auto()


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
NUM_FINALS = 28
RIEUL_AMONG_FINALS = 8
SILENT = re.compile(r"[\s\"'`’”)\]}>*_]+$")
NUMBER = re.compile(r"\d[\d,.]*$")
VOWEL_DIGITS = "2459"
RIEUL_DIGITS = "178"
"""이, 사, 오, 구; 일, 칠, 팔. The others end in another consonant: 영, 삼, 육. So does a number
whose end is zeros: 십, 백, 천, 만, 억.
"""
LETTERS = {"l": End.RIEUL, "r": End.RIEUL, "m": End.CONSONANT, "n": End.CONSONANT}
"""The names of the letters that end in a consonant: 엘, 알, 엠, 엔."""
WORDS = (
    (re.compile(r"l$|le$"), End.RIEUL),
    (re.compile(r"[mn]$|[mn]e$|(?<!p)ng$|out$|[^aeiou][aeiou]c?[ptk]$"), End.CONSONANT),
)
"""English words that end in a consonant in Korean: 셀, 필름, 코사인, 세팅, 드롭아웃, 넷. The end
of a file's name, .png, does not: 피엔지.
"""


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
    is_open = end == End.VOWEL or (end == End.RIEUL and pair == "(으)로")
    return after_vowel if is_open else after_consonant


def starts(text: str) -> str:
    """The pair with which a text starts, or ""."""
    return next((pair for pair in PAIRS if text.startswith(pair)), "")


def _end(word: str) -> End | None:
    last = word[-1:]
    if "가" <= last <= "힣":
        final = (ord(last) - ord("가")) % NUM_FINALS
        if final == RIEUL_AMONG_FINALS:
            return End.RIEUL
        return End.CONSONANT if final else End.VOWEL
    if found := NUMBER.search(word):
        digit = found[0].rstrip(",.")[-1]
        if digit in RIEUL_DIGITS:
            return End.RIEUL
        return End.VOWEL if digit in VOWEL_DIGITS else End.CONSONANT
    if not (last.isascii() and last.isalpha()):
        return None
    letters = re.search(r"[A-Za-z]+$", word)
    latin = letters[0] if letters else last
    if len(latin) == 1 or latin.isupper():
        return LETTERS.get(last.lower(), End.VOWEL)
    return next((end for pattern, end in WORDS if pattern.search(latin.lower())), End.VOWEL)
