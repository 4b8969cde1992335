"""French and Italian elisions: l'amour, dell'acqua. Imports no TensorFlow."""

from core.text.typos import bare_letter

APOSTROPHE = "'"
FRENCH = "c d j l m n qu s t jusqu lorsqu puisqu quoiqu quelqu presqu entr"
ITALIAN = (
    "c ch d gl l m n s t un v all coll dall dell nell sull agl dagl degl negl sugl quell quest "
    "bell buon grand sant com cos dov dev qual anch senz tutt mezz nient qualcos quant altr alcun "
    "nessun ciascun pover vent trent quarant cinquant sessant settant ottant novant"
)
_ELIDED = {"fr": frozenset(FRENCH.split()), "it": frozenset(ITALIAN.split())}


def without(word: str, language: str) -> str:
    """Returns a word in lower case without the elided word before it: amour for l'amour. French and
    Italian elide before a vowel or h only; any other word is returned as it is (aujourd'hui).
    """
    elided, _, rest = word.partition(APOSTROPHE)
    if elided in _ELIDED.get(language, ()) and rest and bare_letter(rest[0]) in "aeiouyh":
        return rest
    return word
