"""Random programmes in a small city: points and money are conserved, whatever is composed."""

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
from sim.policies.matching import Matching
from sim.scenario.schema import Scenario

DAYS, USERS = 10, 150
TOWN: dict[str, Any] = {
    "calendar": {"days": DAYS, "drain_min": 60, "start": "2026-04-27"},
    "city": {"kind": "plane", "places": 80},
    "population": {"users": USERS},
    "merchants": {"classes": {"restaurant": {"count": 8, "stations": 2}}},
    "riders": {"count": 8},
    "ratings": {"share": 0.5},
    "demand": {"holidays": [{"name": "labour day", "dates": "2026-05-01 to 2026-05-03"}]},
    "response": {"on": True, "registered": 0.8, "taste": {"considers": 0.5}},
}
EAGER: dict[str, dict[str, Any]] = {
    "tiers": {"least": [1, 2, 4], "welcome_yuan": [1, 2, 3], "discount": [0, 0.5, 1]},
    "earn": {"per_order": 100, "per_yuan": 3},
    "check_in": {},
    "review": {},
    "share": {},
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
    "birthday": {},
    "holiday": {},
}
"""Parameters with which every rule acts often within ten days."""

Programme = dict[str, Any]


@cache
def town() -> City:
    return build_city(Scenario.model_validate(TOWN))


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    """Some rules in any order, each for some or all of the users, from some day to some other."""
    names = draw(st.lists(st.sampled_from(sorted(EAGER)), unique=True, min_size=3))
    spans = st.tuples(st.sampled_from([0.5, 1.0]), st.integers(0, 5), st.integers(5, DAYS))
    return {
        name: {"rule": name, "params": EAGER[name], "share": share, "from_day": first, "until_day": last}
        for name, (share, first, last) in ((name, draw(spans)) for name in names)
    }


def lived(programme: Programme) -> tuple[np.ndarray, People]:
    """The log of ten days under a programme, and the people at the end."""
    log, scenario = Log(), Scenario.model_validate(TOWN | {"membership": {"rules": programme}})
    people = simulate(scenario, town(), Matching(), log).world.people
    assert people is not None
    return log.events(), people


def by_user(events: np.ndarray, *kinds: Kind) -> np.ndarray:
    rows = events[np.isin(events["kind"], kinds)]
    return np.bincount(rows["user"], rows["amount"], USERS)


def of_order(events: np.ndarray, kind: Kind, purpose: Purpose | None = None) -> dict[int, int]:
    """Sum of the amounts of a kind of event by order, without what was given back when it was cancelled."""
    rows = events[(events["kind"] == kind) & (events["order"] >= 0) & (events["amount"] > 0)]
    rows = rows if purpose is None else rows[rows["detail"] == purpose]
    return {order: int(rows["amount"][rows["order"] == order].sum()) for order in set(rows["order"].tolist())}


@settings(
    max_examples=10, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.generate]
)  # a town takes a second
@given(programmes())
def test_points_and_money_are_conserved(programme: Programme) -> None:
    events, people = lived(programme)
    outstanding = people.members.balance
    left = by_user(events, Kind.EARNED) - by_user(events, Kind.BURNT) - by_user(events, Kind.EXPIRED)
    assert np.array_equal(left, outstanding)
    assert people.members.points.min() >= 0
    paid = events[events["kind"] == Kind.PAID]
    assert paid["amount"].min() >= 0
    assert set(paid["detail"].tolist()) <= set(PARTIES)
    assert of_order(events, Kind.REDEEMED) == of_order(events, Kind.PAID, Purpose.COUPON)
    _nobody_is_paid_to_order(paid)


def _nobody_is_paid_to_order(paid: np.ndarray) -> None:
    """What is taken off an order is never more than what was asked for it."""
    off, asked = (Purpose.DISCOUNT, Purpose.COUPON, Purpose.POINTS), (Purpose.BASKET, Purpose.DELIVERY_FEE)
    orders = paid[np.isin(paid["detail"], off + asked) & (paid["order"] >= 0)]
    sign = np.where(np.isin(orders["detail"], asked), 1, -1)
    assert np.bincount(orders["order"] - orders["order"].min(), orders["amount"] * sign).min() >= 0


def test_the_whole_programme_acts() -> None:
    """With all rules at once, every kind of event of the programme and every way of paying for it occurs."""
    events, people = lived({name: {"rule": name, "params": params} for name, params in EAGER.items()})
    kinds = set(events["kind"].tolist())
    assert {Kind.EARNED, Kind.BURNT, Kind.TIER, Kind.COUPON, Kind.REDEEMED, Kind.TOUCHED, Kind.PLAN} <= kinds
    purposes = set(events["detail"][events["kind"] == Kind.PAID].tolist())
    assert {Purpose.DISCOUNT, Purpose.COUPON, Purpose.POINTS, Purpose.REWARD, Purpose.CONTACT} <= purposes
    assert np.any(people.members.paid_until >= DAYS - 3)


def test_a_holiday_is_greeted_once() -> None:
    events, _ = lived({"holiday": {"rule": "holiday", "params": {"yuan": 0}}})
    greeted = events[events["kind"] == Kind.TOUCHED]
    assert set(greeted["t"].tolist()) == {4 * 86400.0}  # the night before Friday, the fifth day
    assert len(greeted) == len(set(greeted["user"].tolist())) > 0.7 * USERS


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
