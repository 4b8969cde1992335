"""One declaration of a knob: what it refuses, and the way into a text and back."""

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.knobs import MAX_LAYERS, check, is_active, param, params, parse, redeclare, to_text


@dataclasses.dataclass(frozen=True, kw_only=True)
class Toy:
    """A knob of every kind."""

    count: int = param(3, label="Count", help="A whole number.", limits=(1, 100))
    rate: float = param(0.5, label="Rate", help="A number.", limits=(0.0, 1e6), live=True)
    kind: str = param("red", label="Kind", help="A choice.", options=("red", "blue"))
    flag: bool = param(False, label="Flag", help="On or off.", options=(False, True))
    hidden_units: tuple[int, ...] = param((5,), label="Layers", help="Widths.", limits=(1, 50))
    more_hidden_units: tuple[int, ...] | None = param(
        None,
        label="More layers",
        help="Widths or none of its own.",
        limits=(1, 50),
        active_when=lambda toy: toy.flag,
    )

    def __post_init__(self) -> None:
        check(self)


widths = st.lists(st.integers(1, 50), max_size=MAX_LAYERS).map(tuple)
VALUES = {
    "count": st.integers(1, 100),
    "rate": st.floats(0, 1e6),
    "kind": st.sampled_from(["red", "blue"]),
    "flag": st.booleans(),
    "hidden_units": widths,
    "more_hidden_units": st.none() | widths,
}
NOT_NUMBERS = ("3", None, [3], (3,), True, math.nan, math.inf, -math.inf)
BAD = {
    "count": (*NOT_NUMBERS, 0, 101, -5, 3.0, 10**9, 10**400),
    "rate": (*NOT_NUMBERS, -0.1, 1.1e6, 10**9, 10**400, -(10**400)),
    "kind": ("green", "", None, 3, True, ("red",)),
    "flag": (0, 1, "on", None, 0.0),
    "hidden_units": (None, 5, "5", {5}, (1,) * (MAX_LAYERS + 1)),
    "more_hidden_units": (5, "mirror", (1,) * (MAX_LAYERS + 1)),
}
BAD_WIDTHS = (0, -1, 51, 10**9, 2.0, True, "5", None, math.nan, math.inf, [5])


@pytest.mark.parametrize(
    ("name", "value"), [(n, v) for n, bad in BAD.items() for v in bad], ids=lambda v: str(v)[:20]
)
def test_impossible_values_are_refused_by_a_sentence(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=rf"\b{name} must be .*\.$") as refusal:
        Toy(**{name: value})
    assert f"received {value!r}" in str(refusal.value)


@pytest.mark.parametrize("name", ["hidden_units", "more_hidden_units"])
@pytest.mark.parametrize("width", BAD_WIDTHS)
def test_impossible_widths_are_refused_by_a_sentence(name: str, width: object) -> None:
    with pytest.raises(ValueError, match=rf"\b{name} must be .*\.$") as refusal:
        Toy(**{name: (7, width)})
    assert f"received {width!r}" in str(refusal.value)


def test_whole_numbers_serve_as_numbers_and_lists_as_tuples() -> None:
    toy = Toy(rate=2, hidden_units=[4, 3], more_hidden_units=[])
    assert type(toy.rate) is float
    assert (toy.rate, toy.hidden_units, toy.more_hidden_units) == (2.0, (4, 3), ())
    assert toy == Toy(rate=2.0, hidden_units=(4, 3), more_hidden_units=())
    assert hash(toy)


def test_limits_belong_to_what_is_allowed() -> None:
    assert (Toy(count=1).count, Toy(count=100).count) == (1, 100)
    assert Toy(hidden_units=(1, 50)).hidden_units == (1, 50)


@pytest.mark.parametrize("name", VALUES)
@given(data=st.data())
def test_every_value_survives_the_way_through_a_text(name: str, data: st.DataObject) -> None:
    value = data.draw(VALUES[name])
    back = parse(Toy, name, to_text(value))
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize("name", VALUES)
@given(text=st.text() | st.text("0123456789-,.einfnax_ ", max_size=30))
def test_any_text_is_a_possible_value_or_refused_by_a_sentence(name: str, text: str) -> None:
    try:
        value = parse(Toy, name, text)
    except ValueError as error:
        assert name in str(error)
    else:
        assert getattr(Toy(**{name: value}), name) == value


@pytest.mark.parametrize(
    "text",
    ["1" + "0" * 400, "9" * 100_000, "-" * 100_000, "1-" * 50_000],
    ids=["huge", "nines", "dashes", "layers"],
)
@pytest.mark.parametrize("name", VALUES)
def test_long_texts_are_refused_briefly(name: str, text: str) -> None:
    with pytest.raises(ValueError, match=name) as refusal:
        parse(Toy, name, text)
    assert len(str(refusal.value)) < 1000


def test_a_knob_can_rest_under_another() -> None:
    assert is_active(Toy(flag=True), "more_hidden_units")
    assert not is_active(Toy(flag=False), "more_hidden_units")
    assert is_active(Toy(), "count")


def test_a_redeclared_knob_keeps_all_but_what_is_changed() -> None:
    @dataclasses.dataclass(frozen=True, kw_only=True)
    class Other(Toy):
        rate: float = redeclare(Toy, "rate", 0.25, limits=(0.0, 1.0))

    assert Other().rate == 0.25
    assert params(Other)["rate"] == dataclasses.replace(params(Toy)["rate"], limits=(0.0, 1.0))
    assert list(params(Other)) == list(params(Toy))
    with pytest.raises(ValueError, match="rate"):
        Other(rate=2.0)
