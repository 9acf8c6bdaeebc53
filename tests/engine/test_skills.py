"""Skills: matched, nobody carries what he cannot; not matched, the mismatch has its price."""

import numpy as np
import pytest

from sim.city.build import build_city
from sim.engine.labour import SkillTerms
from sim.engine.log import Log
from sim.engine.referee import PolicyError
from sim.engine.simulate import simulate
from sim.entities import Need
from sim.events import Kind
from sim.kpi.kpis import KPIS
from sim.kpi.tables import Tables
from sim.policies.dispatch import DISPATCH
from sim.policies.registry import load_policy
from sim.scenario.shifts import Skills
from tests.engine.labour import Needy, able
from tests.engine.towns import POLICIES, town
from tests.engine.toy import drop, give, pick, play, rows, scripted, toy_city, want

RIDE = give(0, pick(0), drop(0))
MATCHED = {"match_skills": True}
ALL = Need.BOX | Need.STAIRS | Need.RANGE


def ride(city, dispatch=None, **skills):
    return play(city, scripted({0: lambda wave: [RIDE]}), riders={"skills": skills}, dispatch=dispatch or {})


@pytest.fixture
def needy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every order needs a box and fitness for stairs."""
    monkeypatch.setattr("sim.engine.orders.Order", Needy)


def test_a_long_way_needs_a_vehicle_for_it() -> None:
    """The way is 360 m along the line."""
    far, near = ({"long_way_km": km} for km in (0.35, 0.36))
    city = able(toy_city([want(100)]), 0)
    assert rows(ride(city, **far), Kind.FIT)[["amount", "detail"]].tolist() == [(Need.RANGE, Need.RANGE)]
    assert len(rows(ride(city, **near), Kind.FIT)) == 0
    fit = rows(ride(able(city, Need.RANGE), **far), Kind.FIT)
    assert fit[["amount", "detail"]].tolist() == [(0, Need.RANGE)]


def test_matched_the_referee_says_what_he_lacks(needy: None) -> None:
    rule = "rider 0, order 0: the rider lacks an insulated box and the fitness for stairs"
    with pytest.raises(PolicyError, match=rule):
        ride(able(toy_city([want(100)]), Need.RANGE), MATCHED)
    with pytest.raises(PolicyError, match=r"lacks an insulated box$"):
        ride(able(toy_city([want(100)]), Need.STAIRS), MATCHED)
    assert len(rows(ride(able(toy_city([want(100)]), ALL), MATCHED), Kind.DELIVERED)) == 1


def test_in_a_route_of_several_orders_the_referee_names_the_right_one() -> None:
    """Order 1 comes from place 1 and goes 120 m, order 0 goes 480 m and needs range."""
    city = able(toy_city([want(100, 0, 4), want(110, 1, 2)]), 0)
    route = give(0, pick(1, 1), pick(0), drop(0, 4), drop(1, 2))
    with pytest.raises(PolicyError, match="order 0: the rider lacks a vehicle for long ways"):
        play(city, scripted({0: lambda wave: [route]}), riders={"skills": {"long_way_km": 0.4}}, dispatch=MATCHED)


def test_what_is_on_board_stays_there() -> None:
    """An order that he carries is no new pickup: the rest of his route is checked without it."""
    city = able(toy_city([want(100), want(300, 1, 2)]), Need.RANGE)
    answers = scripted({0: lambda wave: [RIDE], 5: lambda wave: [give(0, drop(0), pick(1, 1), drop(1, 2))]})
    log = play(city, answers, riders={"skills": {"long_way_km": 0.35}}, dispatch=MATCHED)
    assert len(rows(log, Kind.DELIVERED)) == 2


def test_stairs_cost_an_unfit_rider_extra_time(needy: None) -> None:
    fit, unfit = (ride(able(toy_city([want(100)]), of), stairs_extra_min=2.0) for of in (ALL, ALL & ~Need.STAIRS))
    late = [rows(log, Kind.DELIVERED)["t"][0] for log in (fit, unfit)]
    assert late[1] - late[0] == 60  # half of it before the hand-over
    gone = [rows(log, Kind.IDLE)["t"][-1] for log in (fit, unfit)]
    assert gone[1] - gone[0] == 120


def test_without_a_box_there_is_a_flag_and_no_delay(needy: None) -> None:
    with_box, without = (ride(able(toy_city([want(100)]), of)) for of in (ALL, ALL & ~Need.BOX))
    assert rows(without, Kind.FIT)["amount"].tolist() == [Need.BOX]
    assert rows(with_box, Kind.DELIVERED)["t"] == rows(without, Kind.DELIVERED)["t"]


def test_a_battery_is_swapped_before_it_is_empty() -> None:
    """Each leg is 360 m and the first pickup is at hand: the third leg, of the second order, would be 1080 m in all."""
    wishes = [want(100), want(2000), want(4000)]
    errands = [give(0, pick(n), drop(n)) for n in range(3)]

    def policy(wave, rng):
        return [errands[wave.orders[0].id]] if len(wave.orders) else []

    terms = {"skills": {"battery_km": 0.8, "swap_min": 5.0}}
    log = play(able(toy_city(wishes), 0), policy, riders=terms)
    plain = play(able(toy_city(wishes), Need.RANGE), policy, riders=terms)
    assert len(rows(plain, Kind.SWAPPED)) == 0
    assert [(t, s) for t, s in rows(log, Kind.SWAPPED)[["t", "amount"]].tolist()] == [(2490, 300), (4500, 300)]
    legs, others = (rows(events, Kind.ARRIVED)["t"] for events in (log, plain))
    assert legs[3] - others[3] == 300
    assert legs[:3].tolist() == others[:3].tolist()


def test_a_shift_begins_with_a_full_battery() -> None:
    wishes = [want(100), want(20000)]

    def policy(wave, rng):
        return [give(0, pick(wave.orders[0].id), drop(wave.orders[0].id))] if len(wave.orders) else []

    terms = {"skills": {"battery_km": 0.5}}
    one, two = [(0, 0, 0, 30000)], [(0, 0, 0, 10000), (0, 3, 19000, 30000)]
    swaps = [len(rows(play(able(toy_city(wishes, s), 0), policy, riders=terms), Kind.SWAPPED)) for s in (one, two)]
    assert swaps == [2, 1]


def test_policies_see_the_skills() -> None:
    policy = scripted()
    play(able(toy_city([want(100)], [(0, 0, 0, 4000), (1, 0, 0, 4000)]), 1, 6), policy, riders={"skills": {}})
    assert policy.seen[0].riders.skills.tolist() == [1, 6]  # type: ignore[union-attr]
    play(toy_city([want(100)]), policy)
    assert policy.seen[-1].riders.skills is None


def test_terms() -> None:
    assert SkillTerms.of(None, np.array([1])) is None
    assert SkillTerms.of(Skills(), None) is None
    assert SkillTerms.of(Skills(), np.array([1]))[1:] == (3000, 120, 40000, 300)  # type: ignore[index]


WAYS = {"long_way_km": 1.5, "range": 0.4}


@pytest.mark.parametrize("policy", [name for name in DISPATCH if name != "exec"])
def test_shipped_policies_match_skills_where_they_must(policy: str) -> None:
    shares = []
    for match in (False, True):
        scenario = town("scarce", riders={"skills": WAYS}, dispatch={"match_skills": match, "policy": policy})
        log = Log()
        simulate(scenario, build_city(scenario), load_policy(DISPATCH, policy), log)
        shares.append(KPIS["mismatch_share"].value(Tables(log.events())))
    assert shares[0] > 0.2
    assert shares[1] == 0


def test_in_the_hall_riders_grab_only_what_they_can() -> None:
    blocks = {"riders": {"skills": WAYS}, "dispatch": {"match_skills": True, "hall": {"post_s": 86400.0}}}
    scenario, log = town("scarce", **blocks), Log()
    simulate(scenario, build_city(scenario), POLICIES["matching"], log)
    fit = rows(log.events(), Kind.FIT)
    assert len(fit) > 0
    assert not fit["amount"].any()


def test_skills_that_everybody_has_change_nothing_but_what_is_written() -> None:
    off, on = Log(), Log()
    simulate(town("district"), build_city(town("district")), POLICIES["matching"], off)
    scenario = town("district", riders={"skills": {"box": 1.0, "stairs": 1.0, "range": 1.0}}, dispatch=MATCHED)
    simulate(scenario, build_city(scenario), POLICIES["matching"], on)
    assert on.events()[on.events()["kind"] != Kind.FIT].tobytes() == off.events().tobytes()
