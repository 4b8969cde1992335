"""What the page of an autoencoder family is made of; `components.frame.show` draws it."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from components.knobs.switch import Stage
from components.runs import stage as common
from components.runs.run_panel import Draw
from core.configs import AutoencoderConfig
from core.experiments import Experiment
from core.presets import Preset


class FamilyPage(NamedTuple):
    """Attributes:
    story: The name of its story, and of its file.
    config: The knobs; its family is the prefix of every key.
    knobs: Names of those that are shown at once, row by row.
    presets: By name.
    stage: The parts, one of which is looked at.
    first: What a page without a link opens with; None for the defaults.
    summary: Draws the numbers above the switch.
    choose: Draws, with the key, what is chosen apart from the knobs of a run; None for nothing.
    explain: Draws, with the preset, what stands under the stage; None for the words of the story.
    """

    story: str
    config: type[AutoencoderConfig]
    knobs: Sequence[Sequence[str]]
    presets: Mapping[str, Preset]
    stage: Stage
    first: Experiment | None = None
    summary: Draw = common.show_summary
    choose: Callable[[str], None] | None = None
    explain: Callable[[str], None] | None = None

    @property
    def key(self) -> str:
        """The prefix of every widget key and link parameter."""
        return self.config.family
