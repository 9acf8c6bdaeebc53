"""A small city with errands, lockers, care and ratings, switched on and off on the same Intents."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.city.build import build_city
from sim.city.model import City
from sim.engine.log import Log
from sim.engine.simulate import simulate
from sim.engine.world import World
from sim.events import FIELDS, NONE, PARTIES, ROW, Kind, Purpose
from sim.kpi.kpis import compute
from sim.kpi.others import balances
from sim.kpi.tables import Tables
from sim.scenario.schema import Scenario
from tests.engine.test_resume import assert_same
from tests.engine.towns import POLICIES, town

KINDS: dict[str, Any] = {
    "takeaway": {"share": 0.5, "classes": ["restaurant"]},
    "buy": {"share": 0.15, "starts": "arrival", "prep_min": 9, "prep_shape": 3, "advance": True, "fee_yuan": 9},
    "queue": {"share": 0.05, "starts": "arrival", "prep_min": 15, "basket_factor": 0, "bill_yuan_per_min": 0.5},
    "send": {"share": 0.1, "pickup": "address", "prep_min": 3, "prep_shape": 2},
    "group": {"share": 0.1, "members": 3.5, "promise_min": 50},
    "medicine": {"share": 0.1, "classes": ["restaurant"], "priority": 5, "needs": ["box"]},
}
DOORS = {"dormitory": {"stairs": 0.8, "walks": 0.6}, "housing": {"stairs": 0.8, "lifts": 0.2, "gates": 0.5}}
ON: dict[str, Any] = {
    "kinds": KINDS,
    "doors": DOORS | {"platform_knows": False},
    "lockers": {"slots": 2, "use": "housing", "pickup_after_min": 20},
    "care": {"share": 0.1},
    "ratings": {"share": 0.5},
}


def scenario(**blocks: Any) -> Scenario:
    return town("district", riders={"count": 18}, seed=3, **blocks)


@cache
def city_with(*names: str) -> tuple[Scenario, City]:
    spec = scenario(**{name: ON[name] for name in names})
    return spec, build_city(spec)


def lived(*names: str, policy: str = "matching", until: float | None = None, world: Any = None) -> tuple[Any, Any]:
    spec, city = city_with(*names)
    log = Log()
    outcome = simulate(spec, city, POLICIES[policy], log, until=until, world=world)
    return log.events(), outcome.world


@cache
def whole(*names: str, policy: str = "matching") -> np.ndarray:
    return lived(*names, policy=policy)[0]


CUTS = (42_500.3, 45_250.3, 66_000.1)
EACH = pytest.mark.parametrize("names", [(name,) for name in ON] + [tuple(ON)], ids=lambda names: "+".join(names))


@EACH
def test_same_seed_same_bytes_and_money_adds_up(names: tuple[str, ...]) -> None:
    events = whole(*names)
    assert lived(*names)[0].tobytes() == events.tobytes()
    assert balances(Tables(events).payments).sum() == 0
    placed, ends = events[events["kind"] == Kind.PLACED], (Kind.DELIVERED, Kind.CANCELLED)
    assert len(placed) > 80
    ended = events["order"][np.isin(events["kind"], ends)]
    assert len(ended) == len(set(ended.tolist())) > 0.9 * len(placed)


@EACH
def test_it_changes_something_and_the_users_stay_the_same(names: tuple[str, ...]) -> None:
    usual, on = whole(), whole(*names)
    assert on.tobytes() != usual.tobytes()
    for events in (usual, on):
        asked = events[np.isin(events["kind"], (Kind.PLACED, Kind.LOST))]
        assert (
            asked[["t", "order", "user"]].tolist()
            == whole()[np.isin(whole()["kind"], (1, 0))][["t", "order", "user"]].tolist()
        )


@EACH
@pytest.mark.parametrize("policy", ["matching", "bundler"])
def test_a_run_can_be_cut_anywhere(names: tuple[str, ...], policy: str) -> None:
    all_of_it = whole(*names, policy=policy)
    for t in CUTS:
        first, world = lived(*names, policy=policy, until=t)
        second, _ = lived(*names, policy=policy, world=world)
        assert_same(first, all_of_it[all_of_it["t"] < t])
        assert_same(second, all_of_it[all_of_it["t"] >= t])


def situations(world: World) -> Iterator[str]:
    for live in world.live.values():
        assert live.own is not None
        yield "not begun" if live.own.done_at == np.inf else "at work" if live.own.done_at else "no work"
        yield from ["slot kept"] * live.own.in_locker
    yield from ["packing"] * bool(world.packing)
    yield from ["stored"] * bool(world.stored)


def test_the_cuts_meet_every_situation() -> None:
    met = {what for t in CUTS for what in situations(lived(*ON, policy="bundler", until=t)[1])}
    assert met == {"not begun", "at work", "no work", "slot kept", "packing", "stored"}


def test_each_kind_of_event_fills_its_columns() -> None:
    events = whole(*ON)
    for kind in (Kind.SPECIFIED, Kind.STORED, Kind.COLLECTED, Kind.RATED):
        rows = events[events["kind"] == kind]
        assert len(rows) > 5
        for column in set(ROW.names or ()) - {"t", "kind"}:
            empty = rows[column] == (0 if column == "amount" else NONE)
            assert not empty.any() if column in FIELDS[kind] and column != "amount" else True, (kind, column)
            assert empty.all() if column not in FIELDS[kind] else True, (kind, column)


@pytest.mark.parametrize("purpose", [Purpose.ADVANCE, Purpose.REIMBURSEMENT, Purpose.WAITING])
def test_each_payment_names_its_parties(purpose: Purpose) -> None:
    rows = whole(*ON)
    rows = rows[(rows["kind"] == Kind.PAID) & (rows["detail"] == purpose)]
    assert len(rows) > 3
    for party in ("rider", "merchant", "user"):
        assert ((rows[party] != NONE) == (party in PARTIES[purpose])).all()


def test_kpis_show_what_is_on_and_are_silent_about_what_is_off() -> None:
    names = ("locker_share", "rating_mean", "good_review_share", "care_good_review_share")
    off, on = compute(Tables(whole())), compute(Tables(whole(*ON)))
    assert all(np.isnan(off[name]) for name in names)
    assert 0.05 < on["locker_share"] < 0.8
    assert 1 < on["rating_mean"] < 5


def test_no_locker_holds_more_than_its_slots() -> None:
    events = whole("doors", "lockers")
    moves = events[np.isin(events["kind"], (Kind.STORED, Kind.COLLECTED))]
    for place in np.unique(moves["place"]):
        here = moves[moves["place"] == place]
        assert np.cumsum(np.where(here["kind"] == Kind.STORED, 1, -1)).max() <= 2
    assert set(moves["order"][moves["kind"] == Kind.COLLECTED]) == set(moves["order"][moves["kind"] == Kind.STORED])
