"""The layers of a job's network, packed for a pad."""

from components import pads
from components.streamlit_adapter import session
from core.configs import layer_activations
from core.jobs.seen import Seen
from core.queries.questions import Weights


def pack(job: Seen, name: str) -> pads.Packed | None:
    """The layers as they stand, those of another run at once, and which state that is; None while
    no worker has told them.

    Args:
        name: Under which the session remembers what was sent last.
    """
    snapshot = job.snapshot()
    config = job.experiment.config
    run = job.experiment.key_before(0)
    version = f"{job.experiment.key_before(snapshot.update)} {snapshot.update}"

    def make() -> pads.Packed | None:
        weights = job.ask(Weights())
        if weights is None:
            return None
        layers = pads.pack_layers(weights, layer_activations(config))
        return {"version": version, "layers": layers}

    seconds = pads.SECONDS_BETWEEN * snapshot.is_running
    return session.latest(name, version, seconds, make, subject=run)
