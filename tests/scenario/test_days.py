"""Days: words, dates and ranges, each falling on the right dates; what is no day is refused with the choice."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.scenario.days import NAMES, Dates, Days, falls_on
from sim.scenario.fields import Section

MONDAY = date(2026, 3, 2)


class Plan(Section):
    days: Days = ("all",)
    dates: Dates = ("2026-01-01",)


def on(*days: str, of: date = MONDAY, weekend: bool = False, holiday: bool = False) -> bool:
    return falls_on(days, of, weekend, holiday)


@pytest.mark.parametrize("index", range(7))
def test_a_weekday_goes_by_its_name(index: int) -> None:
    of = MONDAY + timedelta(days=index)
    assert [name for name in NAMES if on(name, of=of)] == [NAMES[index]]


def test_the_type_of_a_day_is_how_people_live_it_not_its_name() -> None:
    assert on("weekday")
    assert not on("weekend")
    assert on("weekend", weekend=True)
    assert not on("weekday", weekend=True)
    assert on("holiday", holiday=True)
    assert not on("holiday")
    assert on("monday", weekend=True, holiday=True)


@given(st.integers(-40, 40), st.integers(0, 20))
def test_a_range_holds_its_ends_and_what_lies_between(offset: int, length: int) -> None:
    first, of = MONDAY, MONDAY + timedelta(days=offset)
    last = first + timedelta(days=length)
    assert on(f"{first} to {last}", of=of) == (0 <= offset <= length)
    assert on(f"{first}", of=of) == (offset == 0)


def test_one_that_fits_is_enough() -> None:
    assert on("friday", "2026-03-02")
    assert on("friday", "all")
    assert not on("friday", "2026-03-03", "holiday")


def test_one_day_may_stand_without_a_list() -> None:
    assert Plan(days="friday").days == ("friday",)  # type: ignore[arg-type]
    assert Plan.model_validate({"days": ["friday", "2026-03-02 to 2026-03-04"]}).days[1].endswith("-04")
    assert Plan.model_validate(Plan(days="weekend").model_dump(mode="json")).days == ("weekend",)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("days", "message"),
    [
        ("fryday", "did you mean 'friday'"),
        ("Friday", "did you mean 'friday'"),
        ("2026-02-30", "expected all, weekday, weekend, holiday, monday"),
        ("2026-03-04 to 2026-03-02", "ends before it begins"),
        ("2026-03-04 to", "a range such as"),
        ("2026-03-04 to friday", "a range such as"),
        ("", "a date such as 2026-03-07"),
        ([], "at least 1"),
        ([5], "string"),
        (None, "tuple"),
    ],
)
def test_what_is_no_day_is_refused(days: Any, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Plan(days=days)


@pytest.mark.parametrize("dates", ["friday", "weekend", "all"])
def test_where_only_dates_will_do_a_word_is_refused(dates: Any) -> None:
    """A holiday on 'holiday' would be a circle."""
    with pytest.raises(ValidationError, match="expected a date such as"):
        Plan(dates=dates)


def test_an_editor_is_told_of_both_forms() -> None:
    schema = Plan.model_json_schema()["properties"]["days"]
    assert {option["type"] for option in schema["anyOf"]} == {"string", "array"}
