"""The layers of a job's network, packed for a pad."""

from components import live
from core.configs import layer_activations
from core.jobs import Job


def pack(job: Job, name: str) -> live.Packed | None:
    """The layers as they stand, and which state that is; None while no worker has told them.

    Args:
        name: Under which the session remembers what was sent last.
    """
    snapshot, config = job.snapshot(), job.experiment.config
    version = f"{job.experiment.key_before(snapshot.update)} {snapshot.update}"

    def make() -> live.Packed | None:
        weights = job.ask("weights")
        if weights is None:
            return None
        layers = live.pack_layers(weights, layer_activations(config))
        return {"version": version, "layers": layers}

    return live.latest(name, version, running=snapshot.is_running, make=make)
