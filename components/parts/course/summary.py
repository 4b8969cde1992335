"""Everything on one sheet of paper."""

import streamlit as st

from components.figures.drawing import show_html
from components.words import story
from components.words.escaping import trusted
from components.words.language import t

PAPER = """
<style>
@media print {
  @page { size: A4; margin: 12mm; }
  .stAppHeader, [data-testid="stHeader"], [data-testid="stHeading"], .st-key-language,
  .st-key-course_parts, .st-key-course_print { display: none !important; }
  html, body, .stApp { background: #fff !important; }
  .stApp * { color: #000 !important; }
  .stApp, .stMain, [data-testid="stAppViewContainer"] { position: static !important;
    overflow: visible !important; height: auto !important; }
  .block-container { padding: 0 !important; max-width: none !important; }
  .st-key-sheet p, .st-key-sheet li { font-size: 10pt; line-height: 1.35; }
  .st-key-sheet .katex { font-size: 1.05em; }
  .st-key-sheet h3 { font-size: 14pt; padding: 0; }
  .st-key-sheet [data-testid="stHorizontalBlock"] { flex-direction: row; flex-wrap: nowrap; }
  .st-key-sheet [data-testid="stColumn"] { min-width: 0; }
}
</style>
"""
JS = """
export default function ({ parentElement, data }) {
  const button = parentElement.querySelector('button');
  button.textContent = data;
  button.onclick = () => window.print();
}
"""
_button = st.components.v2.component(
    "bottleneck_print",
    html='<button type="button"></button>',
    css="""button { font: inherit; padding: .4rem .9rem; cursor: pointer; border-radius: .5rem;
      color: var(--st-text-color); background: var(--st-secondary-background-color);
      border: 1px solid var(--st-border-color); }""",
    js=JS,
)


def show() -> None:
    """Draws the sheet, and the button that prints it."""
    show_html(trusted(PAPER))
    with st.container(key="course_print"):
        _button(key="print", data=t("Print this page"))
    with st.container(key="sheet"):
        story.show("summary", "title")
        for heading, column in zip(("left", "right"), st.columns(2, gap="medium"), strict=True):
            with column:
                story.show("summary", heading)
