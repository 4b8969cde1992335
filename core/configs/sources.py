"""Configs of what is made from the codes of another model: `CodesConfig`. Imports no TensorFlow."""

import re
from typing import ClassVar

from core import knobs
from core.knobs import LiveKnobs

PRESENT_RUN = "page-"
KEPT_RUN = "run-"


def names_a_run(name: object) -> bool:
    """Whether a source is an existing run: the present one of another family (page-sparse), or a
    kept one (run-0123).
    """
    pattern = rf"({PRESENT_RUN}|{KEPT_RUN})[\w-]{{1,64}}"
    return isinstance(name, str) and re.fullmatch(pattern, name) is not None


class CodesConfig(LiveKnobs):
    """A config with a knob `source`: the model whose codes are used."""

    learning_rate_decay: ClassVar[str] = "constant"  # type: ignore[misc]
    source: str

    def __post_init__(self) -> None:
        knobs.check(self)

    @property
    def trains(self) -> bool:
        """Whether that model is trained for this config; False for an existing run."""
        return not names_a_run(self.source)
