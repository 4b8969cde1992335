"""The plain autoencoder of the same size: what a latent space is without clouds."""

from core import families
from core.configs import StackedConfig
from core.experiments import Experiment
from core.knobs import params


def experiment_beside(experiment: Experiment) -> Experiment:
    """The same layers, loss, data, seed and length; no cloud and no latent loss."""
    values = families.values_of(experiment)
    known = {*params(StackedConfig), *params(Experiment)}
    return families.make(StackedConfig, {name: values[name] for name in values if name in known})
