"""The plan of a job without any worker: phases, events, and whatever order they come in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.configs import StackedConfig
from core.experiments import Experiment
from core.jobs.plan import PHASES, Plan, Step

EXPERIMENT = Experiment(
    config=StackedConfig(batch_size=128), dataset="digits8", num_epochs=4, early_stopping=True
)
PER_EPOCH, END = EXPERIMENT.updates_per_epoch, EXPERIMENT.num_updates
NEAR = 5
VIEWS, OTHERS = ("loss",), ("weights",)
NEW = Plan(EXPERIMENT, VIEWS)


def work(plan: Plan, count: int = 1, kept: int | None = None) -> Plan:
    """So many steps are sent, each comes back."""
    for _ in range(count):
        step = plan.next(NEAR, 1, kept)
        if step is None and not plan.steps:
            return plan
        plan = plan if step is None else plan.sent(step)
        plan = plan.landed(plan.steps[0].end)
    return plan


def send(plan: Plan, most: int = 2) -> Plan:
    """Steps are sent until so many are under way."""
    while step := plan.next(NEAR, most):
        plan = plan.sent(step)
    return plan


def to_the_end(plan: Plan) -> Plan:
    return work(plan, 1_000)


PREPARED = work(NEW.prepare())
TRAINING = send(work(PREPARED.train_to(END), 2))
IN_PHASE = {
    "starting": send(NEW.prepare()),
    "training": TRAINING,
    "pausing": TRAINING.pause(),
    "paused": work(TRAINING.pause()),
    "stopped": TRAINING.landed(TRAINING.steps[0].end, has_stopped=True),
    "finished": to_the_end(TRAINING),
    "failed": TRAINING.failed("No."),
}
EVENTS = {
    "prepare": Plan.prepare,
    "play": lambda plan: plan.train_to(plan.end),
    "pause": Plan.pause,
    "look": lambda plan: plan.look_at(OTHERS),
    "steer": lambda plan: plan.steer({"learning_rate": 0.05}),
    "longer": lambda plan: plan.extend(8, early_stopping=True),
    "lost": lambda plan: plan.lost(0),
    "sent": lambda plan: plan.sent(step) if (step := plan.next(NEAR, 9)) else plan,
    "landed": lambda plan: plan.landed(plan.steps[0].end) if plan.steps else plan,
    "landed early": lambda plan: plan.landed(plan.update) if plan.steps else plan,
    "stopped": lambda plan: (
        plan.landed(plan.steps[0].end, has_stopped=True) if plan.steps else plan
    ),
    "kept": lambda plan: plan.standing_at(NEAR) if plan == NEW else plan,
    "failed": lambda plan: plan.failed("No."),
}
# Where it is not the phase before.
CHANGES = {
    ("starting", "failed"): "failed",
    ("starting", "landed"): "paused",
    ("starting", "landed early"): "paused",
    ("starting", "stopped"): "stopped",
    ("training", "stopped"): "stopped",
    ("pausing", "landed"): "paused",
    ("pausing", "landed early"): "paused",
    ("pausing", "stopped"): "stopped",
    ("training", "pause"): "pausing",
    ("training", "failed"): "failed",
    ("pausing", "play"): "training",
    ("pausing", "failed"): "failed",
    ("paused", "play"): "training",
    ("paused", "lost"): "pausing",
    ("paused", "failed"): "failed",
    ("stopped", "play"): "training",
    ("stopped", "lost"): "pausing",
    ("stopped", "failed"): "failed",
    ("finished", "longer"): "paused",
    ("finished", "lost"): "pausing",
    ("finished", "failed"): "failed",
    ("failed", "prepare"): "paused",
    ("failed", "play"): "training",
}


@pytest.mark.parametrize("phase", PHASES)
def test_a_plan_is_in_its_phase(phase: str) -> None:
    assert IN_PHASE[phase].phase == phase


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("phase", PHASES)
def test_an_event_leads_to_a_phase(phase: str, event: str) -> None:
    assert EVENTS[event](IN_PHASE[phase]).phase == CHANGES.get((phase, event), phase)


def test_it_is_starting_until_the_first_update_where_nothing_was_seen_before() -> None:
    plan = NEW.train_to(END)
    phases = []
    for _ in range(3):
        phases.append(plan.phase)
        plan = work(plan)
    assert phases == ["starting", "starting", "training"]
    assert PREPARED.train_to(END).phase == "training"


def test_a_step_ends_at_a_move_and_at_the_goal() -> None:
    plan = work(PREPARED.train_to(7), 1)
    assert plan.update == NEAR
    plan = plan.steer({"learning_rate": 0.05})
    assert plan.experiment.moves[0].update == NEAR
    assert plan.next(NEAR) == Step("train", NEAR, 2, VIEWS)
    again = PREPARED.train_to(END).steer({"learning_rate": 0.02})
    assert not again.experiment.moves, "before the first update the config is changed"
    moved = Plan(plan.experiment, VIEWS).train_to(END)
    assert work(moved, 2).next(100) == Step("train", NEAR, END - NEAR, VIEWS)
    assert work(moved).next(100) == Step("train", 0, NEAR, VIEWS)


def test_a_knob_turned_before_the_first_update_forgets_what_is_trained_without_it() -> None:
    plan = send(NEW.prepare()).train_to(END)
    assert plan.steps == (Step("look", 0, 0, VIEWS),)
    plan = send(plan.landed(0))
    assert len(plan.steps) == 2
    steered = plan.steer({"learning_rate": 0.05})
    assert steered.steps == plan.steps[:1]
    assert steered.experiment.moves[0].update == plan.steps[0].end


def test_other_views_come_with_the_next_step_or_by_a_look() -> None:
    plan = TRAINING.look_at(OTHERS)
    assert [step.views for step in plan.steps] == [VIEWS]
    assert [step.views for step in send(plan).steps] == [VIEWS, OTHERS]
    rested = work(plan.pause())
    assert rested.phase == "paused"
    assert rested.next(NEAR) == Step("look", rested.update, 0, OTHERS)
    lost = send(rested).lost(rested.update)
    assert lost.next(NEAR) == Step("look", rested.update, 0, OTHERS), "a look that was lost"
    assert work(rested).next(NEAR) is None


def test_what_was_kept_is_shown_instead_of_trained() -> None:
    plan = PREPARED.train_to(END)
    assert plan.next(NEAR, 1, kept=20) == Step("replay", 20, 0, VIEWS)
    assert plan.next(NEAR, 1, kept=END + 1).kind == "train"
    shown = work(plan, kept=20)
    assert shown.update == 20
    assert shown.next(NEAR, 1, kept=20) == Step("train", 20, NEAR, VIEWS)
    assert send(plan.sent(plan.next(NEAR, 1, 20))).steps == (Step("replay", 20, 0, VIEWS),)


def test_a_shorter_end_is_not_passed() -> None:
    plan = PREPARED.train_to(3 * PER_EPOCH).extend(2, early_stopping=False)
    assert to_the_end(plan).update == 2 * PER_EPOCH
    assert to_the_end(plan).phase == "finished"
    assert to_the_end(TRAINING.extend(8, early_stopping=False)).update == 2 * END


def test_a_run_that_stopped_goes_on_without_stopping() -> None:
    plan = IN_PHASE["stopped"].train_to(END)
    assert not plan.experiment.early_stopping
    assert work(plan.sent(plan.next(NEAR)).landed(END, has_stopped=True)).phase == "finished"


EVENT = st.one_of(
    st.sampled_from(["play", "epoch", "pause", "send", "send", "land", "land", "fail", "prepare"]),
    st.tuples(st.just("look"), st.sampled_from([VIEWS, OTHERS])),
    st.tuples(st.just("steer"), st.sampled_from([0.01, 0.02, 0.05])),
    st.tuples(st.just("extend"), st.integers(1, 8)),
    st.tuples(st.just("lose"), st.floats(0, 1)),
    st.tuples(st.just("kept"), st.integers(1, END)),
)


def after(plan: Plan, event) -> Plan:
    """A plan after anything that may happen, in any order."""
    name, value = event if isinstance(event, tuple) else (event, None)
    if name == "land":
        return plan.landed(plan.steps[0].end) if plan.steps else plan
    if name in ("send", "kept"):
        step = plan.next(NEAR, 2, value)
        return plan.sent(step) if step else plan
    if name == "epoch":
        return plan.train_to((plan.update // PER_EPOCH + 1) * PER_EPOCH)
    if name == "lose":
        return plan.lost(int(value * plan.update))
    if name == "extend":
        return plan.extend(value, early_stopping=False)
    if name == "steer":
        return plan.steer({"learning_rate": value})
    if name == "look":
        return plan.look_at(value)
    return {"play": EVENTS["play"], "pause": Plan.pause, "prepare": Plan.prepare,
            "fail": EVENTS["failed"]}[name](plan)  # fmt: skip


@given(st.lists(EVENT, max_size=40))
def test_whatever_happens_nothing_is_lost_and_rest_is_reached(events: list) -> None:
    plan = NEW
    trained = 0
    for event in events:
        before = plan
        plan = after(plan, event)
        name = event[0] if isinstance(event, tuple) else event
        # What runs counts: only its landing, a loss or a failure ends it.
        if before.steps and name not in ("land", "lose", "fail"):
            assert plan.steps[0] == before.steps[0]
        # The farthest state is never forgotten, and states follow one another.
        assert plan.reached >= before.reached
        assert plan.update <= plan.reached
        at = plan.update
        for step in plan.steps:
            assert step.begin == at or (step.kind == "replay" and step.begin > at)
            at = step.end
        # Nothing is trained twice but after a loss, and nothing across a move.
        trained = trained if name != "lose" else plan.update
        if name == "land" and before.steps:
            step = before.steps[0]
            trained = step.end if step.kind == "replay" else trained + step.size
        assert trained == plan.update
        for step in plan.steps[:1]:
            assert not any(step.begin < m.update < step.end for m in plan.experiment.moves)
        assert plan.phase in PHASES
    paused = to_the_end(plan.pause())
    assert paused.phase in ("paused", "finished", "stopped", "failed")
    assert paused.update <= max(plan.reached, *(step.end for step in plan.steps[:1]), 0)
    assert paused.update >= min(plan.reached, paused.end) or paused.phase == "failed"
    assert not paused.steps
    finished = to_the_end(plan.train_to(plan.end))
    assert finished.update >= finished.end
    assert finished.phase == "finished"


def test_a_knob_turned_while_what_was_lost_is_trained_again_changes_nothing_of_the_past() -> None:
    plan = work(PREPARED.train_to(END), 4).steer({"learning_rate": 0.05})
    plan = work(plan, 2)
    reached, moves = plan.update, plan.experiment.moves
    assert moves
    lost = work(plan.lost(0), 1)
    assert lost.update < moves[0].update
    steered = lost.steer({"learning_rate": 0.01})
    assert steered.experiment.moves[:-1] == moves
    assert steered.experiment.moves[-1].update == reached


def test_a_finished_run_whose_look_failed_can_be_looked_at_again() -> None:
    failed = IN_PHASE["finished"].look_at(OTHERS).failed("The scheduler is away.")
    assert failed.phase == "failed"
    again = failed.train_to(END)
    assert again.phase == "finished"
    assert again.next(NEAR) == Step("look", END, 0, OTHERS)
