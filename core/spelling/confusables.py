"""Confusable words: two that become equal when each loses at most one letter.

N words, T letters, E memberships of a word in a group, M those in groups of two or more words.
Imports no TensorFlow.
"""

import numpy as np


class Confusables:
    """The confusable words among some words, drawn at random.

    A word, or a word with one letter left out, is a form. Words that share a form are a group, and
    a word is in several groups: "form" shares "fom" with "from" and "orm" with "norm".

    Args:
        codes: Different words as letter ids, 0 behind their end; uint8 [N, T].
    """

    def __init__(self, codes: np.ndarray) -> None:
        words, forms = _forms(codes)  # [E], [E]
        _, group = np.unique(forms, return_inverse=True)  # [E]
        order = np.argsort(group, kind="stable")  # [E]
        self.members = words[order]  # [E], group by group
        starts = np.searchsorted(group[order], np.arange(group.max() + 2))  # [groups + 1]
        position = np.empty_like(order)  # [E], the inverse of `order`
        position[order] = np.arange(len(order))
        shared = np.flatnonzero(np.diff(starts)[group] > 1)  # [M]
        shared = shared[np.argsort(words[shared], kind="stable")]
        self.group_starts = starts[group[shared]]  # [M]
        self.group_sizes = np.diff(starts)[group[shared]]  # [M]
        self.ranks = position[shared] - self.group_starts  # [M]
        self.word_starts = np.searchsorted(words[shared], np.arange(len(codes) + 1))  # [N + 1]

    def draw(self, rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """For each of the words `rows` a confusable one, or -1 where there is none; all int [B]."""
        count = self.word_starts[rows + 1] - self.word_starts[rows]  # [B]
        membership = self.word_starts[rows] + (rng.random(len(rows)) * count).astype(int)
        step = rng.random(len(rows))  # [B]
        if not len(self.ranks):
            return np.full(len(rows), -1)
        membership = np.minimum(membership, len(self.ranks) - 1)  # [B]
        size = self.group_sizes[membership]  # [B]
        other = self.ranks[membership] + 1 + (step * (size - 1)).astype(int)
        drawn = self.members[self.group_starts[membership] + other % size]
        return np.where(count > 0, drawn, -1)


def _forms(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The words and their different forms of one letter less: rows int [E], letters as bytes [E].

    Of a doubled letter it makes no difference which one is left out: only the last is.
    """
    forms = [codes]
    rows = [np.arange(len(codes))]
    following = np.pad(codes[:, 1:], ((0, 0), (0, 1)))  # [N, T]
    for position in range(codes.shape[1]):
        changed = np.flatnonzero(codes[:, position] != following[:, position])
        shorter = np.delete(codes[changed], position, axis=1)
        forms.append(np.pad(shorter, ((0, 0), (0, 1))))
        rows.append(changed)
    joined = np.ascontiguousarray(np.concatenate(forms))  # [E, T]
    return np.concatenate(rows), joined.view(f"V{codes.shape[1]}").ravel()
