"""The value of a knob in words."""

from components.streamlit_adapter import session
from components.words.language import sentence, t
from core.knobs import Param, to_text


def in_words(declared: Param, value: object) -> str:
    """The value as the options of its knob call it. Not escaped: own data have names of their
    owner's.
    """
    title = dict(session.own_titles()).get(str(value))
    return sentence(title) if title else t(declared.value_names.get(value, to_text(value)))
