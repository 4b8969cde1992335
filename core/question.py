"""What can be asked of a trained model: a question is a small frozen dataclass, its answer has a
type of its own. Imports no TensorFlow.
"""

import pickle
from typing import Any, ClassVar, Generic, TypeVar

A = TypeVar("A")


class Question(Generic[A]):
    """A question with an answer of type A, which the trainer of a family finds by the question's
    type (`ANSWERS`).

    Attributes:
        by_hand: It is about what a reader has just typed or drawn: it goes before all training.
        of_data: Its answer depends on the data alone: it is never stale.

    A question that holds an array is a dataclass with `eq=False`: it is compared by its key.
    """

    by_hand: ClassVar[bool] = False
    of_data: ClassVar[bool] = False

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def key(self) -> bytes:
        """The key of its answer in caches: equal for questions that ask the same."""
        return pickle.dumps(self)


Views = tuple[Question[Any], ...]
"""What a job shows after every chunk: questions of `core.queries.autoencoder.VIEWS`."""
