"""Pay rules, each by hand."""

from typing import Any

import pytest

from sim.entities import Job, Weather
from sim.policies.crew.pay import PAY, AtNight, Flat, InWeather, Late, OfKind, Peak, Star, Streak
from sim.policies.registry import PolicyNotFound, load_policy
from sim.units import DAY, HOUR, MINUTE

NOON = Job(12 * HOUR, 2000, 3000, 0, Weather.DRY, 0, 0, 0)


def test_a_rise_holds_from_its_day_on() -> None:
    assert [Flat(0.5, 2)(NOON._replace(now=day * DAY)) for day in (0, 1.9, 2, 9)] == [0, 0, 50, 50]


def test_peaks_are_paid_in_their_hours_on_every_day() -> None:
    peak = Peak(("11:00-13:00",), 1.5)
    at = {hour: peak(NOON._replace(now=3 * DAY + hour * HOUR)) for hour in (10.99, 11, 12.99, 13)}
    assert at == {10.99: 0, 11: 150, 12.99: 150, 13: 0}


@pytest.mark.parametrize(("hour", "paid"), [(21.9, 0), (22, 100), (2, 100), (5.9, 100), (6, 0), (12, 0)])
def test_nights_go_over_midnight(hour: float, paid: float) -> None:
    assert AtNight(yuan=1)(NOON._replace(now=hour * HOUR)) == paid
    assert AtNight("00:00", "24:00", yuan=1)(NOON._replace(now=hour * HOUR)) == 100


def test_harsh_weather_is_paid() -> None:
    assert [InWeather(2)(NOON._replace(weather=weather)) for weather in Weather] == [0, 200, 200, 200, 200]


def test_streaks_and_stars() -> None:
    streak = Streak({"10": 0.5, "20": 1})
    assert [streak(NOON._replace(delivered=n)) for n in (0, 9, 10, 19, 20, 40)] == [0, 0, 50, 50, 100, 100]
    assert [Star(0.3)(NOON._replace(level=level)) for level in range(3)] == pytest.approx([0, 30, 60])


def test_kinds_are_named_as_in_the_scenario() -> None:
    rule = OfKind({"medicine": 3.0}).among(("takeaway", "medicine"))
    assert [rule(NOON._replace(kind=kind)) for kind in (0, 1)] == [0, 300]
    assert OfKind({"medicine": 3.0})(NOON) == 0, "before it is told the kinds there are none"


@pytest.mark.parametrize(
    ("kinds", "hint"),
    [
        (("takeaway", "medicine"), r" \(did you mean 'medicine'"),
        (("a", "b"), "; there are: a, b"),
        ((), "; there are: none"),
    ],
)
def test_an_unknown_kind_is_told(kinds: tuple[str, ...], hint: str) -> None:
    with pytest.raises(ValueError, match=f"unknown kind 'medicin'{hint}"):
        OfKind({"medicin": 3.0}).among(kinds)


@pytest.mark.parametrize(("hour", "paid"), [(21.9, 0), (22, 150), (25, 150), (26, 0), (12, 0)])
def test_peaks_go_over_midnight_too(hour: float, paid: float) -> None:
    assert Peak(("22:00-02:00",))(NOON._replace(now=hour * HOUR)) == paid


@pytest.mark.parametrize(
    ("name", "params", "found"),
    [
        ("flat", {"yuan": float("nan")}, "yuan must be"),
        ("flat", {"from_day": -1}, "from_day must be"),
        ("peak", {"hours": ["25:00-26:00"]}, "are no hours such as"),
        ("peak", {"yuan": -1}, "yuan must be 0 to"),
        ("weather", {"yuan": -1}, "yuan must be 0 to"),
        ("night", {"begin": "06:00"}, "are no hours such as"),
        ("kind", {"yuan": {"medicine": -1}}, "yuan.medicine must be 0 to"),
        ("streak", {"yuan": {"ten": 1}}, "numbers of orders such as '10', got 'ten'"),
        ("streak", {"yuan": {"10": -1}}, "yuan.10 must be 0 to"),
        ("star", {"yuan_per_level": -1}, "yuan_per_level must be 0 to"),
        ("late", {"yuan": -3}, "yuan must be 0 to"),
        ("late", {"after_min": -3}, "after_min must be 0 to"),
    ],
)
def test_what_makes_no_sense_is_refused_before_the_run(name: str, params: dict[str, Any], found: str) -> None:
    with pytest.raises(PolicyNotFound, match=found):
        load_policy(PAY, name, params)


def test_late_orders_cost_their_rider() -> None:
    late = Late(after_min=8, yuan=3)
    assert [late(NOON._replace(late_s=minutes * MINUTE)) for minutes in (0, 8, 8.1)] == [0, 0, -300]


@pytest.mark.parametrize("name", PAY)
def test_every_shipped_rule_can_be_made_by_name_and_pays_a_number(name: str) -> None:
    assert isinstance(load_policy(PAY, name)(NOON), int | float)
