"""The theme that this visitor sees, and the few rules of layout that Streamlit lacks."""

from pathlib import Path

import streamlit as st

from components.figures.colours import DARK, LIGHT, Colours
from components.figures.drawing import show_html
from components.words.escaping import trusted

ICON = Path(__file__).parent / "icon.png"
LAYOUT = """
<style>
.block-container { padding-top: 4.2rem; padding-bottom: 2rem; }
.stVerticalBlock { gap: .7rem; }
.stMarkdown { word-break: keep-all; overflow-wrap: anywhere; }
[data-testid="stMetric"] label p { font-size: .8rem; }
img.sheet { image-rendering: pixelated; width: 100%; display: block; }
img.network { width: 100%; max-height: 20rem; }
.strip { display: grid; grid-template-columns: 6.5rem 1fr; column-gap: .6rem; row-gap: .3rem; align-
items: center; }
.strip { position: relative; }
.strip.pointed::after { content: ""; position: absolute; top: -2px; bottom: -2px; left: var(--left);
  width: var(--width); outline: 2px solid #B87700; border-radius: 2px; pointer-events: none; }
.strip span { font-size: .8rem; text-align: right; opacity: .85; }
[data-testid="stMetricValue"] { font-variant-numeric: tabular-nums; font-size: 1.5rem; }
.letters { display: flex; flex-wrap: wrap; gap: .2rem; align-items: flex-start; }
.letter { display: flex; flex-direction: column; align-items: center; min-width: 1.7rem; }
.letter b { font-size: 1.2rem; font-weight: 600; }
.letter i { font-style: normal; font-size: .72rem; opacity: .75; }
.letter s, .bars s { text-decoration: none; display: block; }
.letter u { align-self: stretch; height: .3rem; margin: 0 -.2rem .12rem 0; }
.letter u.first { border-radius: .2rem 0 0 .2rem; }
.letter u.last { border-radius: 0 .2rem .2rem 0; margin-right: .1rem; }
.letter .vector { width: 1.1rem; }
.letter .vector s { height: .22rem; }
.letter .effect { position: relative; width: 1.1rem; height: 2.2rem; }
.letter .effect s { position: absolute; width: 100%; }
.letter.padding { opacity: .7; }
.letter.padding i { opacity: 1; }
.letter.unknown b { text-decoration: underline wavy #D55E00; }
.letters .more { font-size: .8rem; opacity: .8; align-self: center; }
.answer h5 { margin: 0 0 .3rem; font-size: .95rem; }
.bars { display: grid; grid-template-columns: 6.5rem 1fr 3rem; gap: .2rem .5rem;
  font-size: .85rem; }
.bars b { text-align: right; font-variant-numeric: tabular-nums; }
.bars div { align-self: center; height: .8rem; background: rgba(128, 128, 128, .15); }
.bars s { height: 100%; background: #0072B2; }
.marks { display: grid; grid-template-columns: 6.5rem 1fr 2.4rem 3.6rem; gap: .22rem .5rem;
  font-size: .85rem; align-items: center; }
.marks div { height: .8rem; background: rgba(128, 128, 128, .15); }
.marks s { display: block; height: 100%; }
.marks i, .marks em, .marks b { font-style: normal; text-align: right;
  font-variant-numeric: tabular-nums; }
.marks i { font-size: .75rem; opacity: .75; }
.pairs span { font-size: .8rem; opacity: .85; }
.pairs p { display: grid; grid-template-columns: repeat(10, 1fr); margin: 0; }
.pairs b { font-weight: 500; font-size: .72rem; text-align: center;
  font-variant-numeric: tabular-nums; }
.corrected { display: grid; grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr));
  gap: .6rem 1.4rem; }
.corrected .bars { grid-template-columns: 6.2rem 1fr 2.6rem; }
.word h5 { margin: 0 0 .3rem; font-size: 1.05rem; }
.word h5 u { text-decoration: underline wavy #D55E00; }
.word small { font-weight: 400; opacity: .8; }
.table { overflow-x: auto; }
.numbers { border-collapse: collapse; font-size: .85rem; }
.numbers th, .numbers td { padding: .25rem 1rem .25rem 0; text-align: left;
  border-bottom: 1px solid rgba(128, 128, 128, .3); }
.numbers td { font-variant-numeric: tabular-nums; }
.votes { display: grid; grid-template-columns: 11rem 4.5rem 1fr 2.6rem; gap: .35rem .6rem;
  font-size: .9rem; align-items: center; }
.votes div { height: .8rem; background: rgba(128, 128, 128, .15); }
.votes s { display: block; height: 100%; }
.votes i { font-style: normal; font-size: .8rem; text-align: right; }
.mistakes { display: grid; grid-template-columns: repeat(6, minmax(0, 1fr)); gap: .4rem; }
.mistakes figure { margin: 0; text-align: center; font-size: .75rem; overflow-wrap: anywhere; }
.bars mark { background: none; color: inherit; font-weight: 700; border-bottom: 2px solid #B87700; }
[data-testid="stCaptionContainer"], [data-testid="stImageCaption"] { color: inherit; opacity: .8; }
[data-testid="stWidgetLabel"][disabled] { color: inherit; opacity: .7; }
[data-testid="stCode"] code { font-size: .75rem; }
button:is([kind="secondary"], [kind="tertiary"]):is(:hover, :active, [aria-expanded="true"]):enabled
  { color: light-dark(#00619A, #7CC7F2); }
[data-testid="stBaseButton-primary"]:not([disabled]) { color: light-dark(#FFFFFF, #14171B); }
.stMarkdown .katex-display { overflow: visible; }
.stMarkdown .katex-display > .katex { white-space: normal; }
.katex-display .base { margin: .15em 0; }
[class*="_locked"] [data-testid="stWidgetLabel"] p::before { content: "lock";
  font: 1rem/1 "Material Symbols Rounded"; vertical-align: text-bottom; margin-right: .25rem; }
.st-key-lesson_link button { min-height: 0; padding: 0; }
.question { margin: 0; overflow-y: hidden; font-size: 1.1rem; font-weight: 600; }
.note { margin: 0; font-size: .9rem; white-space: pre-line; max-height: 7rem; overflow-y: auto; }
.question, .note { overflow-x: hidden; overflow-wrap: anywhere; word-break: keep-all; }
.st-key-title { position: absolute; width: 1px; height: 1px; overflow: hidden; }
.st-key-language { position: fixed; gap: 0; top: .7rem; right: 3.2rem;
  width: auto; z-index: 999990; }
[data-testid="stTopNav"] { margin-right: 13.25rem; }
@media (max-width: 640px) {
  .st-key-layout > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"],
  .st-key-layout > [data-testid="stHorizontalBlock"] { flex-direction: column-reverse; }
  .strip { grid-template-columns: 1fr; }
  .strip { position: relative; }
.strip.pointed::after { content: ""; position: absolute; top: -2px; bottom: -2px; left: var(--left);
  width: var(--width); outline: 2px solid #B87700; border-radius: 2px; pointer-events: none; }
.strip span { text-align: left; }
}
</style>
"""


def colours() -> Colours:
    """The colours of the theme that this visitor sees."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def is_dark() -> bool:
    """Whether that is the dark one."""
    return colours() is DARK


def apply() -> None:
    """Puts the rules of layout into the page."""
    show_html(trusted(LAYOUT))
