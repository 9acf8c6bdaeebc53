"""Road reports: what riders find on the roads, the platform reckons with from then on."""

import numpy as np
import pytest

from sim.city.build import build_city
from sim.city.model import City
from sim.engine.labour import Hearing
from sim.engine.log import Log
from sim.engine.simulate import simulate
from sim.events import Kind
from sim.kpi.kpis import KPIS
from sim.kpi.tables import Tables
from sim.policies.matching import Matching
from sim.scenario.schema import Scenario
from sim.scenario.shifts import RoadReports
from tests.engine.labour import able
from tests.engine.test_conditions import under
from tests.engine.towns import town
from tests.engine.toy import Scripted, drop, give, pick, play, rows, scripted, toy_city, want

RIDE = give(0, pick(0), drop(0))
SHIFT = [(0, 3, 0, 40000)]
SLOW = {"pace": np.array([1.0, 1.5])}
"""From 150 s on every way takes half as long again, and the platform has no forecast of it."""


def known(policy: Scripted, city: City, at: float, **reports: float) -> float:
    """Time from place 0 to place 3 (360 s when the roads are free) as the platform reckons at a moment."""
    play(city, policy, platform={"road_reports": {"half_life_min": 10.0, "prior_min": 0.0} | reports})
    return next(wave.travel.time(0, 3) for wave in policy.seen if wave.now >= at)


def errand():
    """Order 0 is given in wave 2 at 180 s; order 1 keeps the waves going."""
    return scripted({2: lambda wave: [RIDE]})


def slow_city():
    return under(toy_city([want(100), want(110, 1, 4)], SHIFT), **SLOW)


def test_terms_are_in_seconds() -> None:
    assert Hearing.of(None) is None
    assert Hearing.of(RoadReports(half_life_min=1.5, prior_min=2.0)) == (90, 120)


def test_the_first_leg_teaches_the_platform() -> None:
    """The leg of 360 s takes 540 s, from 180 to 720: the report comes then and not before."""
    assert known(errand(), slow_city(), 690) == 360
    assert known(errand(), slow_city(), 720) == pytest.approx(540)


def test_its_own_expectation_weighs_as_much_as_is_said() -> None:
    """540 s of riding and 180 s of prior against 360 s and 180 s."""
    assert known(errand(), slow_city(), 720, prior_min=3.0) == pytest.approx(360 * (540 + 180) / (360 + 180))


def test_a_new_report_outweighs_an_old_one() -> None:
    """Legs of 360 s: the first, from 0, is slow by half; the second, from the counter at 480, is not."""
    city = under(toy_city([want(10), want(20, 1, 4)], SHIFT), pace=np.array([1.5, 1.0]))
    policy = scripted({0: lambda wave: [RIDE]})
    play(city, policy, platform={"road_reports": {"half_life_min": 10.0, "prior_min": 0.0}})
    arrivals = rows(play(city, scripted({0: lambda wave: [RIDE]})), Kind.ARRIVED)["t"].tolist()
    fading = 0.5 ** ((arrivals[1] - arrivals[0]) / 600)
    after = next(wave.travel.time(0, 3) for wave in policy.seen if wave.now >= arrivals[1])
    assert after == pytest.approx(360 * (540 * fading + 360) / (360 * fading + 360))


def test_what_was_foreseen_is_no_news() -> None:
    city = under(toy_city([want(100), want(110, 1, 4)], SHIFT), **SLOW, expected_pace=np.array([1.0, 1.5]))
    assert known(errand(), city, 720) == pytest.approx(540)
    assert known(errand(), city, 180) == pytest.approx(540)


def test_a_swap_of_the_battery_says_nothing_of_the_roads() -> None:
    policy = errand()
    play(
        able(toy_city([want(100), want(110, 1, 4)], SHIFT), 0),
        policy,
        riders={"skills": {"battery_km": 0.5}},
        platform={"road_reports": True},
    )
    assert {wave.travel.time(0, 3) for wave in policy.seen} == {360}


def test_without_reports_it_never_learns() -> None:
    policy = errand()
    play(slow_city(), policy)
    assert {wave.travel.time(0, 3) for wave in policy.seen} == {360}


def test_plans_are_written_only_when_asked_for() -> None:
    """Given at 180: 360 s to the counter, 60 s, 60 s, 360 s to the door, 60 s."""
    city = toy_city([want(100), want(110, 1, 4)], SHIFT)
    assert len(rows(play(city, errand()), Kind.PLANNED)) == 0
    plan = rows(play(city, errand(), platform={"log_plans": True}), Kind.PLANNED)
    assert plan[["t", "order", "rider", "amount"]].tolist() == [(180, 0, 0, 900)]


STORM = {
    "calendar": {"drain_min": 60},
    "city": {"kind": "plane", "places": 200, "width_m": 6000, "height_m": 6000},
    "population": {"users": 1500},
    "merchants": {"classes": {"restaurant": {"count": 20}}, "radius_km": 5},
    "riders": {"count": 60},
    "disruptions": [{"kind": "storm", "from": "11:00", "to": "14:00", "travel": 1.8}],
}


def test_in_a_storm_that_nobody_announced_plans_come_nearer_the_truth() -> None:
    error, bias = {}, {}
    for on in (False, True):
        scenario = Scenario.model_validate(STORM | {"platform": {"road_reports": on, "log_plans": True}})
        log = Log()
        simulate(scenario, build_city(scenario), Matching(), log)
        error[on], bias[on] = (KPIS[name].value(Tables(log.events())) for name in ("plan_error_mean", "plan_bias"))
    assert error[True] < error[False]
    assert abs(bias[True]) < bias[False]


def test_when_all_is_as_expected_reports_change_nothing() -> None:
    def lived(on: bool) -> bytes:
        log = Log()
        scenario = town("district", platform={"road_reports": on})
        simulate(scenario, build_city(scenario), Matching(), log)
        return log.events().tobytes()

    assert lived(True) == lived(False)
