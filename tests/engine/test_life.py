"""Whatever the policy, the events of an order follow its life cycle and nothing happens out of turn."""

from collections import defaultdict
from itertools import pairwise

import numpy as np
import pytest

from sim.events import LIFE, NONE, Kind, Reason
from tests.engine.towns import CASES, RULES, city_of, log_of, town

LIVING = [kind for kind in LIFE if kind is not None]
IN_EVERY_CASE = pytest.mark.parametrize(("name", "policy"), CASES)


def lives(events: np.ndarray) -> dict[int, list[np.void]]:
    """Rows of the life cycle, by order."""
    rows: dict[int, list[np.void]] = defaultdict(list)
    for row in events[np.isin(events["kind"], LIVING)]:
        rows[int(row["order"])].append(row)
    return rows


def test_the_cases_are_worth_something() -> None:
    for case in CASES:
        kinds = np.bincount(log_of(*case)["kind"], minlength=len(Kind))
        assert kinds[Kind.DELIVERED] > 50
        assert kinds[Kind.CANCELLED] > 0
    assert (log_of("two days", "reshuffler")["kind"] == Kind.RELEASED).sum() > 100


@IN_EVERY_CASE
def test_each_event_may_follow_the_one_before(name: str, policy: str) -> None:
    for order, rows in lives(log_of(name, policy)).items():
        kinds = [None, *(Kind(row["kind"]) for row in rows)]
        for before, after in pairwise(kinds):
            assert after in LIFE[before], f"order {order}: {after} after {before}"


@IN_EVERY_CASE
def test_ids_are_given_in_order_of_placement_and_without_gaps(name: str, policy: str) -> None:
    events = log_of(name, policy)
    born = events[np.isin(events["kind"], (Kind.PLACED, Kind.LOST))]
    assert born["order"].tolist() == list(range(len(born)))


@IN_EVERY_CASE
def test_one_rider_assigns_picks_up_and_delivers(name: str, policy: str) -> None:
    for rows in lives(log_of(name, policy)).values():
        holder = NONE
        for row in rows:
            if row["kind"] == Kind.ASSIGNED:
                holder = row["rider"]
            elif row["kind"] in (Kind.RELEASED, Kind.PICKED_UP, Kind.DELIVERED):
                assert row["rider"] == holder


@IN_EVERY_CASE
def test_a_meal_is_cooked_once_and_fetched_when_it_is_ready(name: str, policy: str) -> None:
    events = log_of(name, policy)
    at: dict[Kind, dict[int, float]] = {}
    for kind in (Kind.PLACED, Kind.COOKING, Kind.READY, Kind.PICKED_UP, Kind.DELIVERED):
        rows = events[events["kind"] == kind]
        assert len(np.unique(rows["order"])) == len(rows), kind
        at[kind] = dict(zip(rows["order"].tolist(), rows["t"].tolist(), strict=True))
    assert set(at[Kind.DELIVERED]) <= set(at[Kind.PICKED_UP]) <= set(at[Kind.READY]) <= set(at[Kind.PLACED])
    for first, second in pairwise(at):
        assert all(t >= at[first][order] for order, t in at[second].items()), (first, second)


@IN_EVERY_CASE
def test_a_user_cancels_only_when_patience_ends_and_nobody_comes(name: str, policy: str) -> None:
    events = log_of(name, policy)
    cancelled = events[events["kind"] == Kind.CANCELLED]
    assert set(cancelled["detail"].tolist()) <= {int(Reason.PATIENCE)}
    held: set[int] = set()
    for row in events[np.isin(events["kind"], LIVING)]:
        if row["kind"] == Kind.ASSIGNED:
            held.add(int(row["order"]))
        elif row["kind"] == Kind.RELEASED:
            held.remove(int(row["order"]))
        elif row["kind"] == Kind.CANCELLED:
            assert int(row["order"]) not in held


@IN_EVERY_CASE
def test_events_name_places_and_people_that_are_there(name: str, policy: str) -> None:
    events, city = log_of(name, policy), city_of(name)
    sizes = {
        "place": len(city.places.x),
        "rider": len(city.riders.start),
        "merchant": len(city.merchants.place),
        "user": len(city.users.home),
    }
    for column, size in sizes.items():
        assert events[column].min() >= NONE
        assert events[column].max() < size


@IN_EVERY_CASE
def test_pickups_are_at_the_merchant_and_deliveries_at_the_door(name: str, policy: str) -> None:
    events, city = log_of(name, policy), city_of(name)
    placed = events[events["kind"] == Kind.PLACED]
    door = dict(zip(placed["order"].tolist(), placed["place"].tolist(), strict=True))
    chosen = dict(zip(placed["order"].tolist(), placed["merchant"].tolist(), strict=True))
    here: dict[int, int] = {}
    for row in events:
        if row["kind"] in (Kind.ON_SHIFT, Kind.ARRIVED):
            here[int(row["rider"])] = int(row["place"])
        elif row["kind"] == Kind.PICKED_UP:
            assert row["merchant"] == chosen[int(row["order"])]
            assert here[int(row["rider"])] == city.merchants.place[row["merchant"]]
        elif row["kind"] == Kind.DELIVERED:
            assert row["place"] == here[int(row["rider"])] == door[int(row["order"])]


@IN_EVERY_CASE
def test_no_rider_carries_more_than_he_can(name: str, policy: str) -> None:
    events, capacity = log_of(name, policy), city_of(name).riders.capacity
    moves = events[np.isin(events["kind"], (Kind.PICKED_UP, Kind.DELIVERED))]
    most = 0
    for rider in range(len(capacity)):
        load = np.cumsum(np.where(moves["kind"][moves["rider"] == rider] == Kind.PICKED_UP, 1, -1))
        assert (load >= 0).all()
        assert (load <= capacity[rider]).all()
        most = max(most, *load.tolist(), 0)
    assert most > 1 or policy != "bundler"


@IN_EVERY_CASE
def test_the_rules_of_the_town_hold(name: str, policy: str) -> None:
    events, scenario = log_of(name, policy), town(name)
    waves = events[events["kind"] == Kind.WAVE]
    assert (waves["amount"] > 0).all(), "a wave without an order"
    every = scenario.dispatch.every_s
    if every and not scenario.dispatch.diversion:
        assert not (waves["t"] % every).any()
    end = scenario.calendar.days * 86400 + scenario.calendar.drain_min * 60
    assert events["t"].max() <= end
    assert events["t"][events["kind"] == Kind.PLACED].max() < scenario.calendar.days * 86400


def test_under_the_benchmark_rules_pickups_are_not_after_off_time() -> None:
    for policy in ("nearest", "matching"):
        events, off = log_of("benchmark", policy), {}
        for row in events:
            if row["kind"] == Kind.ON_SHIFT:
                off[int(row["rider"])] = row["t"] + row["amount"]
            elif row["kind"] == Kind.PICKED_UP:
                assert row["t"] <= off[int(row["rider"])]


def test_the_towns_differ_in_what_they_try() -> None:
    assert {town(name).dispatch.diversion for name in RULES} == {True, False}
    assert {town(name).calendar.days for name in RULES} == {1, 2}
