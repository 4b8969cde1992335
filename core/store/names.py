"""Names of runs and nicknames: normalisation, and names that can be mistaken for another.

Imports no TensorFlow.
"""

import unicodedata

ZERO_WIDTH_JOINER = "\u200d"
EMOJI_STYLE = "\ufe0f"
# Invisible characters outside the categories C: the property Default_Ignorable_Code_Point
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
CONFUSABLES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеѕіјкорсухһԁԛԝ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορυ" + "Iı",
    "ABESlJKMHOPCTYXaesijkopcyxhdqw" + "ABEZHlKMNOPTYXaikvopu" + "li",
)


def clean(name: str) -> str:
    """Returns a name on one line without invisible characters, or "" if no visible one is left.

    Letters are composed (NFC): Korean that was typed as single jamo becomes syllables. Zero width
    joiners are kept between emoji, and variation selectors after emoji.
    """
    kept = "".join(character for i, character in enumerate(name) if _is_kept(name, i))
    text = unicodedata.normalize("NFC", " ".join(kept.split()))
    is_visible = any(unicodedata.category(character)[0] not in "MZ" for character in text)
    return text if is_visible else ""


def clean_nickname(nickname: str) -> str:
    """Returns the name as `clean` does, in compatibility form (NFKC): full width, circled and
    mathematical letters become the plain ones.
    """
    return clean(unicodedata.normalize("NFKC", nickname))


def look_alike(one: str, other: str) -> bool:
    """Whether two names can be mistaken for each other: equal up to case, compatibility form,
    invisible characters, and letters of another alphabet that look the same.
    """
    return not _keys(one).isdisjoint(_keys(other))


def _keys(name: str) -> set[str]:
    """Keys for comparison: the name in lower case, and with confusable letters replaced before.

    The second alone would distinguish Cyrillic capitals from their small letters: В looks like B,
    в does not.
    """
    nickname = clean_nickname(name).replace(ZERO_WIDTH_JOINER, "").replace(EMOJI_STYLE, "")
    folded = (text.casefold() for text in (nickname, nickname.translate(CONFUSABLES)))
    return {unicodedata.normalize("NFKC", text) for text in folded}


def _is_kept(text: str, index: int) -> bool:
    character = text[index]
    before = text[index - 1 : index]
    after = text[index + 1 : index + 2]
    if character == ZERO_WIDTH_JOINER:
        return _is_emoji(before) and _is_emoji(after)
    if character == EMOJI_STYLE:
        return _is_picture(before) or before in tuple(KEYCAPS)
    return character.isspace() or not _is_invisible(character)


def _is_emoji(character: str) -> bool:
    return character == EMOJI_STYLE or _is_picture(character)


def _is_picture(character: str) -> bool:
    if not character or _is_invisible(character):
        return False
    return unicodedata.category(character) == "So" or ord(character) in EMOJI_BLOCKS


def _is_invisible(character: str) -> bool:
    code = ord(character)
    if any(first <= code <= last for first, last in INVISIBLE_RANGES):
        return True
    return unicodedata.category(character)[0] == "C" and code not in EMOJI_BLOCKS
