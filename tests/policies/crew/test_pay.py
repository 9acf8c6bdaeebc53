"""Pay rules, each by hand."""

import pytest

from sim.entities import Job, Weather
from sim.policies.crew.pay import PAY, AtNight, Flat, InWeather, Late, OfKind, Peak, Star, Streak
from sim.policies.registry import load_policy
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


def test_streaks_kinds_and_stars() -> None:
    streak = Streak({10: 0.5, 20: 1})
    assert [streak(NOON._replace(delivered=n)) for n in (0, 9, 10, 19, 20, 40)] == [0, 0, 50, 50, 100, 100]
    assert [OfKind({1: 3.0})(NOON._replace(kind=kind)) for kind in (0, 1)] == [0, 300]
    assert [Star(0.3)(NOON._replace(level=level)) for level in range(3)] == pytest.approx([0, 30, 60])


def test_late_orders_cost_their_rider() -> None:
    late = Late(after_min=8, yuan=3)
    assert [late(NOON._replace(late_s=minutes * MINUTE)) for minutes in (0, 8, 8.1)] == [0, 0, -300]


@pytest.mark.parametrize("name", PAY)
def test_every_shipped_rule_can_be_made_by_name_and_pays_a_number(name: str) -> None:
    assert isinstance(load_policy(PAY, name)(NOON), int | float)
