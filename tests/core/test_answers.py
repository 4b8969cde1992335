"""What models have said is known by history, update and question, and plain when it is stale."""

from types import SimpleNamespace

import numpy as np
import pytest

from core.jobs import queries
from core.jobs.answers import ANSWERS, EVERYBODY, Answers, Place, new_owner
from core.jobs.queries import MOST_SAID, Asked, Questions
from core.queries.questions import LatentLoss, Weights


def place(update=0, owner=EVERYBODY, question=b"q"):
    return Place("history", update, question, owner)


def test_the_least_recently_used_go_first_within_one_budget():
    answers = Answers(max_bytes=10_000)
    for update in range(5):
        answers.keep(place(update), np.zeros(2_500, np.uint8))
        answers.get(place(0))
    assert answers.get(place(0)) is not None
    assert answers.get(place(1)) is None
    assert answers.get(place(4)) is not None


def test_what_one_owner_knows_goes_with_the_owner():
    answers = Answers()
    ours, theirs = new_owner(), new_owner()
    for owner in (ours, theirs, EVERYBODY):
        answers.keep(place(owner=owner), np.zeros(1_000))
    answers.forget(ours)
    answers.tidy()
    assert len(answers) == 2
    assert answers.get(place(owner=ours)) is None
    assert answers.get(place(owner=theirs)) is not None
    assert answers.get(place()) is not None


@pytest.fixture
def asked(monkeypatch):
    """Asks questions of one job; a worker answers with the number of questions so far."""
    ANSWERS.clear()
    questions, sent = Questions(), []

    def submit(_, asked, __):
        sent.append(asked)
        return len(sent)

    monkeypatch.setattr(queries, "_submit", submit)
    monkeypatch.setattr(queries, "result_of", lambda future, _: future)

    def ask(question, update, moment, *, is_at_rest=False):
        where = Place("history", update, question.key)
        asked = Asked(SimpleNamespace(), None, question, moment, where, is_at_rest)
        return questions.known(asked) or questions.ask(None, asked, 1)

    return ask


def test_a_model_that_trains_is_asked_once_an_epoch(asked):
    assert [asked(Weights(), update, moment=1) for update in (10, 14, 19)] == [1, 1, 1]
    assert asked(Weights(), 20, moment=2) == 2
    assert asked(Weights(), 20, moment=-20, is_at_rest=True) == 2, "the same model"
    assert asked(Weights(), 25, moment=-25, is_at_rest=True) == 3
    assert asked(LatentLoss(0, 1), 25, moment=-25) == 4


def test_many_questions_do_not_pile_up(asked):
    for seed in range(3 * MOST_SAID):
        assert asked(LatentLoss(seed, 1), 5, moment=1) == seed + 1
    assert asked(LatentLoss(3 * MOST_SAID - 1, 1), 7, moment=1) == 3 * MOST_SAID


def test_what_another_job_has_asked_of_this_very_model_is_known(asked):
    ANSWERS.keep(Place("history", 8, Weights().key), 99)
    assert asked(Weights(), 8, moment=-8, is_at_rest=True) == 99
