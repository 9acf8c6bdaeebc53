"""The grab hall: riders pick fresh orders themselves; what nobody wants goes to the policy."""

import numpy as np

from sim.engine.log import Log
from sim.engine.simulate import simulate
from sim.events import Kind
from sim.policies.nearest import Nearest
from tests.engine.test_resume import assert_same
from tests.engine.toy import play, rows, scripted, toy_city, toy_scenario, want

SHIFTS = [(rider, rider % 6, 0.0, 9000.0) for rider in range(6)]
KEEN = {"accept": 0.99, "taste_sd": 0.0, "per_km": 3.0, "reference_km": 0.5}
ONLY = {"hall": {"post_s": 86400, "radius_km": 5}}


def many() -> list[tuple]:
    return [want(100.0 + 41.37 * n, n % 2, 3 + n % 3) for n in range(30)]


def test_riders_grab_without_a_policy() -> None:
    policy = scripted()
    events = play(toy_city(many(), SHIFTS), policy, dispatch=ONLY, riders={"choice": KEEN})
    assert len(rows(events, Kind.DELIVERED)) == 30
    assert not any(len(wave.orders) for wave in policy.seen)


def test_nobody_grabs_beyond_the_radius() -> None:
    """All riders stand at place 5, 600 m from merchant 0 and 480 m from merchant 1."""
    near, wishes = {"hall": {"post_s": 86400, "radius_km": 0.5}}, [want(100, 0, 5), want(100, 1, 5)]
    events = play(toy_city(wishes, [(0, 5, 0, 9000)]), scripted(), dispatch=near, riders={"choice": KEEN})
    assert [row["order"] for row in rows(events, Kind.ASSIGNED)] == [1]


def test_the_policy_gets_what_was_posted_long_enough() -> None:
    policy = scripted()
    none = {"choice": {"accept": 0.01, "taste_sd": 0.0, "per_yuan_per_min": 0.0}}
    play(toy_city([want(100)]), policy, dispatch={"hall": {"post_s": 60}}, riders=none)
    assert [(wave.now, len(wave.orders)) for wave in policy.seen[:4]] == [(120, 0), (150, 0), (180, 1), (210, 1)]


def test_a_rider_takes_the_order_he_likes_best() -> None:
    """From place 1 the order at merchant 1 is nearer."""
    wishes = [want(100, 0, 3), want(101, 1, 4)]
    events = play(toy_city(wishes, [(0, 1, 0, 9000)]), scripted(), dispatch=ONLY, riders={"choice": KEEN})
    assert rows(events, Kind.ASSIGNED)[0]["order"] == 1


def test_two_riders_do_not_grab_one_order() -> None:
    events = play(toy_city([want(100)], SHIFTS), scripted(), dispatch=ONLY, riders={"choice": KEEN})
    assert len(rows(events, Kind.ASSIGNED)) == 1


def test_a_cut_run_goes_on_the_same() -> None:
    mixed = {"hall": {"post_s": 45, "radius_km": 1}}
    scenario, city = toy_scenario(dispatch=mixed, riders={"choice": {"accept": 0.4}}), toy_city(many(), SHIFTS)
    whole, first, second = Log(), Log(), Log()
    simulate(scenario, city, Nearest(), whole)
    outcome = simulate(scenario, city, Nearest(), first, until=700.3)
    simulate(scenario, city, Nearest(), second, world=outcome.world)
    both = np.concatenate([first.events(), second.events()])
    by = ["t", "kind", "order", "rider"]  # rows of one instant may change places
    assert_same(np.sort(both, order=by), np.sort(whole.events(), order=by))


def test_riders_choose_by_what_the_rules_of_pay_promise_each_of_them() -> None:
    picky = {"choice": {"accept": 0.05, "taste_sd": 0.0, "per_yuan_per_min": 8.0}}

    def grabbed(**pay: object) -> list[tuple[int, int]]:
        events = play(toy_city(many(), SHIFTS), scripted(), dispatch=ONLY, riders=picky, pay=pay)
        return rows(events, Kind.ASSIGNED)[["order", "rider"]].tolist()

    first = {"s": {"rule": "streak", "params": {"yuan": {"1": 50}}}}
    assert len(grabbed(rules=first)) > len(grabbed())
