"""Colours that can be seen: WCAG 2 contrast on each theme, and classes that any eyes tell apart."""

import itertools
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
from PIL import ImageColor

from components.figures import theme
from components.figures.colours import DARK, LIGHT

ROOT = Path(__file__).resolve().parents[2]
THEMES = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
STYLES = [theme.LAYOUT, *(p.read_text() for p in (ROOT / "components" / "pads").glob("*.css"))]
TEXT, MARK, APART = 4.5, 3.0, 19
# Machado, Oliveira, Fernandes 2009, severity 1: linear RGB as others see it.
EYES = {
    "usual": np.eye(3),
    "protan": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deutan": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritan": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])

each_theme = pytest.mark.parametrize(("name", "colours"), [("light", LIGHT), ("dark", DARK)])


def rgb(colour):
    return np.array(ImageColor.getrgb(colour)) / 255


def linear(values):
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    low, high = sorted(float(linear(each) @ XYZ[1]) for each in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(colour, eyes):
    x, y, z = XYZ @ np.clip(np.array(EYES[eyes]) @ linear(rgb(colour)), 0, 1) / [0.9505, 1, 1.089]
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@each_theme
def test_words_and_marks_stand_out(name, colours):
    page, box = (rgb(THEMES[name][f"{key}ackgroundColor"]) for key in ("b", "secondaryB"))
    for words in (colours.ink, THEMES[name]["linkColor"]):
        assert min(contrast(rgb(words), page), contrast(rgb(words), box)) >= TEXT
    assert contrast(rgb(colours.limit), page) >= TEXT  # the words of axes
    assert contrast(rgb(THEMES[name]["primaryColor"]), page) >= TEXT
    assert colours.paper == THEMES[name]["backgroundColor"]
    marks = {*colours} - {colours.grid, colours.paper, colours.classes} | {*colours.classes}
    assert {mark for mark in marks if contrast(rgb(mark), page) < MARK} == set()


@each_theme
def test_faded_words_can_be_read(name, colours):
    page, ink = rgb(THEMES[name]["backgroundColor"]), rgb(colours.ink)
    shares = {
        float(share) for style in STYLES for share in re.findall(r"opacity: (0?\.\d+)", style)
    }
    faded = {share for share in shares if contrast(share * ink + (1 - share) * page, page) < TEXT}
    assert shares and faded == set()


@pytest.mark.parametrize("eyes", EYES)
@each_theme
def test_classes_are_told_apart_by_all_eyes(name, colours, eyes):
    seen = {colour: lab(colour, eyes) for colour in colours.classes}
    near = [
        (a, b)
        for a, b in itertools.combinations(seen, 2)
        if np.linalg.norm(seen[a] - seen[b]) < APART
    ]
    assert near == [], name
