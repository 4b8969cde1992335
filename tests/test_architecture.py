"""The house rules that a machine can check: who imports whom, and which module alone uses what."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("pages", "components", "core")
MAY_IMPORT = {
    "app": {"components", "core"},
    "pages": {"components", "core"},
    "components": {"components", "core"},
    "core": {"core"},
}
FILES = [ROOT / "app.py", *sorted(p for room in ROOMS for p in (ROOT / room).rglob("*.py"))]
LIGHT = ("configs", "jobs.runner", "experiments", "datasets", "knobs", "queries.autoencoder")
# Parsed while no other thread is at work: Python 3.11 stumbles when two of them parse at once.
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
ESCAPING, TEMPLATES = "components/words/escaping.py", ("hovertemplate", "texttemplate")
HOLD_OWN_HTML = {
    "components/figures/theme.py",
    "components/parts/course/guide.py",
    "components/parts/course/summary.py",
}


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def tree_of(path: Path) -> ast.Module:
    return TREES[path]


def imported(path: Path) -> set[str]:
    """Top-level names of everything that a file imports, also inside its functions."""
    modules = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            modules.add(room_of(path) if node.level else node.module or "")
    return {module.partition(".")[0] for module in modules}


def names_used(path: Path) -> set[str]:
    """Every attribute and imported name that a file mentions in its code."""
    nodes = list(ast.walk(tree_of(path)))
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return attributes | {
        alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names
    }


def users_of(*names: str) -> set[str]:
    return {p.relative_to(ROOT).as_posix() for p in FILES if names_used(p) & set(names)}


def test_the_rooms_are_there() -> None:
    assert {room_of(path) for path in FILES} == {"app", *ROOMS}


def importers_of(names: set[str], *rooms: str) -> list[str]:
    """The files of some rooms that import one of these."""
    return [name_of(p) for p in FILES if room_of(p) in rooms and imported(p) & names]


def test_imports_run_one_way() -> None:
    ours = {"app", "tests", "benchmarks", *ROOMS}
    wrong = {room: importers_of(ours - allowed, room) for room, allowed in MAY_IMPORT.items()}
    assert wrong == dict.fromkeys(MAY_IMPORT, [])


def test_core_knows_nothing_of_the_screen() -> None:
    assert importers_of({"streamlit", "plotly"}, "core") == []


def test_only_core_imports_tensorflow() -> None:
    assert importers_of({"tensorflow", "keras"}, "app", "pages", "components") == []


def test_figures_draw_with_plotly_and_without_streamlit() -> None:
    names = imported(ROOT / "components" / "figures" / "charts.py")
    assert "plotly" in names
    assert "streamlit" not in names


def test_streamlit_is_used_behind_a_fence() -> None:
    """Outside the adapter only what Streamlit documents: `import streamlit as st`, and no module of
    it that its documentation does not list, nor a name that begins with an underscore.
    """
    inside = ROOT / "components" / "streamlit_adapter"
    outside = [path for path in FILES if inside not in path.parents]
    wrong = [
        (name_of(path), ast.unparse(node))
        for path in outside
        for node in ast.walk(tree_of(path))
        if is_undocumented(node)
    ]
    assert wrong == []


INSIDE_STREAMLIT = ("runtime", "config", "proto", "web", "elements", "delta_generator", "util")


def is_undocumented(node: ast.AST) -> bool:
    """Whether it reaches into Streamlit."""
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").partition(".")[0] == "streamlit"
    if isinstance(node, ast.Import):
        of_streamlit = [each for each in node.names if each.name.split(".")[0] == "streamlit"]
        return any((each.name, each.asname) != ("streamlit", "st") for each in of_streamlit)
    if not isinstance(node, ast.Attribute):
        return False
    words = ast.unparse(node).split(".")
    return words[0] == "st" and (node.attr.startswith("_") or words[1] in INSIDE_STREAMLIT)


def test_one_place_decides_how_often_something_is_drawn_again() -> None:
    keywords = {
        name_of(path)
        for path in FILES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.keyword) and node.arg == "run_every"
    }
    assert keywords == {
        "components/streamlit_adapter/flush.py",
        "components/streamlit_adapter/polling.py",
    }


BEGINS = {
    "make_job", "keep_job", "add_jobs", "play", "prepare", "skip", "pause", "train", "train_to",
    "steer", "extend", "look_at", "begin_all", "begin_first", "begin_second",
}  # fmt: skip


def test_no_drawing_begins_or_changes_a_run() -> None:
    """What does is a callback, or a step before the drawing: nothing that is called `show` calls
    it.
    """
    folders = ("components/parts/", "components/runs/", "components/pads/")
    for path in [each for each in FILES if name_of(each).startswith(folders)]:
        functions = {
            node.name: {called(each) for each in ast.walk(node) if isinstance(each, ast.Call)}
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.FunctionDef)
        }
        beginning = {name for name, calls in functions.items() if calls & BEGINS}
        while more := {name for name, calls in functions.items() if calls & beginning} - beginning:
            beginning |= more
        drawing = {name for name in beginning if name.lstrip("_").startswith(("show", "draw"))}
        assert not drawing, f"{name_of(path)}: {drawing}"


def test_one_module_remembers() -> None:
    assert users_of("session_state") == {"components/streamlit_adapter/session.py"}


def test_one_module_makes_sliders() -> None:
    assert users_of("slider", "select_slider") == {"components/knobs/controls.py"}


def test_texts_longer_than_a_box_are_cut_by_one_module() -> None:
    """The secret is compared whole, and a pasted table has its own limits and sentences."""
    assert users_of("text_input") == {"components/knobs/boxes.py", "components/teacher.py"}
    assert users_of("text_area") == {"components/knobs/boxes.py", "components/runs/own_texts.py"}
    named = [
        node.arg for p in FILES for node in ast.walk(tree_of(p)) if isinstance(node, ast.keyword)
    ]
    assert "max_chars" not in named


def test_html_and_figures_reach_a_page_through_one_module() -> None:
    """It takes `Markup` only (mypy), and escapes what figures hold."""
    assert users_of("html") == users_of("plotly_chart") == {"components/figures/drawing.py"}
    assert callers_of("Markup") == {ESCAPING}
    assert callers_of("trusted") == HOLD_OWN_HTML
    sources = {path: path.read_text(encoding="utf-8") for path in FILES}
    assert [path for path, source in sources.items() if "unsafe_allow" in source] == []
    assert [path for path in FILES if "html" in imported(path)] == [ROOT / ESCAPING]


def test_templates_of_html_and_of_plotly_hold_no_text_from_outside() -> None:
    """What is filled into them is escaped; what stands in them is not."""
    wrong = [
        (name_of(path), ast.unparse(each))
        for path in FILES
        for each in templates(path)
        if not is_literal(each, path)
    ]
    assert wrong == []


def templates(path: Path) -> Iterator[ast.expr]:
    """What `markup` fills, and what plotly fills on hover and in cells."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and called(node) == "markup":
            yield node.args[0]
        if isinstance(node, ast.keyword) and node.arg in TEMPLATES:
            yield node.value
        if isinstance(node, ast.Dict):
            yield from (
                value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and key.value in TEMPLATES
            )


def is_literal(node: ast.expr, path: Path) -> bool:
    """Whether it is a text of the source: a literal, a constant, or the translation of one; or the
    argument of a function that takes it by the same name, where its callers are checked.
    """
    if isinstance(node, ast.IfExp):
        return is_literal(node.body, path) and is_literal(node.orelse, path)
    if isinstance(node, ast.Call) and called(node) == "t":
        return len(node.args) == 1 and not node.keywords and is_literal(node.args[0], path)
    if isinstance(node, ast.Name):
        return node.id in TEMPLATES or node.id in constants(path)
    return isinstance(node, ast.Constant)


def constants(path: Path) -> set[str]:
    """Names of the texts that a module defines as literals."""
    return {
        target.id
        for node in tree_of(path).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def callers_of(name: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in FILES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and called(node) == name
    }


def called(node: ast.Call) -> str:
    """The name of what is called, without its module."""
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def test_the_screen_and_the_light_half_of_core_import_no_tensorflow() -> None:
    promised = [p for p in FILES if promises_no_tensorflow(p)]
    screen = [path for path in FILES if room_of(path) == "components"]
    modules = sorted({module_of(p) for p in promised + screen} | {f"core.{m}" for m in LIGHT})
    code = f"import sys, {', '.join(modules)}\n"
    code += "print(*{'tensorflow', 'keras'} & {name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""


def promises_no_tensorflow(path: Path) -> bool:
    words = " ".join((ast.get_docstring(tree_of(path)) or "").split())
    return "mports no TensorFlow" in words
