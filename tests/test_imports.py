"""Imports run one way: the modules form a tree, and so do the rooms that hold them."""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))

from core.configs import CONFIGS

ROOT = Path(__file__).resolve().parent.parent
TREES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): ast.parse(
        path.read_text(encoding="utf-8")
    )
    for folder in ("core", "components", "pages")
    for path in (ROOT / folder).rglob("*.py")
}
DOTTED = re.compile(r"(core|components|pages)(\.\w+)+")
Graph = dict[str, set[str]]


def imports(tree: ast.AST, package: str = "") -> Iterator[str]:
    """What a module imports, also inside functions and by dotted strings, such as those that
    `import_module` is given; where a package makes their names (f-strings), its modules of all
    families. What is imported for types only is left out.
    """
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for each in node.orelse:
                yield from imports(each, package)
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and DOTTED.fullmatch(str(node.value)):
            yield str(node.value)
        elif isinstance(node, ast.Call) and "import_module(f" in ast.unparse(node):
            yield from (f"{package}.{family}" for family in CONFIGS)
        assert not (isinstance(node, ast.ImportFrom) and node.level), "an import by a relative path"
        yield from imports(node, package)


def module_in(name: str) -> str | None:
    """The module of ours that a dotted name lies in."""
    parts = name.split(".")
    longest = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((each for each in longest if each in TREES), None)


def room_of(module: str) -> str:
    """A folder with what is in it, or a module that lies beside the folders."""
    return ".".join(module.split(".")[:2])


def graph(place: Callable[[str], str]) -> Graph:
    """Who needs whom, by the places of modules."""
    found: Graph = {place(module): set() for module in TREES}
    for module, tree in TREES.items():
        needed = {module_in(name) for name in imports(tree, module)} - {None, module}
        found[place(module)] |= {place(str(each)) for each in needed} - {place(module)}
    return found


def reached_from(start: str, needs: Graph) -> set[str]:
    """Everything that a place needs, by however many steps."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = needs[waiting.pop()] - found
        found |= new
        waiting += new
    return found


def circles(needs: Graph) -> set[frozenset[str]]:
    """Places that need each other."""
    reached = {each: reached_from(each, needs) for each in needs}
    found = {each: {other for other in reached[each] if each in reached[other]} for each in needs}
    return {frozenset(circle) for circle in found.values() if len(circle) > 1}


def test_a_circle_is_found_wherever_its_imports_stand() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == {frozenset("bc")}
    source = """
from typing import TYPE_CHECKING
import core.knobs
if TYPE_CHECKING:
    from core import experiments
def late():
    from core.jobs import runner
    return import_module("core.training")
"""
    found = {"core.knobs", "core.jobs.runner", "core.training"}
    assert {name for name in imports(ast.parse(source)) if name.startswith("core")} == found


def test_modules_form_a_tree() -> None:
    assert circles(graph(lambda module: module)) == set()


def test_rooms_form_a_tree() -> None:
    assert circles(graph(room_of)) == set()


def test_a_face_is_for_those_outside() -> None:
    """What a notebook calls is imported by nothing in `core`, and only the face of the characters
    knows of the speller.
    """
    needs = graph(lambda module: module)
    in_core = {module: found for module, found in needs.items() if module.startswith("core.")}
    for face in ("core.training", "core.projection", "core.characters"):
        others = {module for module, found in in_core.items() if face in found}
        assert {other for other in others if not other.startswith("core.export")} == set(), face
    room = {m: found for m, found in in_core.items() if m.startswith("core.characters.")}
    assert not [m for m, found in room.items() if any("core.spelling" in each for each in found)]


def drawn_in(needs: Graph, top: str) -> set[tuple[str, str]]:
    """The arrows from room to room inside `core` or `components`, without those that follow from
    others.
    """
    inside = {room: {each for each in needs[room] if each.startswith(f"{top}.")} for room in needs}
    return {
        (room.removeprefix(f"{top}."), each.removeprefix(f"{top}."))
        for room, rooms in inside.items()
        if room.startswith(f"{top}.")
        for each in rooms
        if not any(each in reached_from(other, inside) for other in rooms - {each})
    }


@pytest.mark.parametrize("top", ["core", "components"])
def test_the_drawing_of_the_house_is_right(top: str) -> None:
    """docs/architecture.md; `python tests/test_imports.py` writes the arrows as they are."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    picture = text.split(f"## {top}\n")[1].split("```mermaid\n")[1].split("```")[0]
    arrows = set(re.findall(r"^ +(\w+) --> (\w+)$", picture, re.M))
    assert arrows == drawn_in(graph(room_of), top)


if __name__ == "__main__":
    for top in ("core", "components"):
        arrows = [
            f"    {room} --> {other}" for room, other in sorted(drawn_in(graph(room_of), top))
        ]
        sys.stdout.write("\n".join(["graph TD", *arrows, ""]))
