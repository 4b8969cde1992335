"""The words of the screen, extracted from the code, and catalogues brought up to date with them by
`make words`. What is new in a catalogue waits for its translation; what nobody says goes.
"""

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from components.figures import charts
from components.figures.label_figures import LOOKS
from components.figures.run_figures import CURVES
from components.knobs.lesson_link import LABELS
from components.pages import HOME, ROOMS
from components.parts import denoising, sparsity, variational
from components.parts.board.plots import PLOTS
from components.parts.course.parts import PARTS
from components.parts.denoising import marks, testing
from components.parts.sparsity import frontier
from components.runs.compare import UNITS
from components.runs.cost import COSTS
from components.runs.run_list import ORDERS
from components.words.catalogues import ENGLISH, FOLDER, LANGUAGES, PADS, WORDS
from core import knobs
from core.datasets import GARMENTS
from core.results import SCORES
from core.text.word_tables import ENTITIES
from tests.records import CHAINED, RUN_PAGES

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [
    ROOT / "app.py",
    *(path for room in ("pages", "components", "core") for path in (ROOT / room).rglob("*.py")),
]
SAYS = {"t": 1, "tn": 2, "Message": 1}
"""What says a text -> how many of its first arguments are texts: two of one with a plural."""
HEAD = """msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""
NAMES_SHOWN = (
    "character", "consonants", "constant", "cosine", "denoising", "digit", "dropout", "gaussian",
    "greeting", "hybrid", "iteration", "L1 and KL", "label", "learning", "masking", "other signs",
    "photograph", "pixels", "plain", "sparse", "target", "text", "This language", "variational",
    "vowels", "word", "yours",
)  # fmt: skip
"""Names of the code that a page shows as words, and the name that a language gives itself."""
Key = str | tuple[str, str]
Where = dict[Key, set[str]]


def python_words(file: Any, keywords: Any, comment_tags: Any, options: Any) -> Iterator[Any]:
    """Texts of Python code, as an extraction method of Babel: those on both sides of an `if`, too,
    which Babel's own leaves out.
    """
    del keywords, comment_tags, options
    for call in ast.walk(ast.parse(file.read())):
        count = SAYS.get(getattr(call.func, "id", ""), 0) if isinstance(call, ast.Call) else 0
        texts = [_literals(argument) for argument in call.args[:count]] if count else []
        if count == 2 and all(texts):
            yield call.lineno, "tn", (texts[0][0], texts[1][0]), []
        elif count == 1 and texts:
            yield from ((call.lineno, "t", text, []) for text in texts[0])


def _literals(node: ast.expr) -> list[str]:
    if isinstance(node, ast.IfExp):
        return [*_literals(node.body), *_literals(node.orelse)]
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return [node.value] if is_text and any(map(str.isalpha, node.value)) else []


@functools.cache
def said() -> Where:
    """The texts of pages and core, each with its files."""
    found: Where = {}
    keywords = {"t": None, "tn": (1, 2)}
    for path in SOURCES:
        name = path.relative_to(ROOT).as_posix()
        for _, text, _, _ in extract_from_file(python_words, path, keywords=keywords):
            found.setdefault(text, set()).add(name)
    for text in declared():
        found.setdefault(text, set())
    return found


def declared() -> set[str]:
    """Titles of pages, presets, parts and data; labels, helps and words of knobs."""
    titles = {room.title for room in (HOME, *ROOMS)} | set(charts.PART_LABELS.values())
    for presets in (page.presets for page in (*RUN_PAGES, *CHAINED)):
        experiment = next(iter(presets.values())).experiment
        titles |= {preset.title for preset in presets.values()}
        for owner in (experiment, experiment.config):
            for knob in knobs.params(owner).values():
                titles |= {knob.label, knob.help, *knob.value_names.values()}
    switches = (PARTS, PLOTS, *(page.stage.parts for page in (*RUN_PAGES, *CHAINED)))
    titles |= {room.group for room in ROOMS} | {score.label for score in SCORES.values()}
    titles |= {score.short for score in SCORES.values()}
    titles |= {label for label, _ in ORDERS.values()} | {*COSTS.values(), *UNITS.values()}
    titles |= {plot.x_title for plot in PLOTS.values()}
    for axis, title in CURVES.values():
        titles |= {axis.title, title}
    titles |= {word for look in LOOKS.values() for word in (look.title, look.short)}
    for page in (denoising.cockpit, sparsity.cockpit, variational.cockpit):
        titles |= {*page.HELP, *page.HELP.values()}
    titles |= {*frontier.NUMBERS.values(), *(axes.title for axes in frontier.AXES.values())}
    titles |= {*LABELS.values()}
    titles |= {*GARMENTS, *ENTITIES, *NAMES_SHOWN}
    titles |= {testing.SAME, testing.CLEAN, *marks.LABELS.values()}
    titles |= {part.label for parts in switches for part in parts.values()}
    return {title for title in titles if any(map(str.isalpha, title))}


def scripts() -> str:
    """The code of all pads, without comments."""
    files = sorted((ROOT / "components/pads").glob("*.js"))
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return re.sub(r"/\*.*?\*/", "", code, flags=re.DOTALL)


@functools.cache
def said_by_pads() -> Where:
    """The texts of pads; a composed one with {} for its values."""
    code = scripts()
    hints = {re.search(rf"const {name} = '(.*)';", code)[1] for name in ("HINT", "WAY")}
    found = re.findall(r"""\bt\((?:'((?:[^'\\]|\\.)*)'|"([^"]*)")""", code)
    plain = {one.replace("\\'", "'") or other for one, other in found} | hints
    composed = re.findall(r"\bt`((?:[^`$]|\$\{[^}]*\})*)`", code)
    texts = plain | {re.sub(r"\$\{[^}]*\}", "{}", one) for one in composed}
    return {text: set() for text in texts}


def wanted(domain: str) -> Where:
    """What a catalogue must hold: of pads, what no other says."""
    if domain == WORDS:
        return said()
    return {key: where for key, where in said_by_pads().items() if key not in said()}


def template(language: str, domain: str) -> Catalog:
    """A catalogue of what is said, without translations."""
    catalogue = Catalog(locale=language)
    for key, files in sorted(wanted(domain).items(), key=lambda one: (sorted(one[1]), str(one[0]))):
        catalogue.add(key, locations=[(name, None) for name in sorted(files)])
    return catalogue


def update(language: str, domain: str) -> None:
    """Brings a catalogue up to date; one that is not there is begun."""
    file = FOLDER / language / f"{domain}.po"
    known = Catalog(locale=language)
    if file.is_file():
        with file.open("rb") as opened:
            known = read_po(opened, locale=language)
    known.update(template(language, domain), no_fuzzy_matching=True)
    known.obsolete.clear()
    head = HEAD.format(language=language, plural_forms=known.plural_forms)
    with file.open("wb") as opened:
        opened.write(head.encode())
        write_po(opened, known, width=100, omit_header=True, include_lineno=False)


def main() -> None:
    for language in LANGUAGES:
        if language != ENGLISH:
            for domain in (WORDS, PADS):
                update(language, domain)


if __name__ == "__main__":
    main()
