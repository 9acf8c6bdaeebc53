"""Checkout, intake, promises and weak signals together in generated cities: lives, payments, cuts, and what is off."""

import copy
from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.city.build import build_city
from sim.city.model import City
from sim.engine.log import Log
from sim.engine.simulate import simulate
from sim.engine.world import World
from sim.events import LIFE, Kind, Purpose, Reason
from sim.kpi.others import balances, payments_table
from sim.policies.matching import Matching
from sim.scenario.schema import Scenario
from tests.engine.test_resume import assert_same
from tests.engine.towns import town

MECHANISMS: dict[str, dict[str, Any]] = {
    "checkout": {
        "checkout": {
            "on": True,
            "validates_address": False,
            "payment": {"failure": 0.3},
            "fraud": {"share": 0.1, "goods": "returned"},
            "screening": {"policy": "threshold", "params": {"score": 1.5}},
        }
    },
    "goods lost": {"checkout": {"on": True, "fraud": {"share": 0.2}}},
    "signal": {"signal": {"share": 0.4, "delay_s": 600}},
    "eta": {"platform": {"eta": True}},
    "promise": {"promise": {"policy": "load_aware", "guarantee": {"on": True}, "flash": {"on": True, "share": 0.8}}},
    "intake": {"intake": {"requests_per_min": 1.5, "policy": "degrade", "params": {"room_s": 300}}},
    "breaker": {"intake": {"requests_per_min": 1.5, "policy": "circuit_breaker", "params": {"least": 2}}},
}
TOGETHER = ("checkout", "signal", "eta", "promise", "intake")
MECHANISMS["all"] = {key: block for name in TOGETHER for key, block in MECHANISMS[name].items()}


@cache
def scenario(name: str) -> Scenario:
    return town("scarce", **MECHANISMS[name])


@cache
def city(name: str) -> City:
    return build_city(scenario(name))


@cache
def lived(name: str) -> np.ndarray:
    return live(name)


def live(name: str, world: World | None = None, until: float | None = None) -> np.ndarray:
    log = Log()
    simulate(scenario(name), city(name), Matching(), log, world=world, until=until)
    return log.events()


SEEN = {
    "checkout": {Kind.DECLINED, Kind.NOBODY, Kind.RETURNED},
    "goods lost": {Kind.NOBODY, Kind.WRITTEN_OFF},
    "signal": {Kind.STATUS},
    "eta": {Kind.ETA},
    "promise": {Kind.PAID},
    "intake": {Kind.ASKED, Kind.LOST},
    "breaker": {Kind.ASKED, Kind.LOST},
    "all": {Kind.ASKED, Kind.DECLINED, Kind.NOBODY, Kind.RETURNED, Kind.STATUS, Kind.ETA},
}
each = pytest.mark.parametrize("name", MECHANISMS)


@each
def test_it_does_something(name: str) -> None:
    assert {Kind(kind) for kind in np.unique(lived(name)["kind"])} >= SEEN[name]


@each
def test_every_order_lives_as_the_table_says(name: str) -> None:
    state: dict[int, Kind] = {}
    for row in lived(name):
        kind = Kind(row["kind"])
        if kind in LIFE:
            assert kind in LIFE[state.get(row["order"])], f"order {row['order']}: {kind.name}"
            state[row["order"]] = kind


@each
def test_payments_sum_to_zero_and_no_refund_is_larger_than_what_was_paid(name: str) -> None:
    payments = payments_table(lived(name))
    assert balances(payments).sum() == 0
    back = payments["purpose"].isin(["refund", "chargeback"])
    sides = {True: payments["payee"] == "user", False: payments["payer"] == "user"}
    for order in payments[back]["order"].unique().tolist():
        mine = payments["order"] == order
        paid = payments[mine & sides[False]]["amount"].sum()
        assert payments[mine & back & sides[True]]["amount"].sum() == paid


@each
def test_two_runs_are_equal_to_the_byte(name: str) -> None:
    assert live(name).tobytes() == lived(name).tobytes()


@pytest.mark.parametrize("t", [41_000.3, 45_000.7, 66_600.1])
@each
def test_a_run_goes_on_where_it_stood(name: str, t: float) -> None:
    log = Log()
    world = simulate(scenario(name), city(name), Matching(), log, until=t).world
    assert_same(np.concatenate([log.events(), live(name, copy.deepcopy(world))]), lived(name))


@each
def test_switched_off_the_city_is_what_it_was(name: str) -> None:
    """The wishes are the same ones at the same times; only what becomes of them differs."""
    plain = Log()
    simulate(town("scarce"), build_city(town("scarce")), Matching(), plain)
    assert births(lived(name)) == births(plain.events())


def births(events: np.ndarray) -> list[tuple[float, int, int]]:
    rows = events[np.isin(events["kind"], (Kind.ASKED, Kind.PLACED, Kind.LOST))]
    _, first = np.unique(rows["order"], return_index=True)
    return [(row["t"].item(), row["order"].item(), row["user"].item()) for row in rows[first]]


def test_collapse_and_rescue_on_one_city() -> None:
    """With half the requests that come in a rush, a queue takes more orders than letting everybody wait."""
    rush = {
        "demand": {"bursts": [{"name": "rush", "place": {"zone": "A1"}, "at": "12:00", "minutes": 1, "orders": 300}]}
    }
    taken = {}
    for policy in ("none", "queue", "degrade"):
        spec = town("scarce", **rush, intake={"requests_per_min": 20, "policy": policy, "tries": 1})
        log = Log()
        simulate(spec, build_city(spec), Matching(), log)
        events = log.events()
        taken[policy] = int((events["kind"] == Kind.PLACED).sum())
    assert taken["none"] < taken["queue"] < taken["degrade"]


def test_screening_costs_false_alarms_and_saves_chargebacks() -> None:
    share = {"on": True, "fraud": {"share": 0.2}}
    log = []
    for policy in ("none", "threshold"):
        spec = town("scarce", checkout={**share, "screening": {"policy": policy, "params": {}}})
        out = Log()
        simulate(spec, build_city(spec), Matching(), out)
        log.append(out.events())
    claims = [int((e["detail"][e["kind"] == Kind.PAID] == Purpose.CHARGEBACK).sum()) for e in log]
    alarms = [int((e["detail"][e["kind"] == Kind.LOST] == Reason.SCREENED).sum()) for e in log]
    assert claims[1] < claims[0]
    assert alarms[0] == 0 < alarms[1]
