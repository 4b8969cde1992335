"""The families of models by name; each module has `build`, `losses` and `readings`."""

from types import ModuleType

from core.models import denoising, sparse, stacked, variational

FAMILIES: dict[str, ModuleType] = {
    "stacked": stacked,
    "sparse": sparse,
    "denoising": denoising,
    "variational": variational,
}
