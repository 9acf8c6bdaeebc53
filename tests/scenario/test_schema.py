"""Every field of a scenario: its range, unit and sentence; frozen blocks, defaults that fit together."""

import math
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from sim.scenario.city import (
    District,
    Mdrp,
    MerchantClass,
    Merchants,
    Plane,
    Population,
    Riders,
    Segment,
    ShiftTemplate,
    TravelSpeed,
)
from sim.scenario.curves import CAMPUS_MEALS, HOME_MEALS, OFFICE_MEALS
from sim.scenario.demand import Burst, BurstPlace, Demand, Holiday, Rule
from sim.scenario.fields import Section, hourly, quantity
from sim.scenario.schema import Calendar, Dispatch, DoorTimes, Pay, Platform, Scenario
from sim.units import seconds

BLOCKS: dict[type[Section], dict[str, Any]] = {
    Scenario: {},
    Calendar: {},
    District: {},
    Plane: {},
    TravelSpeed: {},
    Population: {},
    Segment: {"share": 1},
    Demand: {},
    Rule: {"factor": 1},
    Holiday: {"name": "new year", "dates": "2026-01-01"},
    Burst: {"name": "concert", "place": {"zone": "A1"}, "at": "00:00", "orders": 1},
    BurstPlace: {"zone": "A1"},
    Merchants: {},
    MerchantClass: {"count": 1},
    Riders: {},
    ShiftTemplate: {"start": "10:00", "hours": 4, "share": 1},
    DoorTimes: {},
    Platform: {},
    Pay: {},
    Dispatch: {},
}
"""Blocks with numbers, and what must be given to make one."""


def limits(field: FieldInfo) -> tuple[float, float]:
    low = next(rule.ge for rule in field.metadata if hasattr(rule, "ge"))
    high = next(rule.le for rule in field.metadata if hasattr(rule, "le"))
    return low, high


def numbers() -> Iterator[Any]:
    for block in BLOCKS:
        for name, field in block.model_fields.items():
            if field.annotation in (int, float):
                yield pytest.param(block, name, field, id=f"{block.__name__}.{name}")


def build(block: type[Section], **values: Any) -> Section:
    return block(**(BLOCKS[block] | values))


@pytest.mark.parametrize(("block", "name", "field"), list(numbers()))
def test_a_number_has_a_unit_a_source_a_range_and_a_sentence(block: type[Section], name: str, field: FieldInfo) -> None:
    extra = field.json_schema_extra
    assert isinstance(extra, dict)
    assert extra["unit"]
    assert extra["source"]
    assert field.description
    assert field.description.endswith(".")
    low, high = limits(field)
    assert low < high
    assert math.isfinite(high - low)
    assert low >= 0, "no number of a scenario may be negative"


@pytest.mark.parametrize(("block", "name", "field"), list(numbers()))
def test_the_ends_of_a_range_are_allowed_and_nothing_beyond(block: type[Section], name: str, field: FieldInfo) -> None:
    low, high = limits(field)
    for end in (low, high):
        assert getattr(build(block, **{name: end}), name) == end
    step: float = 1 if field.annotation is int else max(abs(high), 1) * 1e-9
    for value in (low - step, high + step, -high - 1, math.nan, math.inf, -math.inf, "many", None, [1]):
        with pytest.raises(ValidationError):
            build(block, **{name: value})


@pytest.mark.parametrize(("block", "name", "field"), list(numbers()))
def test_a_default_lies_in_its_range(block: type[Section], name: str, field: FieldInfo) -> None:
    if field.is_required():
        assert name in BLOCKS[block]
        with pytest.raises(ValidationError, match="Field required"):
            block(**{key: value for key, value in BLOCKS[block].items() if key != name})
        return
    low, high = limits(field)
    assert low <= field.default <= high
    assert build(block, **{name: field.default}) == build(block)


@pytest.mark.parametrize("block", [*BLOCKS, Mdrp], ids=lambda block: block.__name__)
def test_every_field_and_block_says_what_it_is(block: type[Section]) -> None:
    assert block.__doc__
    for name, field in block.model_fields.items():
        assert field.description, name
        assert field.description[0].isupper(), name
        assert field.description.endswith("."), name


@pytest.mark.parametrize("block", [*BLOCKS], ids=lambda block: block.__name__)
def test_a_block_is_frozen_and_knows_its_keys(block: type[Section]) -> None:
    made = build(block)
    with pytest.raises(ValidationError, match="frozen"):
        setattr(made, next(iter(block.model_fields)), 1)
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        build(block, colour="red")
    assert build(block) == made
    assert block.model_validate(made.model_dump(mode="json")) == made


def test_quantity_declares_bounds_unit_and_source() -> None:
    class Oven(Section):
        heat: float = quantity(..., "degrees", 0, 300, "the manual")
        """How hot it is."""

    assert issubclass(Oven, BaseModel)
    schema = Oven.model_json_schema()["properties"]["heat"]
    assert (schema["minimum"], schema["maximum"], schema["unit"], schema["source"]) == (0, 300, "degrees", "the manual")
    assert schema["description"] == "How hot it is."
    assert quantity(3, "1", 0, 5).json_schema_extra["source"] == "assumption"


# ---------------------------------------------------------------- curves and clocks


@pytest.mark.parametrize("curve", [HOME_MEALS, CAMPUS_MEALS, OFFICE_MEALS])
def test_a_default_curve_is_a_day_with_two_meals(curve: tuple[float, ...]) -> None:
    assert hourly(list(curve)) == list(curve)
    assert len(curve) == 24
    assert 85 < sum(curve) < 115  # per cent of a day
    lunch, supper, night = (sum(curve[a:b]) for a, b in ((11, 14), (17, 20), (0, 6)))
    assert lunch > 15
    assert supper > 15
    assert night < 2


@pytest.mark.parametrize("weights", [[0.0] * 24, [1.0] * 23 + [-1e-9], [-1.0] * 24])
def test_weights_that_make_no_day_are_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="from 0 to 1,000,000, not all zero"):
        hourly(weights)
    with pytest.raises(ValidationError, match="from 0 to 1,000,000, not all zero"):
        Segment(share=1, weekday=weights)


@pytest.mark.parametrize("length", [0, 1, 23, 25, 48])
def test_a_day_has_24_hours(length: int) -> None:
    with pytest.raises(ValidationError, match="24"):
        Segment(share=1, weekend=[1.0] * length)


@pytest.mark.parametrize("weight", [math.nan, math.inf, "much", None])
def test_a_weight_is_a_finite_number(weight: Any) -> None:
    with pytest.raises(ValidationError):
        Segment(share=1, weekday=[weight] + [1.0] * 23)


@given(st.integers(0, 47), st.integers(0, 59))
def test_any_minute_of_two_days_is_a_clock_time(hour: int, minute: int) -> None:
    shift = ShiftTemplate(start=f"{hour:02d}:{minute:02d}", hours=1, share=1)
    assert seconds(shift.start) == hour * 3600 + minute * 60


@pytest.mark.parametrize(
    "clock", ["", "10", "10:0", "10:60", "49:00", "-1:00", "10h30", "1000", "10:00 ", "noon", 10, 10.5]
)
def test_what_is_no_clock_time_is_refused(clock: Any) -> None:
    with pytest.raises(ValidationError):
        ShiftTemplate(start=clock, hours=1, share=1)


# ---------------------------------------------------------------- what must fit together


@pytest.mark.parametrize(
    ("opens", "closes", "fits"),
    [
        ("07:00", "22:30", True),
        ("10:00", "26:00", True),
        ("00:00", "48:00", True),
        ("10:00", "10:00:01", True),
        ("10:00", "10:00", False),
        ("10:00", "09:59", False),
        ("22:00", "02:00", False),  # after midnight is 26:00
    ],
)
def test_a_merchant_closes_after_it_opens(opens: str, closes: str, fits: bool) -> None:
    if fits:
        assert MerchantClass(count=1, opens=opens, closes=closes).closes == closes
    else:
        with pytest.raises(ValidationError, match="is not after opens"):
            MerchantClass(count=1, opens=opens, closes=closes)


@pytest.mark.parametrize(("shares", "fits"), [([1], True), ([0.1] * 10, True), ([0.5, 0.4], False), ([1, 1], False)])
def test_shares_of_segments_sum_to_one(shares: list[float], fits: bool) -> None:
    segments = {f"s{i}": {"share": share} for i, share in enumerate(shares)}
    if fits:
        assert len(Population.model_validate({"segments": segments}).segments) == len(shares)
    else:
        with pytest.raises(ValidationError, match="expected 1"):
            Population.model_validate({"segments": segments})


@pytest.mark.parametrize(
    ("block", "field"), [(Population, "segments"), (Merchants, "classes"), (Riders, "shifts")], ids=str
)
def test_a_table_of_names_is_never_empty(block: type[Section], field: str) -> None:
    with pytest.raises(ValidationError, match="at least 1"):
        block.model_validate({field: {}})
    with pytest.raises(ValidationError):
        block.model_validate({field: {"a": None}})


@pytest.mark.parametrize(
    ("city", "kind"),
    [({"kind": "district"}, District), ({"kind": "plane"}, Plane), ({"kind": "mdrp", "dir": "somewhere"}, Mdrp)],
)
def test_the_kind_of_city_decides_its_keys(city: dict[str, Any], kind: type[Section]) -> None:
    assert type(Scenario.model_validate({"city": city}).city) is kind
    with pytest.raises(ValidationError):
        Scenario.model_validate({"city": city | {"colour": "red"}})


@pytest.mark.parametrize(
    "city", [{}, {"kind": "globe"}, {"kind": None}, {"kind": "mdrp"}, {"kind": "plane", "bridges": 2}]
)
def test_a_city_of_another_kind_is_refused(city: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Scenario.model_validate({"city": city})


@pytest.mark.parametrize("name", ["campus_lunch", "A-1.b c", "校园", "x" * 80])
def test_a_name_fits_into_a_path(name: str) -> None:
    assert Scenario(name=name).name == name


@pytest.mark.parametrize("name", ["", "a/b", "a\\b", "a\nb", "a:b", "[a]", "x" * 81, "*"])
def test_a_name_that_is_no_file_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        Scenario(name=name)


def test_the_default_scenario_is_a_monday_in_a_district() -> None:
    scenario = Scenario()
    assert scenario.calendar.start == date(2026, 3, 2)
    assert scenario.calendar.start.weekday() == 0
    assert isinstance(scenario.city, District)
    assert sum(segment.share for segment in scenario.population.segments.values()) == pytest.approx(1)
    assert sum(shift.share for shift in scenario.riders.shifts.values()) == pytest.approx(1)
    assert set(scenario.population.segments) == {"student", "office", "resident", "parent", "elder"}
    assert scenario.dispatch.policy == "matching"


def test_defaults_are_not_shared_between_scenarios() -> None:
    """A list or mapping that one scenario holds is its own."""
    one, two = Scenario(), Scenario()
    assert one.population.segments is not two.population.segments
    student, again = one.population.segments["student"], two.population.segments["student"]
    assert student.weekday == again.weekday == list(CAMPUS_MEALS)
    assert student.weekday is not again.weekday


def test_a_benchmark_city_names_its_folder() -> None:
    with pytest.raises(ValidationError, match="dir"):
        Mdrp.model_validate({"kind": "mdrp"})
    assert Mdrp(dir="days/1").dir == "days/1"
