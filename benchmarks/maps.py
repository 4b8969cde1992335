"""t-SNE of 5,000 codings beside scikit-learn's, in paired rounds."""

from collections.abc import Callable
from statistics import median

import numpy as np

from benchmarks.arena import Contestant, play_rounds, ratios
from benchmarks.reach.table import Claim, Say

NUM_ROUNDS = 3
LEAST_RATIO = 1.3
LATENT_DIM = 30
HOW = (
    "Beside scikit-learn's TSNE with its defaults at perplexity 30, each in a process of its own "
    "and timed in turn; both make 1,000 iterations, ours with 40 frames on the way."
)


def measure(say: Say) -> tuple[list[Claim], str]:
    """How many times as fast, and the 10-nearest-neighbour accuracy of both maps."""
    from core.projection import knn_accuracy

    coder = Contestant(_coder)
    codes, labels = coder.call().value
    coder.close()
    say(f"t-SNE of {len(codes):,} {codes.shape[1]}-d codings beside scikit-learn")
    ours = Contestant(_ours, codes)
    theirs = Contestant(_theirs, codes)
    rounds = play_rounds({"ours": ours.call, "theirs": theirs.call}, NUM_ROUNDS)
    for contestant in (ours, theirs):
        contestant.close()
    ratio = ratios(rounds["theirs"], rounds["ours"])
    seconds = {name: tuple(each.seconds for each in timed) for name, timed in rounds.items()}
    right = {name: tuple(knn_accuracy(each.value, labels) for each in timed)
             for name, timed in rounds.items()}  # fmt: skip
    kept = median(right["ours"]) >= median(right["theirs"])
    claims = [
        Claim("times as fast, round by round", tuple(ratio), f"at least {LEAST_RATIO}",
              ratio.median >= LEAST_RATIO),
        Claim("seconds a map", seconds["ours"], "", True, ("scikit-learn", seconds["theirs"])),
        Claim("10-NN accuracy of the map", right["ours"], "at least the peer's", kept,
              ("scikit-learn", right["theirs"])),
    ]  # fmt: skip
    return claims, HOW


def _coder() -> Callable[[], tuple[np.ndarray, np.ndarray]]:
    """A network that has learned for 10 epochs, and its codes of all bundled digits."""
    from core.configs import StackedConfig
    from core.datasets import load_dataset
    from core.training import fit

    data = load_dataset("mnist5k")
    run = fit(StackedConfig(latent_dim=LATENT_DIM), data, num_epochs=10)
    labels = np.concatenate([data.y_test, data.y_train])
    return lambda: (run.encode(np.concatenate([data.x_test, data.x_train])), labels)


def _ours(codes: np.ndarray) -> Callable[[], np.ndarray]:
    import openTSNE  # noqa: F401  # loaded before the clock starts

    from core.projection import tsne

    return lambda: list(tsne(codes))[-1].positions


def _theirs(codes: np.ndarray) -> Callable[[], np.ndarray]:
    from sklearn.manifold import TSNE

    return lambda: TSNE(perplexity=30, random_state=0, n_jobs=2).fit_transform(codes)
