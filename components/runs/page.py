"""What a page that trains is made of; `components.frame` draws it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from components.knobs import link
from components.knobs.switch import Stage
from components.runs import own_images
from components.runs import stage as common
from components.runs.own_run import Draw
from components.runs.run_panel import Panel
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.presets import Preset

Own = Callable[[Experiment | None, str], None]


class RunPage(NamedTuple):
    """A page with one run.

    Attributes:
        story: The name of its story, and of its file.
        config: The knobs; its family is the prefix of every key.
        knobs: Names of those that are shown at once, row by row.
        presets: By name.
        stage: The parts, one of which is looked at.
        first: What a page without a link opens with; None for the defaults.
        own: Draws, with the experiment and the key, how own data are brought; None for none.
        summary: Draws what stands above the switch.
        is_one: Whether the summary and the part are drawn again together: what is typed in the one
            is seen in the other.
        choose: Draws, with the key, what is chosen apart from the knobs of a run; None for nothing.
        explain: Draws, with the preset, what stands under the stage; None for the story.
    """

    story: str
    config: Any
    knobs: Sequence[Sequence[str]]
    presets: Mapping[str, Preset]
    stage: Stage
    first: Experiment | None = None
    own: Own | None = own_images.show
    summary: Draw = common.show_summary
    is_one: bool = False
    choose: Callable[[str], None] | None = None
    explain: Callable[[str], None] | None = None

    @property
    def key(self) -> str:
        """The prefix of every widget key and link parameter."""
        return str(self.config.family)

    def show_stage(self, snapshot: Snapshot, experiment: Experiment, key: str) -> None:
        """Summary, switch and part together."""
        self.summary(snapshot, experiment, key)
        self.stage.choose(key)
        link.write(experiment, key)
        self.stage.show(snapshot, experiment, key)


class ChainedPage(NamedTuple):
    """A page whose run learns from that of another network; its parts are drawn with the settings
    and the key.

    Attributes:
        settings: The class of what the knobs say.
        first: What a page without a link opens with.
        offer: Adds, with the key, the runs from which it can learn.
        begin: Begins and steers, with the settings and the key, what the page trains.
        show: Draws likewise what stands above the switch.
        panel: What its panel says and does.
        The others are as in `RunPage`.
    """

    story: str
    config: Any
    settings: type[Experiment]
    knobs: Sequence[Sequence[str]]
    presets: Mapping[str, Preset]
    stage: Stage
    first: Experiment
    offer: Callable[[str], None]
    begin: Callable[[Any, str], None]
    show: Callable[[Any, str, Callable[[], None]], None]
    panel: Panel
    own: Own | None = own_images.show

    @property
    def key(self) -> str:
        """The prefix of every widget key and link parameter."""
        return str(self.config.family)
