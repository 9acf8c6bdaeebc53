"""People come on their own, by friends, by being approached, and back; out of a pool that is finite."""

from typing import Any

import numpy as np
import pytest

from sim.engine.growth import pick
from sim.engine.night import live
from sim.entities import Approach, Grants, Offer, Touch
from sim.events import Kind, Purpose
from tests.engine.crowds import paid, rows, says, standing

N = 40
ALL = np.ones(N, np.bool_)
QUIET = {"organic": 0, "invites": 0}
EAGER = QUIET | {"base": 0.9999}


def outsiders(*rules: Any, insiders: int = 0, arms: Any = (), **spreading: Any) -> tuple[Any, Any]:
    """A city in which only the first have an account."""
    run, people = standing(*rules, users=N, arms=arms, spreading=QUIET | spreading)
    people.members.registered[:] = np.arange(N) < insiders
    return run, people


def test_who_is_approached_and_wants_to_joins_and_is_greeted() -> None:
    run, people = outsiders(says(approach=Approach(ALL, offer=800, cost=150, reward=500)), base=0.9999)
    live(run)
    joined = rows(run, Kind.JOINED)
    assert sorted(joined["user"].tolist()) == list(range(N))
    assert (people.members.joined == 0).all()
    assert (people.members.channel == 0).all()
    assert (people.members.coupons.value[:, 0] == 800).all()
    assert paid(run, Purpose.ACQUISITION) == N * 650 == rows(run, Kind.SPENT)["amount"].sum()
    assert len(rows(run, Kind.COUPON)) == N


def test_nobody_joins_twice_and_nobody_is_left_to_approach() -> None:
    run, _ = outsiders(says(approach=Approach(ALL, cost=100)), base=0.9999)
    for _night in range(3):
        live(run)
    assert len(rows(run, Kind.JOINED)) == N
    assert paid(run, Purpose.ACQUISITION) == 100 * N


def test_asking_again_wins_nobody_before_they_think_anew_but_a_better_offer_does() -> None:
    run, people = outsiders(says(approach=Approach(ALL)), base=0.2, again_days=3650)
    live(run)
    first = people.members.registered.sum()
    live(run)
    assert 0 < first == people.members.registered.sum() < N
    better, more = outsiders(says(approach=Approach(ALL, offer=3000)), base=0.2, again_days=3650)
    live(better)
    assert more.members.registered.sum() > first
    assert more.members.registered[people.members.registered].all(), "whoever comes for nothing comes for an offer"


def test_after_a_while_people_think_anew() -> None:
    run, people = outsiders(says(approach=Approach(ALL)), base=0.2, again_days=2)
    live(run)
    first = people.members.registered.sum()
    for _night in range(4):
        live(run)
    assert people.members.registered.sum() > first


def test_an_approach_that_is_tried_out_stays_in_its_arm() -> None:
    arm = np.arange(N) < 10
    run, people = outsiders(says(approach=Approach(ALL, cost=100)), arms=(arm,), base=0.9999)
    live(run)
    assert np.array_equal(people.members.registered, arm)
    assert paid(run, Purpose.ACQUISITION) == 1000


def test_who_talks_is_the_inviter() -> None:
    by = np.where(np.arange(N) == 0, -1, 0)
    run, people = outsiders(says(approach=Approach(ALL, by=by)), insiders=1, base=0.9999)
    live(run)
    assert (people.members.inviter[1:] == 0).all()
    assert people.members.friends[0] == N - 1
    assert rows(run, Kind.JOINED)["amount"].tolist() == [0] * (N - 1)


def test_friends_are_told_in_the_own_zone_and_both_sides_gain() -> None:
    run, people = outsiders(says(invite=(600, 900)), insiders=1, base=0.9999, invites=30)
    people.trust[0] = 1.0
    live(run)
    (friend,) = np.flatnonzero(people.members.inviter == 0)
    assert people.members.zone[friend] == people.members.zone[0]
    assert (people.members.friends[0], people.members.channel[friend]) == (1, 0)
    assert people.members.coupons.value[friend, 0] == 600
    assert paid(run, Purpose.GIFT) == 900 == rows(run, Kind.SPENT)["amount"].sum()


def test_without_trust_nobody_tells_and_without_a_rule_nobody_is_paid() -> None:
    run, _ = outsiders(insiders=20, base=0.9999, invites=30)
    live(run)
    assert not len(rows(run, Kind.JOINED))
    run, people = outsiders(insiders=20, base=0.9999, invites=30)
    people.trust[:] = 1
    live(run)
    assert len(rows(run, Kind.JOINED)) > 5
    assert not len(rows(run, Kind.PAID))
    assert (rows(run, Kind.JOINED)["detail"] == -1).all()


def test_a_zone_without_outsiders_is_told_nothing() -> None:
    run, people = outsiders(insiders=20, base=0.9999, invites=30)
    people.members.registered[:] = people.members.zone == 0
    people.trust[:] = 1
    live(run)
    assert not len(rows(run, Kind.JOINED))


def test_some_find_the_platform_by_themselves() -> None:
    run, _ = outsiders(organic=1)
    live(run)
    assert len(rows(run, Kind.JOINED)) == N


def test_a_pick_is_of_the_own_zone_and_even() -> None:
    _, people = outsiders()
    asker = np.zeros(4000, np.int64)
    _, found = pick(people, asker, (np.arange(4000) + 0.5) / 4000, np.arange(N))
    assert np.bincount(found, minlength=N).tolist() == [200, 0] * 20
    assert len(pick(people, asker, np.zeros(4000), np.zeros(0, np.int64))[1]) == 0


def gone(*rules: Any, **leaving: Any) -> tuple[Any, Any]:
    run, people = standing(*rules, users=N, leaving={"contact": 1, "offer_yuan": 0.1} | leaving, spreading=QUIET)
    people.alive[:] = False
    people.trust[:] = np.linspace(-1, 1, N)
    return run, people


@pytest.mark.parametrize(
    "given",
    [
        {"offer": Offer(np.full(N, 2000))},
        {"gift": np.full(N, 2000)},
        {"touch": Touch.CALL, "touched": ALL},
    ],
    ids=["coupon", "gift", "call"],
)
def test_who_has_left_comes_back_for_something_and_with_no_grudge(given: dict[str, Any]) -> None:
    run, people = gone(says(**given))
    live(run)
    assert people.alive.all()
    assert people.trust.min() >= 0
    assert rows(run, Kind.CAME_BACK)["detail"].tolist() == [0] * N
    assert not people.absent.any()


def test_nobody_comes_back_for_nothing_or_where_no_contact_moves_him() -> None:
    for rule, contact in ((says(), 1), (says(offer=Offer(np.full(N, 2000))), 0)):
        run, people = gone(rule, contact=contact)
        live(run)
        assert not people.alive.any()


def test_the_same_offer_again_moves_nobody_and_a_larger_one_also_those() -> None:
    run, people = gone(says(offer=Offer(np.full(N, 400))), offer_yuan=8)
    live(run)
    back = people.alive.copy()
    live(run)
    assert 0 < back.sum() < N
    assert abs(int(people.alive.sum()) - int(back.sum())) <= 3, "only those who think anew that night"
    larger, more = gone(says(offer=Offer(np.full(N, 4000))), offer_yuan=8)
    live(larger)
    assert more.alive[back].all()
    assert more.alive.sum() > back.sum()


def handed(insiders: int, hands_on: float = 1) -> tuple[Any, Any]:
    def rule(night: Any, rng: Any) -> Grants:
        first = (np.arange(N) == 0) & (night.day < 0)
        return Grants(offer=Offer(first * 3000, days=4, passes=True))

    run, people = standing(rule, users=N, spreading=EAGER, together={"hands_on": hands_on})
    people.members.registered[:] = np.arange(N) < insiders
    for _night in range(3):
        live(run)
    return run, people


def test_a_coupon_is_handed_on_to_a_neighbour_who_may_join_for_it() -> None:
    run, people = handed(insiders=1)
    (row,) = rows(run, Kind.HANDED_ON)
    taker = int(row["user"])
    assert (int(row["amount"]), int(row["detail"])) == (0, 0)
    assert people.members.registered[taker]
    assert (people.members.inviter[taker], people.members.channel[taker]) == (0, 0)
    held = people.members.coupons
    assert (held.value[0] == 0).all()
    assert (held.value[taker, 0], held.until[taker, 0], held.passes[taker, 0]) == (3000, 3, 0)


def test_a_coupon_stays_with_who_keeps_it_or_has_left() -> None:
    run, people = handed(insiders=N, hands_on=0)
    assert people.members.coupons.value[0, 0] == 3000
    assert not len(rows(run, Kind.HANDED_ON))
