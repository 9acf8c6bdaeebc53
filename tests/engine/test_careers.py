"""Riders over weeks in a run: hours, entry and quitting, pay by rules, extra pay, and all of it resumable."""

import copy
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.city.build import build_city
from sim.engine.log import Log
from sim.engine.referee import PolicyError
from sim.engine.simulate import simulate
from sim.events import Kind, Purpose
from sim.kpi.others import balances
from sim.kpi.tables import Tables
from sim.policies.nearest import Nearest
from sim.policies.registry import PolicyNotFound
from sim.scenario.schema import Scenario
from sim.units import DAY, HOUR
from tests.engine.test_resume import assert_same

TOWN: dict[str, Any] = {
    "city": {"kind": "plane", "places": 120},
    "population": {"users": 500},
    "merchants": {"classes": {"restaurant": {"count": 12}}},
    "riders": {"count": 16, "attendance": 0.6},
    "calendar": {"days": 8, "drain_min": 60},
}
ALL: dict[str, Any] = {
    "supply": {"on": True, "pool": 12, "usual_yuan_per_hour": 12, "joins_per_week": 0.3, "quits_per_week": 0.2},
    "pay": {"rules": {"peak": {"rule": "peak"}, "late": {"rule": "late", "params": {"after_min": 0}}}},
    "crew": {"stars": {"rule": "stars", "params": {"orders": [5, 10, 20]}}, "cup": {"rule": "tournament"}},
    "incentive": {"policy": "forecast"},
}


def scenario(**blocks: Any) -> Scenario:
    merged = {key: dict(value) for key, value in TOWN.items()}
    for key, value in blocks.items():
        merged[key] = {**merged.get(key, {}), **value}
    return Scenario.model_validate(merged)


def lived(spec: Scenario, **how: Any) -> tuple[np.ndarray, Any]:
    log = Log()
    outcome = simulate(spec, build_city(spec), Nearest(), log, **how)
    return log.events(), outcome.world


@cache
def of_all() -> np.ndarray:
    return lived(scenario(**ALL))[0]


def paid(events: np.ndarray, purpose: Purpose) -> np.ndarray:
    rows = events[(events["kind"] == Kind.PAID) & (events["detail"] == purpose)]
    return rows["amount"]


def shifts(events: np.ndarray) -> int:
    return int((events["kind"] == Kind.ON_SHIFT).sum())


def test_everything_happens_and_every_payment_balances() -> None:
    events = of_all()
    for kind in (Kind.HIRED, Kind.QUIT, Kind.LEVEL, Kind.SURCHARGE, Kind.STAYED, Kind.FLEET):
        assert (events["kind"] == kind).any(), kind.name
    for purpose in (Purpose.SUBSIDY, Purpose.DEDUCTION, Purpose.BONUS, Purpose.RIDER_PAY):
        assert paid(events, purpose).sum() > 0, purpose.name
    tables = Tables(events)
    assert balances(tables.payments).sum() == 0
    wages = sum(int(paid(events, p).sum()) for p in (Purpose.RIDER_PAY, Purpose.SUBSIDY, Purpose.BONUS))
    assert tables.riders["earned"].sum() == wages - paid(events, Purpose.DEDUCTION).sum()


def test_one_seed_one_log() -> None:
    np.testing.assert_array_equal(lived(scenario(**ALL))[0], of_all())


@pytest.mark.parametrize("at", [3 * HOUR, 2 * DAY, 4 * DAY + 12.25 * HOUR, 6 * DAY + 19 * HOUR])
def test_a_run_cut_anywhere_goes_on_as_if_it_had_not_been(at: float) -> None:
    spec = scenario(**ALL)
    first, world = lived(spec, until=at)
    assert_same(first, of_all()[of_all()["t"] < at])
    assert_same(lived(spec, world=copy.deepcopy(world))[0], of_all()[of_all()["t"] >= at])


def test_who_quits_comes_no_more_and_who_is_hired_may() -> None:
    events = of_all()
    on = events[events["kind"] == Kind.ON_SHIFT]
    for row in events[events["kind"] == Kind.QUIT]:
        back = events[(events["kind"] == Kind.HIRED) & (events["rider"] == row["rider"]) & (events["t"] > row["t"])]
        until = back["t"][0] if len(back) else np.inf
        assert not ((on["rider"] == row["rider"]) & (on["t"] > row["t"]) & (on["t"] < until)).any()
    assert set(on["rider"][on["rider"] >= 16]) <= set(events["rider"][events["kind"] == Kind.HIRED])


def test_better_pay_brings_more_hours_on_the_same_city() -> None:
    still = {"supply": {"on": True, "own_weight": 0.5, "usual_yuan_per_hour": 12}}
    less, more = (shifts(lived(scenario(pay={"per_order_yuan": yuan}, **still))[0]) for yuan in (2.0, 12.0))
    assert more > less


def test_with_everything_at_its_usual_the_fleet_works_as_attendance_says() -> None:
    frozen = {"elasticity": 0.0, "quits_per_week": 0.0, "joins_per_week": 0.0}
    spec = scenario(
        supply={"on": True, "pool": 30, **frozen}, calendar={"days": 30, "drain_min": 0}, population={"users": 5}
    )
    rate = shifts(lived(spec)[0]) / (16 * 30)
    assert rate == pytest.approx(0.6, abs=3 * np.sqrt(0.24 / 480))


def test_extra_pay_stops_at_its_budget() -> None:
    spent = []
    for budget in (5.0, 1e6):
        events = lived(scenario(incentive={"policy": "peak", "budget_yuan_per_day": budget}))[0]
        rows = events[(events["kind"] == Kind.PAID) & (events["detail"] == Purpose.SUBSIDY)]
        spent.append(max(np.bincount((rows["t"] // DAY).astype(int), rows["amount"])))
    assert spent[0] <= 500 < spent[1]


def test_whoever_picks_up_where_extra_pay_is_posted_gets_it() -> None:
    """The budget ends in the middle of a quarter of an hour: from then on nothing is posted that nobody pays."""
    spec = scenario(incentive={"policy": "peak", "budget_yuan_per_day": 21.0})
    events, city = lived(spec)[0], build_city(spec)
    told = events[np.isin(events["kind"], (Kind.SURCHARGE, Kind.PICKED_UP))]
    zone = city.places.zone[city.merchants.place]
    posted, due = dict[int, int](), dict[int, int]()
    for row in told:
        if row["kind"] == Kind.SURCHARGE:
            posted[int(row["detail"])] = int(row["amount"])
        elif extra := posted.get(int(zone[row["merchant"]]), 0):
            due[int(row["order"])] = extra
    paid = events[(events["kind"] == Kind.PAID) & (events["detail"] == Purpose.SUBSIDY)]
    delivered = events["order"][events["kind"] == Kind.DELIVERED].tolist()
    assert dict(zip(paid["order"].tolist(), paid["amount"].tolist(), strict=True)) == {
        order: extra for order, extra in due.items() if order in delivered
    }
    assert 0 < len(due) < (events["kind"] == Kind.PICKED_UP).sum() / 4


def test_deductions_never_take_more_than_an_order_pays() -> None:
    rules = {"late": {"rule": "late", "params": {"after_min": 0, "yuan": 50}}}
    events = lived(scenario(pay={"rules": rules}, riders={"count": 5}))[0]
    taken = events[(events["kind"] == Kind.PAID) & (events["detail"] == Purpose.DEDUCTION)]
    wages = events[(events["kind"] == Kind.PAID) & (events["detail"] == Purpose.RIDER_PAY)]
    wage = dict(zip(wages["order"].tolist(), wages["amount"].tolist(), strict=True))
    assert len(taken) > 20
    assert [wage[order] for order in taken["order"].tolist()] == taken["amount"].tolist(), "50 yuan are more than any"


def test_a_rule_by_kind_pays_for_that_kind_and_no_other() -> None:
    kinds = {"takeaway": {"share": 0.6}, "medicine": {"share": 0.4}}
    rules = {"k": {"rule": "kind", "params": {"yuan": {"medicine": 30}}}}
    events = lived(scenario(pay={"rules": rules}, kinds=kinds, calendar={"days": 1, "drain_min": 60}))[0]
    wages = events[(events["kind"] == Kind.PAID) & (events["detail"] == Purpose.RIDER_PAY)]
    dear = dict(zip(wages["order"].tolist(), (wages["amount"] > 3000).tolist(), strict=True))
    of = events[events["kind"] == Kind.SPECIFIED]
    pairs = zip(of["order"].tolist(), of["detail"].tolist(), strict=True)
    assert {(kind, dear[order]) for order, kind in pairs if order in dear} == {(0, False), (1, True)}


def test_a_kind_that_does_not_exist_is_named_with_its_key() -> None:
    rules = {"k": {"rule": "kind", "params": {"yuan": {"medicin": 30}}}}
    kinds = {"takeaway": {"share": 0.6}, "medicine": {"share": 0.4}}
    with pytest.raises(
        PolicyNotFound, match=r"pay\.rules\.k\.params\.yuan: yuan: unknown kind 'medicin' \(did you mean 'medicine'"
    ):
        lived(scenario(pay={"rules": rules}, kinds=kinds))


def test_training_saves_time_at_stops() -> None:
    plain, trained = (
        lived(scenario(crew=rules))[0] for rules in ({"x": {"rule": "praise"}}, {"x": {"rule": "training"}})
    )
    means = [
        Tables(events).riders["busy_s"].sum() / len(events[events["kind"] == Kind.DELIVERED])
        for events in (plain, trained)
    ]
    assert means[1] < means[0]
    assert paid(trained, Purpose.CREW_COST).sum() == 16 * 8000


GRANTS = "from sim.entities import CrewGrants\n\ndef rule(night, rng):\n"


@pytest.mark.parametrize(
    ("block", "text", "found"),
    [
        ("pay", "def rule(job):\n    return None", "^pay.rules.x, day 0: answered 'None'.*: expected fen"),
        ("pay", "def rule(job):\n    return True", "^pay.rules.x, day 0: answered 'True'"),
        ("crew", "def rule(night, rng):\n    night.crew.level[0] = 9", "^crew.x, day 0: .*read-only"),
        ("crew", "def rule(night, rng):\n    return 5", "^crew.x, day 0: .*expected CrewGrants$"),
        ("crew", f"{GRANTS}    return CrewGrants() if night.day < 3 else 1 / 0", "^crew.x, day 4: .*ZeroDivisionError"),
    ],
)
def test_a_strangers_faulty_rule_ends_in_one_line(tmp_path: Path, block: str, text: str, found: str) -> None:
    (tmp_path / "mine.py").write_text(text)
    named = {"x": {"rule": f"{tmp_path / 'mine.py'}:rule"}}
    with pytest.raises(PolicyError, match=found):
        lived(scenario(**{block: {"rules": named} if block == "pay" else named}))


@pytest.mark.parametrize("goods", ["returned", "lost"])
def test_who_finds_nobody_is_paid_by_the_same_rules_and_it_counts(goods: str) -> None:
    false = {"on": True, "fraud": {"share": 0.3, "goods": goods}}
    events, world = lived(scenario(**ALL, checkout=false))
    assert (events["kind"] == Kind.NOBODY).sum() > 5
    purposes = Purpose.RIDER_PAY, Purpose.SUBSIDY, Purpose.BONUS, Purpose.GUARANTEE
    wages = sum(int(paid(events, purpose).sum()) for purpose in purposes) - int(paid(events, Purpose.DEDUCTION).sum())
    assert world.careers.crew.earned.sum() == wages
    assert not world.careers.promised, "no extra pay is left over"
