"""What the page of the speller shows under the corrected text, one part at a time; the parts ask
the model themselves.
"""

from components.knobs.switch import Part, Stage
from components.parts.spelling import alarms, correct, forms, learning, neighbours, sizes
from components.runs import kit
from components.runs.page import RunPage
from core.configs import SpellerConfig
from core.presets import SPELLING

STAGE = Stage(
    {
        "learning": Part("Learning", learning.show),
        "neighbours": Part("Neighbours", neighbours.show),
        "forms": Part("Forms of a word", forms.show),
        "alarms": Part("False alarms", alarms.show),
        "sizes": Part("Length of the list", sizes.show),
        **kit.PARTS,
    }
)
PAGE = RunPage(
    story="spelling",
    config=SpellerConfig,
    knobs=(("dataset",), ("num_words",), ("learning_rate",), ("seed",)),
    presets=SPELLING,
    stage=STAGE,
    own=None,
    summary=correct.show,
    choose=correct.ask_for_text,
)
