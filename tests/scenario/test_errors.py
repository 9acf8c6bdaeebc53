"""Every problem is one line: where, which key, what was expected and what came."""

import pickle
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Annotated, Any, Literal, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PositiveInt, ValidationError, model_validator

from sim.scenario.errors import ScenarioError, describe, shown


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Grid(Part):
    kind: Literal["grid"] = "grid"
    rows: int = Field(default=3, ge=1, le=50)
    grid: float = 1.0


class Map(Part):
    kind: Literal["map", "osm"]
    file: str
    layers: dict[str, Grid] = {}


City = Annotated[Grid | Map, Field(discriminator="kind")]


class Vehicle(Enum):
    BIKE = "bike"
    CAR = "car"


def even(value: int) -> int:
    if value % 2:
        raise ValueError("an even number, please;\nodd ones do not pair")
    return value


class Shift(Part):
    start: str
    end: str = Field(default="20:00", pattern=r"^\d\d:\d\d$")
    riders: Annotated[int, Field(ge=0)] = 1

    @model_validator(mode="after")
    def ordered(self) -> "Shift":
        if self.end < self.start:
            raise ValueError(f"ends at {self.end} before it starts at {self.start}")
        return self


class Model(Part):
    count: int = Field(default=1, ge=1)
    share: float = Field(default=0.5, gt=0, lt=1)
    maybe: int | None = Field(default=None, ge=0)
    old_maybe: Optional[Annotated[float, Field(le=9)]] = None  # noqa: UP045
    sizes: list[Annotated[int, Field(ge=1, le=9)]] = []
    pair: tuple[int, PositiveInt] = (1, 1)
    many: tuple[PositiveInt, ...] = ()
    weather: Literal["rain", "sun"] = "sun"
    vehicle: Vehicle = Vehicle.BIKE
    city: City = Grid()
    cities: list[City] = []
    by_name: Mapping[str, City] | None = None
    shifts: Sequence[Shift] = ()
    either: int | list[int] = 1
    loose: Shift | Grid | None = None
    number: Annotated[int, AfterValidator(even)] = 2
    flag: bool = False
    text: str = Field(default="", max_length=5)
    keys: dict[Annotated[str, Field(pattern="^k")], float] = {}
    real: float = Field(default=1.0, allow_inf_nan=False)
    renamed: int = Field(default=1, alias="from")


PLACES = {
    (): "s.yaml:1:1",
    ("city",): "s.yaml:4:1",
    ("city", "kind"): "s.yaml:5:3",
    ("shifts",): "s.yaml:7:1",
    ("shifts", 0): "s.yaml:8:3",
    ("shifts", 0, "start"): "s.yaml:8:5",
    ("count",): "--set count=-3",
}

CASES: list[tuple[dict[str, Any], str]] = [
    ({"count": -3}, "--set count=-3: count: expected an integer >= 1, got -3"),
    ({"count": "x"}, "--set count=-3: count: expected an integer >= 1, got 'x'"),
    ({"count": 1.5}, "--set count=-3: count: expected an integer >= 1, got 1.5"),
    ({"count": None}, "--set count=-3: count: expected an integer >= 1, got null"),
    ({"share": 1}, "s.yaml:1:1: share: expected a number > 0 and < 1, got 1"),
    ({"share": [1, True]}, "s.yaml:1:1: share: expected a number > 0 and < 1, got [1, True]"),
    ({"maybe": -1}, "s.yaml:1:1: maybe: expected an integer >= 0, got -1"),
    ({"old_maybe": 10}, "s.yaml:1:1: old_maybe: expected a number <= 9, got 10"),
    ({"sizes": [1, 0]}, "s.yaml:1:1: sizes.1: expected an integer >= 1 and <= 9, got 0"),
    ({"sizes": 4}, "s.yaml:1:1: sizes: expected a list, got 4"),
    ({"pair": [1, 0]}, "s.yaml:1:1: pair.1: expected an integer > 0, got 0"),
    ({"many": [1, 0]}, "s.yaml:1:1: many.1: expected an integer > 0, got 0"),
    ({"weather": "rian"}, "s.yaml:1:1: weather: expected 'rain' or 'sun', got 'rian' (did you mean 'rain'?)"),
    ({"weather": 4}, "s.yaml:1:1: weather: expected 'rain' or 'sun', got 4"),
    ({"vehicle": "bikes"}, "s.yaml:1:1: vehicle: expected 'bike' or 'car', got 'bikes' (did you mean 'bike'?)"),
    ({"flag": "maybe"}, "s.yaml:1:1: flag: expected true or false, got 'maybe'"),
    ({"text": 12}, "s.yaml:1:1: text: expected text, got 12"),
    ({"text": True}, "s.yaml:1:1: text: expected text, got true"),
    ({"text": "abcdef"}, "s.yaml:1:1: text: string should have at most 5 characters, got 'abcdef'"),
    ({"real": float("nan")}, "s.yaml:1:1: real: expected a finite number, got nan"),
    ({"number": 3}, "s.yaml:1:1: number: an even number, please; odd ones do not pair"),
    ({"either": "x"}, "s.yaml:1:1: either: expected an integer or a list, got 'x'"),
    ({"wether": 1}, "s.yaml:1:1: wether: unknown key (did you mean 'weather'?)"),
    ({"extend": "a"}, "s.yaml:1:1: extend: unknown key (did you mean 'extends'?)"),
    ({"zzz": 1}, "s.yaml:1:1: zzz: unknown key"),
    ({"renamed": 1}, "s.yaml:1:1: renamed: unknown key"),
    ({"form": 1}, "s.yaml:1:1: form: unknown key (did you mean 'from'?)"),
    ({"from": "x"}, "s.yaml:1:1: from: expected an integer, got 'x'"),
    ({"keys": {"a": 1}}, "s.yaml:1:1: keys.a: string should match pattern '^k', got 'a'"),
    ({"keys": {"k": "x"}}, "s.yaml:1:1: keys.k: expected a number, got 'x'"),
    ({"city": {"kind": "grid", "rows": 0}}, "s.yaml:4:1: city.rows: expected an integer >= 1 and <= 50, got 0"),
    ({"city": {"kind": "grid", "row": 1}}, "s.yaml:4:1: city.row: unknown key (did you mean 'rows'?)"),
    ({"city": {"kind": "grid", "grid": "x"}}, "s.yaml:4:1: city.grid: expected a number, got 'x'"),
    (
        {"city": {"kind": "gird"}},
        "s.yaml:5:3: city.kind: expected 'grid', 'map' or 'osm', got 'gird' (did you mean 'grid'?)",
    ),
    ({"city": {"kind": [1]}}, "s.yaml:5:3: city.kind: expected 'grid', 'map' or 'osm', got [1]"),
    ({"city": {"kind": None}}, "s.yaml:5:3: city.kind: expected 'grid', 'map' or 'osm', got null"),
    ({"city": {"rows": 1}}, "s.yaml:5:3: city.kind: missing key, expected 'grid', 'map' or 'osm'"),
    ({"city": 3}, "s.yaml:4:1: city: expected a mapping, got 3"),
    ({"city": {"kind": "osm"}}, "s.yaml:4:1: city.file: missing key"),
    (
        {"city": {"kind": "osm", "file": "f", "layers": {"osm": {"rowz": 1}}}},
        "s.yaml:4:1: city.layers.osm.rowz: unknown key (did you mean 'rows'?)",
    ),
    (
        {"cities": [{"kind": "grid", "rows": 51}]},
        "s.yaml:1:1: cities.0.rows: expected an integer >= 1 and <= 50, got 51",
    ),
    (
        {"by_name": {"grid": {"kind": "grid", "row": 1}}},
        "s.yaml:1:1: by_name.grid.row: unknown key (did you mean 'rows'?)",
    ),
    ({"shifts": [{"start": "09:00"}, {}]}, "s.yaml:7:1: shifts.1.start: missing key"),
    ({"shifts": [{"start": 5}]}, "s.yaml:8:5: shifts.0.start: expected text, got 5"),
    ({"shifts": [{"start": "9", "strat": 5}]}, "s.yaml:8:3: shifts.0.strat: unknown key (did you mean 'start'?)"),
    ({"shifts": [{"start": "21:00"}]}, "s.yaml:8:3: shifts.0: ends at 20:00 before it starts at 21:00"),
    ({"shifts": [3]}, "s.yaml:8:3: shifts.0: expected a mapping, got 3"),
    ({"count": "\x1b[31m\n"}, "--set count=-3: count: expected an integer >= 1, got '\\x1b[31m\\n'"),
    ({"a\nb\x1b": 1}, "s.yaml:1:1: a b\\x1b: unknown key"),
]


def lines_for(data: Any, model: type[BaseModel] = Model, places: Any = PLACES) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(data)
    return str(ScenarioError(*describe(caught.value, model, places))).split("\n")


@pytest.mark.parametrize(("data", "line"), CASES)
def test_one_line_says_it_all(data: dict[str, Any], line: str) -> None:
    assert lines_for(data) == [line]


def test_members_of_a_plain_union_are_walked_too() -> None:
    lines = lines_for({"loose": {"kind": "grid", "start": 7}})
    assert "s.yaml:1:1: loose.start: expected text, got 7" in lines
    assert "s.yaml:1:1: loose.start: unknown key" in lines


def test_a_problem_of_the_whole_file_has_no_key() -> None:
    class Whole(Part):
        a: int = 1

        @model_validator(mode="after")
        def never(self) -> "Whole":
            raise ValueError("nothing fits")

    assert lines_for({}, Whole) == ["s.yaml:1:1: nothing fits"]
    assert lines_for([], Whole) == ["s.yaml:1:1: expected a mapping, got []"]


def test_an_assertion_without_words_falls_back() -> None:
    class Silent(Part):
        a: int = 1

        @model_validator(mode="after")
        def never(self) -> "Silent":
            raise ValueError

    assert lines_for({}, Silent)[0].startswith("s.yaml:1:1: value error, ")


def test_models_in_models_recurse() -> None:
    assert lines_for({"next": {"next": {"vale": 1}}}, Chain) == [
        "s.yaml:1:1: next.next.vale: unknown key (did you mean 'value'?)"
    ]


class Chain(Part):
    value: int = 0
    next: "Chain | None" = None


def test_ten_problems_then_a_count() -> None:
    lines = lines_for({"sizes": [0] * 15})
    assert len(lines) == 11
    assert lines[9] == "s.yaml:1:1: sizes.9: expected an integer >= 1 and <= 9, got 0"
    assert lines[10] == "... and 5 more"
    assert len(lines_for({"sizes": [0] * 10})) == 10


def test_thousands_of_unknown_keys_are_quick() -> None:
    assert lines_for({f"weather{i}": 1 for i in range(20_000)})[-1] == "... and 19990 more"


def test_long_keys_and_values_are_cut() -> None:
    (line,) = lines_for({"x" * 10_000: 1})
    assert line == f"s.yaml:1:1: {'x' * 57}...: unknown key"
    (line,) = lines_for({"weather": "y" * 10_000})
    assert line == f"s.yaml:1:1: weather: expected 'rain' or 'sun', got '{'y' * 56}..."


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (None, "null"),
        (1, "1"),
        (0, "0"),
        ("12:30", "'12:30'"),
        ({"a": 1}, "{'a': 1}"),
    ],
)
def test_values_are_shown(value: object, text: str) -> None:
    assert shown(value) == text


@given(st.text() | st.lists(st.integers()))
def test_shown_values_are_short(value: object) -> None:
    assert len(shown(value)) <= 60


def test_the_error_is_a_value_error_of_lines() -> None:
    error = ScenarioError("a.yaml:1:1: x: bad", "b\nc\td\u2028e\x9b中")
    assert isinstance(error, ValueError)
    assert str(error) == "a.yaml:1:1: x: bad\nb c\\td e\\x9b中"
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy)) == (ScenarioError, str(error))


KEYS: Any = st.sampled_from([*Model.model_fields, *Grid.model_fields, *Shift.model_fields])
JUNK: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["grid", "map"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3) | KEYS, inner, max_size=3),
)


@given(st.dictionaries(KEYS, JUNK, min_size=1, max_size=6))
def test_any_junk_is_described_in_single_lines(data: dict[str, Any]) -> None:
    try:
        Model.model_validate(data)
    except ValidationError as error:
        lines = describe(error, Model, {(): "s.yaml:1:1"})
        assert 1 <= len(lines) <= 11
        assert str(ScenarioError(*lines)).count("\n") == len(lines) - 1
