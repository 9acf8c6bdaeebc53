"""The simulation against what is known without it: Erlang C, Poisson, Little's law, and conservation."""

from functools import cache
from itertools import pairwise
from math import factorial
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.city.build import build_city
from sim.engine.log import Log
from sim.engine.simulate import simulate
from sim.events import PARTIES, Kind, Purpose
from sim.policies.nearest import Nearest
from sim.scenario.schema import Scenario
from sim.units import DAY, HOUR, MINUTE
from tests.engine.towns import CASES, city_of, log_of, town

IN_EVERY_CASE = pytest.mark.parametrize(("name", "policy"), CASES)
WHERE_NOBODY_TIRES = pytest.mark.parametrize(("name", "policy"), [case for case in CASES if case[0] != "labour"])
"""Fatigue makes ways and services longer than the map and the scenario say."""
REPLICATIONS, WARM_UP_S = 12, 2 * HOUR


def rows(events: np.ndarray, *kinds: Kind) -> np.ndarray:
    return events[np.isin(events["kind"], kinds)]


# A kitchen with c stations, Poisson orders and exponential preparation is the M/M/c queue.


def erlang_c(stations: int, load: float) -> float:
    """Probability of waiting at `stations` servers offered `load` erlangs."""
    last = load**stations / factorial(stations) * stations / (stations - load)
    return last / (sum(load**k / factorial(k) for k in range(stations)) + last)


def test_erlang_c_is_the_textbooks() -> None:
    assert erlang_c(1, 0.7) == pytest.approx(0.7)
    assert erlang_c(2, 1.0) == pytest.approx(1 / 3)
    assert erlang_c(10, 8.0) == pytest.approx(0.4092, abs=1e-4)


def kitchen(stations: int, load: float, prep_min: float = 1.0) -> Scenario:
    """One kitchen in a city without riders, open around the clock, with flat demand and endless patience."""
    per_day = load / prep_min * 1440
    segment = {"share": 1, "intents_per_day": per_day / 1000, "weekday": [1.0] * 24, "weekend": [1.0] * 24}
    counter = {"count": 1, "stations": stations, "prep_min": prep_min, "prep_shape": 1}
    return Scenario.model_validate(
        {
            "city": {"kind": "plane", "width_m": 500, "height_m": 500, "places": 20},
            "population": {
                "users": 1000,
                "segments": {"all": {**segment, "weekend_factor": 1}},
                "patience_min": 600,
                "patience_shape": 100,
            },
            "merchants": {"classes": {"kitchen": {**counter, "opens": "00:00", "closes": "48:00"}}},
            "riders": {"count": 0},
            "calendar": {"days": 1, "drain_min": 60},
        }
    )


@cache
def queue_times(stations: int, load: float) -> tuple[np.ndarray, np.ndarray]:
    """Mean wait for a station (s) and share who wait, per replication, after the warm-up."""
    scenario = kitchen(stations, load)
    city = build_city(scenario)
    means, shares = [], []
    for replication in range(REPLICATIONS):
        log = Log()
        simulate(scenario, city, Nearest(), log, replication)
        placed, begun = rows(log.events(), Kind.PLACED), rows(log.events(), Kind.COOKING)
        assert placed["order"].tolist() == begun["order"].tolist(), "first come, first served"
        wait = (begun["t"] - placed["t"])[placed["t"] > WARM_UP_S]
        means.append(wait.mean())
        shares.append((wait > 0).mean())
    return np.array(means), np.array(shares)


def interval_99(values: np.ndarray) -> tuple[float, float]:
    half = stats.t.ppf(0.995, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return values.mean() - half, values.mean() + half


@pytest.mark.parametrize(("stations", "load"), [(1, 0.6), (3, 2.1)])
def test_the_kitchen_is_the_erlang_c_queue(stations: int, load: float) -> None:
    waits, shares = queue_times(stations, load)
    expected = erlang_c(stations, load) * MINUTE / (stations - load)
    low, high = interval_99(waits)
    assert low <= expected <= high
    assert high - low < 0.5 * expected, "the interval says something"
    low, high = interval_99(shares)
    assert low <= erlang_c(stations, load) <= high


def test_the_test_would_notice_another_queue() -> None:
    """A tenth more load, or half a service less to wait, is outside of the interval."""
    waits, _ = queue_times(3, 2.1)
    low, high = interval_99(waits)
    assert high < erlang_c(3, 2.31) * MINUTE / (3 - 2.31)
    assert low > 1.5 * erlang_c(4, 2.1) * MINUTE / (4 - 2.1)


def test_orders_come_as_a_poisson_process() -> None:
    """Gaps are exponential and the counts of hours have variance equal to the mean."""
    scenario = kitchen(3, 2.4)
    city, gaps, counts = build_city(scenario), [], []
    for replication in range(4):
        log = Log()
        simulate(scenario, city, Nearest(), log, replication)
        t = rows(log.events(), Kind.PLACED)["t"]
        gaps.append(np.diff(t))
        counts.append(np.bincount((t // HOUR).astype(int), minlength=24))
    together, hours = np.concatenate(gaps), np.concatenate(counts)
    assert stats.kstest(together, stats.expon(scale=MINUTE / 2.4).cdf).pvalue > 0.01
    low, high = stats.poisson.interval(0.99, 2.4 * 60 * len(hours))
    assert low <= hours.sum() <= high
    low, high = stats.chi2.interval(0.99, len(hours) - 1)
    assert low < hours.var(ddof=1) / hours.mean() * (len(hours) - 1) < high


# Little's law holds on any log, to the last bit of rounding.


@IN_EVERY_CASE
def test_littles_law(name: str, policy: str) -> None:
    """Area under the number of live orders = sum of their times in the system, those still open cut at the end."""
    events = log_of(name, policy)
    scenario = town(name)
    end = scenario.calendar.days * DAY + scenario.calendar.drain_min * MINUTE
    ins, outs = rows(events, Kind.PLACED), rows(events, Kind.DELIVERED, Kind.CANCELLED)
    t = np.concatenate([ins["t"], outs["t"]])
    step = np.concatenate([np.ones(len(ins)), -np.ones(len(outs))])
    order = np.argsort(t, kind="stable")
    number = np.cumsum(step[order])
    area = (number * np.diff(np.append(t[order], end))).sum()
    left = dict(zip(outs["order"].tolist(), outs["t"].tolist(), strict=True))
    sojourn = np.array(
        [left.get(o, end) - born for o, born in zip(ins["order"].tolist(), ins["t"].tolist(), strict=True)]
    )
    assert (sojourn >= 0).all()
    mean_live, rate, mean_time = area / end, len(ins) / end, sojourn.mean()
    assert mean_live == pytest.approx(rate * mean_time, rel=1e-9)
    assert mean_live > 0


# Nothing is lost, and nobody is in two places.


@IN_EVERY_CASE
def test_each_wish_has_exactly_one_end(name: str, policy: str) -> None:
    events = log_of(name, policy)
    placed = set(rows(events, Kind.PLACED)["order"].tolist())
    ends = rows(events, Kind.DELIVERED, Kind.CANCELLED)["order"]
    lost = set(rows(events, Kind.LOST)["order"].tolist())
    assert len(np.unique(ends)) == len(ends)
    assert set(ends.tolist()) <= placed
    assert not placed & lost
    still_open = placed - set(ends.tolist())
    assert len(placed) == len(ends) + len(still_open)
    after_ready = {o for o in still_open if o not in set(rows(events, Kind.READY)["order"].tolist())}
    assert len(after_ready) <= len(still_open)


@WHERE_NOBODY_TIRES
def test_nobody_is_in_two_places(name: str, policy: str) -> None:
    """A rider leaves from where he arrived last, and his ways take as long as the map says."""
    events, travel = log_of(name, policy), city_of(name).travel
    moves = rows(events, Kind.ON_SHIFT, Kind.DEPARTED, Kind.ARRIVED, Kind.OFF_SHIFT, Kind.IDLE)
    for rider in np.unique(moves["rider"]):
        own = moves[moves["rider"] == rider]
        assert own["kind"][0] == Kind.ON_SHIFT
        for before, after in pairwise(own):
            if after["kind"] == Kind.ON_SHIFT:
                continue  # a new shift may begin elsewhere, or while the last goes on
            if after["kind"] == Kind.ARRIVED:
                assert before["kind"] == Kind.DEPARTED
                there = travel.time(int(before["place"]), int(after["place"]))
                assert after["t"] - before["t"] == pytest.approx(there, abs=1e-6)
                metres = travel.distance(int(before["place"]), int(after["place"]))
                assert abs(before["amount"] - metres) <= 0.5
            else:
                assert after["place"] == before["place"]
                assert after["t"] >= before["t"]


@WHERE_NOBODY_TIRES
def test_hand_overs_are_where_and_when_the_rider_is(name: str, policy: str) -> None:
    """A pickup or delivery is half a service after the arrival, or when the meal is ready."""
    events, scenario = log_of(name, policy), town(name)
    half = {
        Kind.PICKED_UP: scenario.service.pickup_min * MINUTE / 2,
        Kind.DELIVERED: scenario.service.dropoff_min * MINUTE / 2,
    }
    ready = {int(row["order"]): row["t"] for row in rows(events, Kind.READY)}
    arrived: dict[int, float] = {}
    for row in rows(events, Kind.ARRIVED, Kind.PICKED_UP, Kind.DELIVERED):
        rider, kind = int(row["rider"]), Kind(row["kind"])
        if kind == Kind.ARRIVED:
            arrived[rider] = row["t"]
        elif kind == Kind.DELIVERED:
            assert row["t"] - arrived[rider] == pytest.approx(half[kind], abs=1e-6)
        else:
            assert row["t"] >= ready[int(row["order"])]
            assert row["t"] >= arrived[rider] + half[kind] - 1e-6
            waited = row["t"] - arrived[rider] - half[kind]
            assert row["amount"] == round(waited) or abs(row["amount"] - waited) <= 0.5 + 1e-6


@WHERE_NOBODY_TIRES
def test_click_to_door_is_the_sum_of_its_parts_without_bundles(name: str, policy: str) -> None:
    """Placed to delivered = cooking and queueing + ready to pickup + way + half services, for orders alone on board."""
    events, scenario, city = log_of(name, policy), town(name), city_of(name)
    at: dict[Kind, dict[int, Any]] = {
        kind: {int(row["order"]): row for row in rows(events, kind)}
        for kind in (Kind.PLACED, Kind.READY, Kind.PICKED_UP, Kind.DELIVERED)
    }
    service = (scenario.service.pickup_min + scenario.service.dropoff_min) * MINUTE / 2
    direct = 0
    for order, end in at[Kind.DELIVERED].items():
        pickup = at[Kind.PICKED_UP][order]
        moves = events[(events["rider"] == end["rider"]) & (events["t"] > pickup["t"]) & (events["t"] < end["t"])]
        if len(rows(moves, Kind.ARRIVED)) != 1 or len(rows(moves, Kind.PICKED_UP, Kind.DELIVERED)):
            continue
        direct += 1
        way = city.travel.time(int(city.merchants.place[pickup["merchant"]]), int(end["place"]))
        assert end["t"] - pickup["t"] == pytest.approx(service + way, abs=1e-6)
        assert end["t"] >= at[Kind.PLACED][order]["t"] + service + way - 1e-6
    assert direct > 0.4 * len(at[Kind.DELIVERED])


# Money is neither made nor lost.


@IN_EVERY_CASE
def test_payments_sum_to_zero_and_each_order_is_settled(name: str, policy: str) -> None:
    events, scenario = log_of(name, policy), town(name)
    paid = rows(events, Kind.PAID)
    purposes: dict[int, dict[Purpose, int]] = {}
    balance = dict.fromkeys(("user", "platform", "merchant", "rider"), 0)
    for row in paid:
        payer, payee = PARTIES[Purpose(row["detail"])]
        balance[payer] -= int(row["amount"])
        balance[payee] += int(row["amount"])
        account = purposes.setdefault(int(row["order"]), {})
        assert Purpose(row["detail"]) not in account or row["order"] < 0, "paid twice"
        account[Purpose(row["detail"])] = int(row["amount"])
    assert sum(balance.values()) == 0
    delivered = set(rows(events, Kind.DELIVERED)["order"].tolist())
    cancelled = set(rows(events, Kind.CANCELLED)["order"].tolist())
    fetched = set(rows(events, Kind.PICKED_UP)["order"].tolist())
    fee = round(scenario.platform.delivery_fee_yuan * 100)
    for placed in rows(events, Kind.PLACED):
        order, basket = int(placed["order"]), int(placed["amount"])
        account = purposes[order]
        assert (account[Purpose.BASKET], account[Purpose.DELIVERY_FEE]) == (basket, fee)
        assert account.get(Purpose.REFUND) == (basket + fee if order in cancelled else None)
        assert (Purpose.MERCHANT_SHARE in account) == (order in fetched)
        assert (Purpose.RIDER_PAY in account) == (order in delivered)
        if order in fetched:
            kept = basket - account[Purpose.MERCHANT_SHARE]
            assert kept == pytest.approx(basket * scenario.platform.commission, abs=0.5)


@IN_EVERY_CASE
def test_riders_are_paid_by_order_and_kilometre(name: str, policy: str) -> None:
    events, scenario, city = log_of(name, policy), town(name), city_of(name)
    paid = rows(events, Kind.PAID)
    pay = {int(row["order"]): int(row["amount"]) for row in paid[paid["detail"] == Purpose.RIDER_PAY]}
    merchant = {int(row["order"]): int(row["merchant"]) for row in rows(events, Kind.PLACED)}
    for row in rows(events, Kind.DELIVERED):
        km = city.travel.distance(int(city.merchants.place[merchant[int(row["order"])]]), int(row["place"])) / 1000
        expected = 100 * (scenario.pay.per_order_yuan + km * scenario.pay.per_km_yuan)
        assert pay[int(row["order"])] == pytest.approx(expected, abs=0.51)


def test_a_guarantee_makes_the_least_income_of_a_shift() -> None:
    """In the town with a guarantee, pay and top-up of a shift are never below it."""
    events, scenario = log_of("scarce", "matching"), town("scarce")
    shift: dict[int, int] = {}
    earned: dict[int, int] = {}
    least: list[tuple[int, int]] = []
    for row in rows(events, Kind.ON_SHIFT, Kind.PAID, Kind.OFF_SHIFT):
        rider = int(row["rider"])
        if row["kind"] == Kind.ON_SHIFT:
            shift[rider], earned[rider] = int(row["amount"]), 0
        elif row["kind"] == Kind.PAID and rider >= 0:
            earned[rider] += int(row["amount"])
        elif row["kind"] == Kind.OFF_SHIFT:
            least.append((rider, round(shift[rider] / HOUR * scenario.pay.guarantee_yuan_per_hour * 100)))
    assert len(least) >= 4
    assert all(earned[rider] >= amount for rider, amount in least)
    assert any(earned[rider] == amount for rider, amount in least)
