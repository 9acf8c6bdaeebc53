"""Weather, closed roads and outages change a run from the second in which they begin."""

from dataclasses import replace

import numpy as np
import pytest

from sim.city.model import City, Conditions, Day, Notice
from sim.city.travel import StraightTravel
from sim.engine.log import Log
from sim.engine.simulate import simulate
from sim.entities import Weather
from sim.events import Disrupted, Kind, Reason
from sim.streams import Streams
from tests.engine.toy import Scripted, drop, give, pick, play, rows, scripted, toy_city, toy_scenario, want

RIDE = give(0, pick(0), drop(0))


def under(city: City, **columns: object) -> City:
    """The city when, from 150 s on, other conditions hold."""
    calm = Conditions.calm()
    both = {"t": np.array([0.0, 150.0]), "closed": (frozenset(), frozenset())}
    pieces = {name: np.repeat(getattr(calm, name), 2, axis=0) for name in calm.__slots__ if name not in both}
    conditions = Conditions(**(pieces | both | columns))  # type: ignore[arg-type]

    def day(number: int, streams: Streams) -> Day:
        return replace(city.day(number, streams), conditions=conditions)

    return replace(city, day=day)


def when(events: np.ndarray, kind: Kind) -> list[float]:
    return [row["t"] for row in rows(events, kind)]


def test_a_change_is_one_row_with_pace_and_weather() -> None:
    city = under(toy_city([want(100)]), pace=np.array([1.0, 1.25]), weather=np.array([0, Weather.RAIN]))
    changes = rows(play(city, scripted()), Kind.CONDITIONS)
    assert [(row["t"], row["amount"], row["detail"]) for row in changes] == [(0, 1000, 0), (150, 1250, Weather.RAIN)]


def test_calm_days_leave_no_row() -> None:
    assert not len(rows(play(toy_city([want(100)]), scripted()), Kind.CONDITIONS))


NOTICES = (
    Notice(0.0, Disrupted.STORM, True),
    Notice(150.0, Disrupted.STORM, False),
    Notice(300.0, Disrupted.OUTAGE, True),
)


def test_each_disruption_is_noted_when_it_begins_and_when_it_is_over() -> None:
    log = play(under(toy_city([want(100)]), notices=NOTICES), scripted())
    noted = [(row["t"], row["amount"], row["detail"]) for row in rows(log, Kind.DISRUPTION)]
    assert noted == [(0, Disrupted.STORM, 1), (150, Disrupted.STORM, 0), (300, Disrupted.OUTAGE, 1)]
    assert not len(rows(play(under(toy_city([want(100)])), scripted()), Kind.DISRUPTION))


@pytest.mark.parametrize("until", [100.0, 150.0, 200.0])
def test_a_run_that_goes_on_notes_no_disruption_twice(until: float) -> None:
    city, scenario = under(toy_city([want(100)]), notices=NOTICES), toy_scenario()
    whole, first, second = Log(), Log(), Log()
    simulate(scenario, city, Scripted({}, []), whole)
    outcome = simulate(scenario, city, Scripted({}, []), first, until=until)
    simulate(scenario, city, Scripted({}, []), second, world=outcome.world)
    assert np.array_equal(np.concatenate([first.events(), second.events()]), whole.events())
    assert len(rows(whole.events(), Kind.DISRUPTION)) == 3


def test_a_leg_begun_in_the_rain_takes_longer() -> None:
    wishes = [want(100)]
    dry = play(toy_city(wishes), scripted({2: lambda wave: [RIDE]}))
    wet = play(under(toy_city(wishes), pace=np.array([1.0, 1.5])), scripted({2: lambda wave: [RIDE]}))
    legs = [np.diff([when(log, Kind.DEPARTED)[1], when(log, Kind.ARRIVED)[1]])[0] for log in (dry, wet)]
    assert legs[1] == pytest.approx(1.5 * legs[0])


def test_time_at_the_door_grows() -> None:
    wishes = [want(100)]
    dry = play(toy_city(wishes), scripted({2: lambda wave: [RIDE]}))
    wet = play(under(toy_city(wishes), service=np.array([1.0, 2.0])), scripted({2: lambda wave: [RIDE]}))
    doors = [when(log, Kind.DELIVERED)[0] - when(log, Kind.ARRIVED)[1] for log in (dry, wet)]
    assert doors[1] == pytest.approx(2 * doors[0])


def test_the_platform_reckons_with_the_expected_pace_only() -> None:
    policy = scripted()
    city = under(toy_city([want(100)]), pace=np.array([1.0, 3.0]), expected_pace=np.array([1.0, 1.1]))
    play(city, policy)
    before, after = (wave.travel.time(0, 3) for wave in policy.seen[:3:2])
    assert after == pytest.approx(1.1 * before)
    assert policy.seen[2].travel.times(np.array([0]), np.array([3]))[0] == pytest.approx(after)
    assert policy.seen[2].travel.distance(0, 3) == policy.seen[0].travel.distance(0, 3)


def test_closed_roads_are_another_table() -> None:
    city = toy_city([want(100)])
    assert isinstance(city.travel, StraightTravel)
    detour = replace(city.travel, metres_per_minute=city.travel.metres_per_minute / 2)
    policy = scripted()
    play(under(replace(city, travels=(city.travel, detour)), travel=np.array([0, 1])), policy)
    before, after = (wave.travel.time(0, 3) for wave in policy.seen[:3:2])
    assert after == pytest.approx(2 * before)


def test_in_an_outage_nothing_is_decided_and_nobody_can_order() -> None:
    conditions = {"t": np.array([0.0, 110.0, 400.0]), "closed": (frozenset(),) * 3, "outage": np.array([0, 1, 0]) > 0}
    calm = Conditions.calm()
    rest = {name: np.repeat(getattr(calm, name), 3, axis=0) for name in calm.__slots__ if name not in conditions}
    policy = scripted()
    play(under(toy_city([want(100), want(200)]), **(rest | conditions)), policy)
    assert policy.seen[0].now == 420


def test_an_order_in_an_outage_is_lost() -> None:
    log = play(under(toy_city([want(100), want(200)]), outage=np.array([False, True])), scripted())
    assert [(row["order"], row["detail"]) for row in rows(log, Kind.LOST)] == [(1, Reason.OUTAGE)]


def test_a_merchant_closed_by_surprise_loses_its_orders() -> None:
    city = under(toy_city([want(100), want(200), want(201, 1, 4)]), closed=(frozenset(), frozenset({0})))
    assert [(row["order"], row["detail"]) for row in rows(play(city, scripted()), Kind.LOST)] == [(1, Reason.SHUT)]


def test_a_run_that_goes_on_writes_no_change_twice() -> None:
    city, scenario = under(toy_city([want(100)]), pace=np.array([1.0, 1.5])), toy_scenario()
    whole, first, second = Log(), Log(), Log()
    simulate(scenario, city, Scripted({}, []), whole)
    outcome = simulate(scenario, city, Scripted({}, []), first, until=200.0)
    simulate(scenario, city, Scripted({}, []), second, world=outcome.world)
    assert np.array_equal(np.concatenate([first.events(), second.events()]), whole.events())
