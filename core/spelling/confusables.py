"""Words that look alike: they become equal when each loses at most one letter.

N words, T letters. Imports no TensorFlow.
"""

import numpy as np


class Lookalikes:
    """The lookalikes among some words, for drawing.

    A word with one letter left out is a form. Words that share a form are a group, and a word is in
    several groups: "form" shares "fom" with "from" and "orm" with "norm".

    Args:
        codes: Different words as letter ids, 0 behind their end; uint8 [N, T].
    """

    def __init__(self, codes: np.ndarray) -> None:
        words, forms = _forms(codes)
        _, group = np.unique(forms, return_inverse=True)
        order = np.argsort(group, kind="stable")
        self.members = words[order]
        starts = np.searchsorted(group[order], np.arange(group.max() + 2))
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        shared = np.flatnonzero(np.diff(starts)[group] > 1)
        shared = shared[np.argsort(words[shared], kind="stable")]
        self.firsts, self.sizes = starts[group[shared]], np.diff(starts)[group[shared]]
        self.places = place[shared] - self.firsts
        self.own = np.searchsorted(words[shared], np.arange(len(codes) + 1))

    def draw(self, rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """For each of some words one that looks like it, or -1 where nothing does; all int [B]."""
        count = self.own[rows + 1] - self.own[rows]
        membership = self.own[rows] + (rng.random(len(rows)) * count).astype(int)
        step = rng.random(len(rows))
        if not len(self.places):
            return np.full(len(rows), -1)
        membership = np.minimum(membership, len(self.places) - 1)
        size = self.sizes[membership]
        other = self.places[membership] + 1 + (step * (size - 1)).astype(int)
        found = self.members[self.firsts[membership] + other % size]
        return np.where(count > 0, found, -1)


def _forms(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The words and their different forms of one letter less: rows int [E], letters as bytes [E].

    Of a doubled letter it makes no difference which one is left out: only the last is.
    """
    lines, rows = [codes], [np.arange(len(codes))]
    followed = np.pad(codes[:, 1:], ((0, 0), (0, 1)))
    for place in range(codes.shape[1]):
        longer = np.flatnonzero(codes[:, place] != followed[:, place])
        lines.append(np.pad(np.delete(codes[longer], place, axis=1), ((0, 0), (0, 1))))
        rows.append(longer)
    joined = np.ascontiguousarray(np.concatenate(lines))
    return np.concatenate(rows), joined.view(f"V{codes.shape[1]}").ravel()
