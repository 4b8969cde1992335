"""German ß, restored in word lists that write it as ss. Imports no TensorFlow.

`wordfreq` folds case, which turns ß into ss. Since the spelling reform of 1996, ß stands after a
long vowel or a diphthong and ss after a short vowel (Amtliche Regelung, paragraph 25). Letters do
not tell the length of a vowel: the stems with ß are listed here. An inflected form or a compound is
spelt as the stem in it (Straße, Straßen, Hauptstraße). In Switzerland every ß is written ss.
"""

import re
from collections.abc import Iterable

# Regular expressions, each with ß where an ss becomes ß.
STEMS = """
    groß(?!ist|o$|i$|mans?$|eto) größ straß(?=[eb])(?!er(s|in)?$) sträß (?<!drey)fuß(?!el|y|i)
    füß(?!el|li$|l$|ing|ener|enich) späß bloß(?!om|fe|in$|ey) blöß soß(?=e)(?!enheim|enbinder)
    (?<!gebirg)(?<!tage)(?<!swis)(?<!gerlo)(?<!vorwärt)spaß(?!age|ion|iv|k[iy])
    ^floß(?=bau|fahrt|kanal|gasse|graben|länd|holz|es$) rettungsfloß flöß kloß(?!owski|ek|ner) klöß
    ^schoß(?=hund|hünd|gebet|es$) mutterschoß rockschoß rockschöß schößchen stoß stöß
    gruß grüß(?!el) süß(?!muth) büß(?!ing|ow) müßig ^muß(?=e$|estund)
    (?<!kl)einbuß geldbuß buß(?=geld) ^buß(?=tag|prediger|gang|gottes|sakrament|fertig|jäger)
    ^ruß(?=partikel|filter|ig|bild|schicht|geschwärz|spur|t$|es$) verruß dieselruß
    ^saß(?=(en|t|est)?$) besaß(?=(en|t|est)?$) festsaß(?=(en)?$) zusammensaß(?=(en)?$)
    gegenübersaß(?=(en)?$) ^dasaß(?=en$) ^aufsaß(?=(en)?$) ^säß(?=(e|en|t|est)$) besäß gesäß neusäß
    (?<!scha)fraß fräß vergaß(?=(en|t)?$) vergäß ^aß(?=(en|t|est)$) gefäß
    maß(?=nahm|nehm|st[aä]b|stock|geb|gab|los|halt|voll|regel|einheit|kr[uü]g|arbeit|anz[uü]g)
    maß(?=band|bänd|anfert|schneid|gesch|gefert|zahl|angab|werk|konf|kleid|genau)
    maß(?=system|gerecht|schuh) ^maß(?=es$)
    ausmaß übermaß mittelmaß strafmaß augenmaß mindestmaß höchstmaß versmaß ebenmaß gleichmaß
    längenmaß flächenmaß raummaß hohlmaß winkelmaß normalmaß aufmaß bandmaß zeitmaß
    grundmaß(?=$|es$)
    bestimmtheitsmaß wunschmaß bogenmaß metermaß gardemaß packmaß rastermaß gradmaß(?=$)
    standardmaß(?!iv) abmaß unmaß(?=$|e$) spaltmaß innenmaß außenmaß
    anmaß(?!iv|ag) anzumaß angemaß mutmaß bemaß beimaß gliedmaß ^maaß(?=en$) mäß(?!ing)
    gieß (?<!t)hieß (?<!v)(?<!al)ließ(?!mann) stieß schieß (?<!bei)spieß sprieß verdrieß
    ^grieß(?=$|brei) grieß(?=$) genieß nutznieß ^nießbrauch
    (?<!be)(?<!hin)(?<!aus)(?<!ver)(?<!nach)(?<!auf)weiß(?!ag|ach|man$) heiß beiß
    (?<![kp])(?<!^f)(?<!^g)(?<!st)reiß(?!ue|ch[aäonü]|upp|ort|alat|äck|ack|p|ner|ig|ing|l$)
    rückreiß(?=e|t|$) zerreiß dreißig fleiß(?!ner)
    kreiß(?=en$|end|t$|saal|säl) schmeiß schweiß scheiß schleiß spleiß steiß gleiß(?=en$|end|t$)
    meiß(?=e[ln]|nisch) geiß(?=$|el|en$|b[loö]|lein|enpeter) ^neiß(?=e) ^pleiß(?=e)
    preuß(?!$|ag) scheuß strauß sträuß ^gauß (?<![hlgm])(?<!kr)auß(?=er)
    (?<![hlgm])(?<!kr)auß(?=en)(?!end(e|en|et|est|ete|eten|ung|ungen|ungs.*)$)
    (?<!h)äuß(?=er) hoeneß
"""  # fmt: skip
BEFORE_ERMASSEN = (
    "einig gewiss folgend gleich ^d bekannt solch zugegeben gezwungen erwiesen verdient erklärt "
    "anerkannt bewiesen eingestanden unbestritten"
)
# Two words each, or a name that is spelt in two ways.
AMBIGUOUS = (
    "mass masse massen busse bussen floss flösse schoss ass strauss füssen russ löss grossmann "
    "meissner geissler häussler preuss krauss reuss"
)
HALF_CENTIBELS = 30
"""Subtracted from the frequency of each of two words with one spelling: half of it each."""
SWISS_CENTIBELS = 130
"""Subtracted for the Swiss spelling of a word: a twentieth, the Swiss share of those whose first
language is German.
"""


def _rule(stem: str) -> str:
    """The regular expression, read behind an ss, of what stands around it where it is the ß of a
    stem.
    """
    before, _, after = stem.rpartition("ß")
    return f"(?<={before.replace('ß', 'ss')}ss){f'(?={after})' if after else ''}"


_AMBIGUOUS = frozenset(AMBIGUOUS.split())
_ADVERBS = [f"{word}ermaß(?=en$)" for word in BEFORE_ERMASSEN.split()]
_SHARP = re.compile(f"ss(?:{'|'.join(map(_rule, [*STEMS.split(), *_ADVERBS]))})")


def spellings(word: str) -> tuple[str, ...]:
    """The German spellings of a word that is written without ß, in lower case: one, or two where
    it stands for two words (masse: Maße, Masse).
    """
    if word in _AMBIGUOUS:
        return word.replace("ss", "ß"), word
    return (_SHARP.sub("ß", word),)


def restore(bins: Iterable[list[str]], *, swiss: bool = False) -> list[list[str]]:
    """A list of `wordfreq` with ß where German has it.

    Args:
        bins: Words of equal frequency; bin number i holds those of i centibels below 1.
        swiss: Whether the list also holds the Swiss spelling of every word with ß.
    """
    restored: list[list[str]] = []
    for centibels, words in enumerate(bins):
        restored += [[] for _ in range(centibels + SWISS_CENTIBELS + 1 - len(restored))]
        for word in words:
            german = spellings(word) if "ss" in word else (word,)
            for spelling in german:
                restored[centibels + (HALF_CENTIBELS if len(german) > 1 else 0)].append(spelling)
            if swiss and word not in german:
                restored[centibels + SWISS_CENTIBELS].append(word)
    return restored
