"""Names that visitors give to runs and to themselves: what is kept of them, and which look alike.

Imports no TensorFlow.
"""

import unicodedata

ZERO_WIDTH_JOINER = "\u200d"
EMOJI_STYLE = "\ufe0f"
# Characters outside the categories C that have no shape: the property Default_Ignorable_Code_Point
# (Unicode Standard, DerivedCoreProperties.txt), the blank of Braille and two other blanks.
INVISIBLE_RANGES = (
    (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2800, 0x2800),
    (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0x16FE4, 0x16FE4), (0x1D159, 0x1D159),
    (0xE0100, 0xE01EF),
)  # fmt: skip
# Python's table of categories is older than the newest emoji: those are unassigned in it (Cn).
EMOJI_BLOCKS = range(0x1F000, 0x1FB00)
KEYCAPS = "0123456789#*"
# Letters that look the same in most fonts (a small part of Unicode's confusables.txt, UTS 39):
# Cyrillic, then Greek, then the capital I as a small l.
LOOK_ALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеѕіјкорсухһԁԛԝ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορυ" + "Iı",
    "ABESlJKMHOPCTYXaesijkopcyxhdqw" + "ABEZHlKMNOPTYXaikvopu" + "li",
)


def clean(name: str) -> str:
    """Returns a name on one line without characters that cannot be seen, or "" if none is left.

    Letters are composed (NFC): Korean that was typed as single jamo becomes syllables. What joins
    emoji to one picture, or asks for its coloured form, stays between and behind emoji.
    """
    kept = "".join(sign for at, sign in enumerate(name) if _is_kept(name, at))
    text = unicodedata.normalize("NFC", " ".join(kept.split()))
    return text if any(unicodedata.category(sign)[0] not in "MZ" for sign in text) else ""


def clean_nickname(nickname: str) -> str:
    """The same in compatibility form (NFKC): full width, circled and mathematical letters become
    the plain ones.
    """
    return clean(unicodedata.normalize("NFKC", nickname))


def look_alike(one: str, other: str) -> bool:
    """Whether two names can be taken for each other: equal up to case, compatibility form,
    characters that cannot be seen, and letters of another alphabet that look the same.
    """
    return not _keys(one).isdisjoint(_keys(other))


def _keys(name: str) -> set[str]:
    """What is compared: small letters as they are, and small letters of the look-alikes.

    The second alone would tell Cyrillic capitals from their small letters: В looks like B, в not.
    """
    nickname = clean_nickname(name).replace(ZERO_WIDTH_JOINER, "").replace(EMOJI_STYLE, "")
    folded = (text.casefold() for text in (nickname, nickname.translate(LOOK_ALIKES)))
    return {unicodedata.normalize("NFKC", text) for text in folded}


def _is_kept(text: str, at: int) -> bool:
    sign = text[at]
    before = text[at - 1 : at]
    after = text[at + 1 : at + 2]
    if sign == ZERO_WIDTH_JOINER:
        return _is_emoji(before) and _is_emoji(after)
    if sign == EMOJI_STYLE:
        return _is_picture(before) or before in tuple(KEYCAPS)
    return sign.isspace() or not _is_invisible(sign)


def _is_emoji(sign: str) -> bool:
    return sign == EMOJI_STYLE or _is_picture(sign)


def _is_picture(sign: str) -> bool:
    if not sign or _is_invisible(sign):
        return False
    return unicodedata.category(sign) == "So" or ord(sign) in EMOJI_BLOCKS


def _is_invisible(sign: str) -> bool:
    code = ord(sign)
    if any(first <= code <= last for first, last in INVISIBLE_RANGES):
        return True
    return unicodedata.category(sign)[0] == "C" and code not in EMOJI_BLOCKS
