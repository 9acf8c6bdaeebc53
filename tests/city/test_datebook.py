"""The datebook: dates, weekends, holidays and working Saturdays."""

from datetime import date

from sim.city.datebook import Datebook
from sim.scenario.demand import Holiday

GOLDEN_WEEK = {"name": "golden week", "dates": ["2026-10-01 to 2026-10-07"]}
MAKE_UP = {"name": "working Saturday", "dates": "2026-10-10", "curve": "weekday"}
BOOK = Datebook(date(2026, 9, 28), tuple(map(Holiday.model_validate, (GOLDEN_WEEK, MAKE_UP))))


def test_days_are_counted_from_the_first() -> None:
    assert [BOOK.date(day).isoformat() for day in (0, 3)] == ["2026-09-28", "2026-10-01"]


def test_a_holiday_is_lived_as_a_weekend_and_a_make_up_day_as_a_weekday() -> None:
    lived = "".join("E" if BOOK.weekend(day) else "w" for day in range(14))
    assert lived == "wwwEEEEEEEwwwE"
    assert "".join("E" if Datebook(BOOK.start).weekend(day) else "w" for day in range(14)) == "wwwwwEEwwwwwEE"


def test_what_falls_on_a_day_goes_by_how_it_is_lived() -> None:
    thursday, saturday = 3, 12
    assert BOOK.falls_on(thursday, ("holiday",))
    assert BOOK.falls_on(thursday, ("weekend",))
    assert BOOK.falls_on(thursday, ("thursday",))
    assert not BOOK.falls_on(thursday, ("weekday", "friday"))
    assert BOOK.falls_on(saturday, ("weekday",))
    assert BOOK.falls_on(saturday, ("2026-10-10",))
    assert not BOOK.falls_on(saturday, ("weekend", "2026-10-09"))


def test_the_first_holiday_that_names_the_date_counts() -> None:
    both = Datebook(BOOK.start, (Holiday.model_validate(MAKE_UP | {"dates": "2026-10-01"}), *BOOK.holidays))
    holiday = both.holiday(3)
    assert holiday is not None
    assert holiday.name == "working Saturday"
    assert not both.weekend(3)
    assert both.holiday(0) is None


def test_people_are_off_on_holidays_but_on_no_weekend_or_make_up_day() -> None:
    assert [day for day in range(14) if BOOK.off(day)] == [3, 4, 5, 6, 7, 8, 9]
