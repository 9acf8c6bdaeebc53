"""Random programmes in a small city: points, coupons and money are conserved, whatever is composed."""

from functools import cache
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sim.city.build import build_city
from sim.city.model import City
from sim.engine.log import Log
from sim.engine.people import People
from sim.engine.simulate import simulate
from sim.events import PARTIES, Kind, Purpose
from sim.policies.membership.registry import RULES
from sim.policies.nearest import Nearest
from sim.scenario.schema import Scenario

DAYS, USERS = 31, 50
"""Points grow old after thirty days, so that these are the fewest in which any can expire."""
TOWN: dict[str, Any] = {
    "calendar": {"days": DAYS, "drain_min": 30, "start": "2026-04-27"},
    "city": {"kind": "plane", "places": 60},
    "population": {"users": USERS},
    "merchants": {"classes": {"restaurant": {"count": 4, "stations": 2}}},
    "riders": {"count": 3},
    "ratings": {"share": 0.5},
    "demand": {"holidays": [{"name": "labour day", "dates": "2026-05-01 to 2026-05-03"}]},
    "response": {
        "on": True,
        "registered": 0.7,
        "taste": {"considers": 0.5},
        "leaving": {"a": 3, "b": 27, "contact": 0.6},
        "spreading": {"base": 0.2, "invites": 10, "again_days": 3},
        "together": {"begins": 0.5},
    },
    "market": {"on": True, "fresh": {"classes": ["restaurant"]}},
}
EAGER: dict[str, dict[str, Any]] = {
    "tiers": {"least": [1, 2, 4], "welcome_yuan": [1, 2, 3], "discount": [0, 0.5, 1]},
    "earn": {"per_order": 100, "per_yuan": 3},
    "green": {"kinds": [0]},
    "burn": {"ladder": [[50, 3], [200, 14]], "factor": 2, "every_days": 4, "days": 2},
    "expiry": {"months": 1},
    "partner": {"points": 150, "every_days": 2, "interest": 0.5},
    "auction": {"lots": 5, "least": 40, "every_days": 3, "interest": 1},
    "streak": {"days": 2},
    "task": {"orders": 1, "days": 3},
    "mystery_box": {"chance": 1, "floor_yuan": 0},
    "leaderboard": {"days": 2},
    "plan": {"fee_yuan": 2, "days": 3, "least_orders": 0},
    "holders": {"discount": 0.3},
    "service": {"least": 1, "every_days": 3},
    "birthday_order": {"least": 0},
    "offer_to": {"asleep_days": 3, "every_days": 1},
    "care_offer": {"least_orders": 1, "late_complaints": 1, "idle_days": 2, "every_days": 2},
    "care_call": {"signs": 1, "least_orders": 1, "every_days": 3},
    "care_order": {"signs": 1, "idle_days": 3, "days": 4, "every_days": 2},
    "channel": {"reach": 0.2, "reward_yuan": 2},
    "leaders": {"talks_per_day": 3},
    "preorder": {"active_orders": 0, "yuan": 2, "floor_yuan": 0},
    "group_buying": {"size": 2, "days": 4},
    "calls": {"segment": "student", "quiet_days": 1, "every_days": 2},
}
"""Parameters with which a rule acts often; all others do with their own."""

Programme = dict[str, Any]


@cache
def town() -> City:
    return build_city(Scenario.model_validate(TOWN))


def eager(name: str, **more: Any) -> dict[str, Any]:
    return {"rule": name, "params": EAGER.get(name, {}), **more}


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    """Some rules in any order, each for some or all of the users and some of the days; points expire."""
    names = draw(st.lists(st.sampled_from(sorted(set(RULES) - {"expiry"})), unique=True, min_size=8))
    spans = st.tuples(st.sampled_from([0.5, 1.0]), st.integers(0, 10), st.integers(20, DAYS))
    return {
        name: eager(name, share=share, from_day=first, until_day=last)
        for name, (share, first, last) in ((name, draw(spans)) for name in names)
    } | {"expiry": eager("expiry")}


def lived(programme: Programme) -> tuple[np.ndarray, People]:
    """The log of a month under a programme, and the people at the end."""
    log, scenario = Log(), Scenario.model_validate(TOWN | {"membership": {"rules": programme}})
    people = simulate(scenario, town(), Nearest(), log).world.people
    assert people is not None
    return log.events(), people


def by_user(events: np.ndarray, *kinds: Kind) -> np.ndarray:
    rows = events[np.isin(events["kind"], kinds)]
    return np.bincount(rows["user"], rows["amount"], USERS)


def of_order(events: np.ndarray, kind: Kind, *purposes: Purpose) -> np.ndarray:
    """Sum of the amounts of a kind of event by order, without what was given back when it was cancelled."""
    rows = events[(events["kind"] == kind) & (events["order"] >= 0) & (events["amount"] > 0)]
    rows = rows[np.isin(rows["detail"], purposes)] if purposes else rows
    return np.bincount(rows["order"], rows["amount"], events["order"].max() + 1)


@settings(
    max_examples=8, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.generate]
)  # a month takes half a second
@given(programmes())
def test_points_coupons_and_money_are_conserved(programme: Programme) -> None:
    assert_conserved(*lived(programme))


def test_the_whole_programme_conserves_them_too() -> None:
    assert_conserved(*whole())


def assert_conserved(events: np.ndarray, people: People) -> None:
    """What was issued is used or there, what was paid was owed, and everybody joins once."""
    held = people.members
    left = by_user(events, Kind.EARNED) - by_user(events, Kind.BURNT) - by_user(events, Kind.EXPIRED)
    assert np.array_equal(left, held.balance)
    assert held.points.min() >= 0
    assert_coupons_are_used_once(events)
    assert_nobody_is_paid_to_order(events)
    assert_rules_pay_what_they_cost(events)
    joined = events[events["kind"] == Kind.JOINED]
    assert len(np.unique(joined["user"])) == len(joined)
    assert (held.joined[joined["user"]] >= 0).all()
    assert held.friends.sum() == (joined["amount"] >= 0).sum()


def assert_coupons_are_used_once(events: np.ndarray) -> None:
    """Coupons in use never outnumber those a user has been given, and take off what they are worth."""
    used = events[events["kind"] == Kind.REDEEMED]
    given_out = events["user"][np.isin(events["kind"], (Kind.COUPON, Kind.HANDED_ON))]
    net = np.bincount(used["user"], np.sign(used["amount"]), USERS)
    assert (net >= 0).all()
    assert (net <= np.bincount(given_out, minlength=USERS)).all()
    assert np.array_equal(of_order(events, Kind.REDEEMED), of_order(events, Kind.PAID, Purpose.COUPON))


def assert_nobody_is_paid_to_order(events: np.ndarray) -> None:
    """What is taken off an order is never more than what was asked for it; a cancelled one costs nobody anything."""
    asked = of_order(events, Kind.PAID, Purpose.BASKET, Purpose.DELIVERY_FEE)
    off = of_order(events, Kind.PAID, Purpose.DISCOUNT, Purpose.COUPON, Purpose.POINTS, Purpose.PROMOTION)
    assert (off <= asked).all()
    left = asked + of_order(events, Kind.PAID, Purpose.SURCHARGE) - off - of_order(events, Kind.PAID, Purpose.REFUND)
    assert (left >= 0).all()
    assert (left[events["order"][events["kind"] == Kind.CANCELLED]] == 0).all()


def assert_rules_pay_what_they_cost(events: np.ndarray) -> None:
    paid = events[events["kind"] == Kind.PAID]
    assert paid["amount"].min() >= 0
    assert set(paid["detail"].tolist()) <= set(PARTIES)
    nightly = np.isin(paid["detail"], [Purpose.GIFT, Purpose.CONTACT, Purpose.ACQUISITION, Purpose.REWARD])
    assert paid["amount"][nightly].sum() == events["amount"][events["kind"] == Kind.SPENT].sum()


@cache
def whole() -> tuple[np.ndarray, People]:
    return lived({name: eager(name, share=0.9) for name in RULES})


def test_the_whole_programme_acts() -> None:
    """With all rules at once, every kind of event of users and every way of paying for a programme occurs."""
    events, people = whole()
    of_users = {kind for kind in Kind if Kind.BROWSED <= kind <= Kind.HANDED_ON} | {Kind.PREORDERED}
    assert of_users - set(events["kind"].tolist()) == set()
    purposes = set(events["detail"][events["kind"] == Kind.PAID].tolist())
    assert {purpose for purpose in Purpose if Purpose.DISCOUNT <= purpose <= Purpose.PLAN_FEE} - purposes == set()
    assert np.any(people.members.paid_until >= DAYS - 3)


def test_a_holiday_is_greeted_once() -> None:
    events, _ = lived({"holiday": {"rule": "holiday", "params": {"yuan": 0}}})
    greeted = events[events["kind"] == Kind.TOUCHED]
    assert set(greeted["t"].tolist()) == {4 * 86400.0}  # the night before Friday, the fifth day
    assert len(greeted) == len(set(greeted["user"].tolist())) > 0.6 * USERS


def test_a_holder_whose_plan_runs_out_decides_the_same_night() -> None:
    """He is not as slow as somebody who has never had one."""
    programme = {"plan": {"rule": "plan", "params": {"fee_yuan": 0, "days": 3, "saving_yuan": 1000, "least_orders": 1}}}
    events, _ = lived(programme)
    sold = events[events["kind"] == Kind.PLAN]
    nights = {
        user: sorted(round(t / 86400) for t in sold["t"][sold["user"] == user]) for user in set(sold["user"].tolist())
    }
    again = [then[1] - then[0] for then in nights.values() if len(then) > 1]
    assert again
    assert set(again) == {3}
