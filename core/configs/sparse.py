"""The knobs of a sparse autoencoder: `SparseConfig`. Imports no TensorFlow."""

from dataclasses import dataclass
from typing import ClassVar

from core.configs.autoencoders import AutoencoderConfig
from core.knobs import param, redeclare
from core.message import Message


@dataclass(frozen=True, kw_only=True)
class SparseConfig(AutoencoderConfig):
    """An overcomplete code in which few units are active at a time."""

    family: ClassVar[str] = "sparse"

    latent_dim: int = redeclare(AutoencoderConfig, "latent_dim", 300)
    latent_activation: str = redeclare(AutoencoderConfig, "latent_activation", "sigmoid")
    l1: float = param(
        1e-4,
        label="L1 strength λ",
        help="Price of each activation. Higher: fewer units are active, and past a point all of "
        "them die.",
        limits=(0.0, 100.0),
        stops=(0.0, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 1e-1, 1.0, 10.0),
        live=True,
    )
    sparsity_target: float = param(
        0.1,
        label="Target activation p",
        help="The mean activation that the KL penalty pulls every unit towards; the dashed line "
        "in the bars.",
        limits=(1e-4, 0.9999),
        stops=(1e-4, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5),
        live=True,
        active_when=lambda config: config.sparsity_weight > 0,
    )
    sparsity_weight: float = param(
        0.0,
        label="KL weight",
        help="How hard the KL penalty pulls. 0 switches it off.",
        limits=(0.0, 100.0),
        stops=(0.0, 1e-4, 1e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 1.0),
        live=True,
    )
    unit_norm_decoder: bool = param(
        False,
        label="Unit-norm decoder",
        help="Each unit's weight vector keeps length 1, so that the network cannot "
        "evade the L1 penalty by tiny codes and large weights.",
        options=(False, True),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.sparsity_weight > 0 and self.latent_activation != "sigmoid":
            raise ValueError(
                Message(
                    "The KL penalty compares mean activations between 0 and 1; received "
                    "latent_activation={received!r}. Choose sigmoid codes, or a KL weight of 0.",
                    received=self.latent_activation,
                )
            )

    @property
    def loss_is_mean_over_rows(self) -> bool:
        """False with sigmoid codes, whose KL penalty is a function of the batch mean."""
        return self.latent_activation != "sigmoid"
