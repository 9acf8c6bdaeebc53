"""The diagnosis names the cause that was planted, keeps quiet where there is none, and adds up."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from sim.city.build import build_city
from sim.city.model import City, Day
from sim.engine.log import Log
from sim.engine.simulate import simulate
from sim.events import NONE, ROW, Kind, Reason
from sim.kpi.diagnosis import CAUSES, FEWEST_PEOPLE, NORM, WHOLE, diagnose, lateness, reference, wilson
from sim.kpi.events import Events
from sim.kpi.steps import steps_table
from sim.kpi.tables import Tables
from sim.policies.matching import Matching
from sim.scenario.schema import Scenario
from sim.streams import Streams
from tests.kpi.hand_made import NOTHING, STORY, Row, departed, log, on_shift, picked_up, placed

TOWN: dict[str, Any] = {
    "seed": 3,
    "city": {"kind": "district", "width_m": 3000, "height_m": 2500, "zone_m": 1500},
    "population": {"users": 6000},
    "merchants": {
        "classes": {"restaurant": {"count": 40, "stations": 9}, "shop": {"count": 12, "stations": 9, "prep_min": 5}},
        "choice_km": 0.4,
    },
    "riders": {"count": 400},
}
HUNGRY_LUNCH = {
    "early": {"start": "06:30", "hours": 4, "share": 0.25},
    "lunch": {"start": "10:15", "hours": 4, "share": 0.05},
    "dinner": {"start": "14:15", "hours": 9, "share": 0.7},
}
SHOPS = {"restaurant": {"count": 40, "stations": 9}, "shop": {"count": 12, "stations": 27, "prep_min": 30}}
PLANTED: dict[str, dict[str, Any]] = {
    "healthy": {},
    "slow shops": {"merchants": {"classes": SHOPS, "choice_km": 0.4}},
    "few riders at lunch": {"riders": {"count": 300, "shifts": HUNGRY_LUNCH}},
    "one bridge and slow": {
        "city": {"kind": "district", "width_m": 5000, "height_m": 3000, "bridges": 1},
        "merchants": {"classes": TOWN["merchants"]["classes"], "choice_km": 2},
        "travel": {"metres_per_minute": 150},
        "riders": {"count": 1200},
    },
    "slow doors": {"service": {"dropoff_min": 40}, "riders": {"count": 1500}},
    "short promise": {"platform": {"promise_min": 12}},
}
CAUSE = {
    "slow shops": "kitchen",
    "slow kitchens of a zone": "kitchen",
    "few riders at lunch": "assignment",
    "one bridge and slow": "travel",
    "slow doors": "door",
    "short promise": "promise",
}
"""What was planted, and what must be found."""


def lived(scenario: Scenario, city: City) -> tuple[Tables, City]:
    out = Log()
    simulate(scenario, city, Matching(), out)
    return Tables(out.events()), city


@cache
def run(name: str) -> tuple[Tables, City]:
    if name == "slow kitchens of a zone":
        return zone_run()
    scenario = Scenario.model_validate(TOWN | PLANTED[name])
    return lived(scenario, build_city(scenario))


def zone_run() -> tuple[Tables, City]:
    """The kitchens of the zone with most of them cook three times as long."""
    scenario = Scenario.model_validate(TOWN)
    city = build_city(scenario)
    zone = city.places.zone[city.merchants.place]
    slow = zone == np.bincount(zone).argmax()

    def day(number: int, streams: Streams) -> Day:
        today = city.day(number, streams)
        intents = today.intents
        cooks = np.where(slow[intents.merchant] & (intents.merchant >= 0), 3, 1) * intents.prep_s
        return replace(today, intents=replace(intents, prep_s=cooks))

    return lived(scenario, replace(city, day=day))


@cache
def found(name: str) -> pd.DataFrame:
    tables, city = run(name)
    return diagnose(tables, city.places.zone)


@pytest.mark.parametrize("name", CAUSE)
def test_the_planted_cause_is_the_main_one(name: str) -> None:
    whole = found(name).iloc[0]
    assert (whole["zone"], whole["hour"]) == (WHOLE, WHOLE)
    assert whole["on_time"] < found("healthy").iloc[0]["on_time"] - 0.05
    assert whole["cause"] == CAUSE[name]
    assert whole[CAUSE[name]] > 0.5


@pytest.mark.parametrize("name", ["slow kitchens of a zone", "few riders at lunch"])
def test_where_the_cause_is_local_the_zone_hours_are_named_and_so_is_it(name: str) -> None:
    named = found(name)[found(name)["named"]]
    assert len(named) >= 3
    assert set(named["cause"]) == {CAUSE[name]}
    assert (named["on_time"] < found(name).iloc[0]["on_time"]).all()
    if name == "few riders at lunch":
        assert set(named["hour"]) <= {10, 11, 12, 13, 14}


def test_nothing_is_named_in_a_healthy_run() -> None:
    table = found("healthy")
    assert table.iloc[0]["on_time"] > 0.95
    assert len(table) > 20
    assert not table["named"].any()


def test_more_bridges_make_travel_less_of_a_cause() -> None:
    change = PLANTED["one bridge and slow"]
    scenario = Scenario.model_validate(TOWN | change | {"city": change["city"] | {"bridges": 12}})
    tables, city = lived(scenario, build_city(scenario))
    many, one = diagnose(tables, city.places.zone).iloc[0], found("one bridge and slow").iloc[0]
    assert many["late"] * many["travel"] < 0.7 * one["late"] * one["travel"]


@pytest.mark.parametrize("name", ["healthy", *CAUSE])
def test_the_causes_of_an_order_add_up_to_its_minutes_late(name: str) -> None:
    tables, _ = run(name)
    orders = tables.orders[tables.orders["state"] == "delivered"]
    moved = lateness(tables)
    assert moved["order"].tolist() == orders["order"].tolist()
    late = (orders["delivered_at"] - orders["promised_at"]).to_numpy() / 60
    assert moved[list(CAUSES)].sum(axis=1).to_numpy() == pytest.approx(late, abs=1e-6)


@pytest.mark.parametrize("name", ["healthy", *CAUSE])
def test_the_table_agrees_with_the_orders(name: str) -> None:
    (tables, city), table = run(name), found(name)
    orders, whole, cells = tables.orders, table.iloc[0], table.iloc[1:]
    assert whole["orders"] == len(orders)
    assert whole["on_time"] == pytest.approx((orders["delivered_at"] <= orders["promised_at"]).mean())
    assert whole["people"] == orders["user"].nunique()
    shares = table[list(CAUSES)].to_numpy()
    assert shares.sum(axis=1) == pytest.approx(np.where(table["late"] > 0, 1.0, 0.0))
    assert (cells["people"] >= FEWEST_PEOPLE).all()
    assert (cells["low"] <= cells["on_time"]).all()
    assert (cells["on_time"] <= cells["high"]).all()
    first = cells.iloc[0]
    at = (city.places.zone[orders["place"]] == first["zone"]) & (orders["placed_at"] // 3600 == first["hour"])
    assert (first["orders"], first["people"]) == (at.sum(), orders["user"][at].nunique())


def test_the_usual_is_the_median_but_no_more_than_the_norm() -> None:
    tables, _ = run("slow doors")
    steps = steps_table(tables.events, tables.orders)
    usual = reference(steps)
    assert steps["door"].median() == pytest.approx(20)
    assert usual["door"] == NORM["door"]
    assert usual["way"] == steps["way"].median() < NORM["way"]
    assert reference(steps[:0]) == NORM


def story(*rows: Row) -> pd.Series:
    return diagnose(Tables(log(*rows)), np.zeros(40, dtype=np.int64)).iloc[0]


COOKED = Row(600, Kind.READY, 0, merchant=1)
GIVEN = Row(700, Kind.ASSIGNED, 0, rider=2, detail=0)
LEFT = Row(4000, Kind.CANCELLED, 0, user=1, detail=Reason.PATIENCE)


@pytest.mark.parametrize(
    ("rows", "cause"),
    [
        ([COOKED, LEFT], "assignment"),  # the meal stood ready until patience ended
        ([LEFT], "kitchen"),  # there was nothing to fetch until patience ended
        ([LEFT._replace(t=300)], "assignment"),  # nothing took longer than usual: it is the user's wait
        ([COOKED, on_shift(5000, 2, 0, 10)], "assignment"),  # open, in nobody's route
        ([GIVEN, on_shift(5000, 2, 0, 10)], "kitchen"),  # open, the meal was never ready
        ([COOKED, GIVEN, departed(700, 2, 9, 0), picked_up(900, 0, 2), on_shift(5000, 2, 0, 10)], "travel"),
    ],
)
def test_orders_never_delivered_have_a_cause(rows: list[Row], cause: str) -> None:
    whole = story(*placed(0, 0, merchant=1, user=1, basket=100), *rows)
    assert (whole["orders"], whole["late"], whole["cause"]) == (1, 1, cause)
    assert whole[cause] > 0.5
    assert np.isnan(whole["minutes_late"])


def test_orders_cancelled_for_other_reasons_are_left_out() -> None:
    events = log(*placed(0, 0, 1, 1, 100), *placed(9, 1, 1, 2, 100), LEFT._replace(detail=99), LEFT._replace(order=1))
    assert diagnose(Tables(events), np.zeros(9, dtype=np.int64)).iloc[0]["orders"] == 1


def test_few_people_are_not_looked_at() -> None:
    table = diagnose(Tables(STORY), np.zeros(40, dtype=np.int64))
    assert table["zone"].tolist() == [WHOLE]
    assert not table["named"].any()


def test_no_orders_no_rows() -> None:
    table = diagnose(Tables(NOTHING), np.zeros(3, dtype=np.int64))
    assert len(table) == 0
    assert set(table.columns) == set(found("healthy").columns)


def random_log(rng: np.random.Generator, spoilt: float) -> Events:
    """600 orders of five zones (places) and six hours: late by the toss of a coin; in zone 0 at 0:00, `spoilt`."""
    zone, hour = rng.integers(5, size=600), rng.integers(6, size=600)
    late = rng.random(600) < np.where((zone == 0) & (hour == 0), spoilt, 0.15)
    rows = np.zeros((2, 600), dtype=ROW)
    rows["rider"], rows["merchant"], rows["order"] = NONE, NONE, np.arange(600)
    rows["user"], rows["place"], rows["detail"] = np.arange(600), zone, 2400
    rows["kind"] = np.array([[Kind.PLACED], [Kind.CANCELLED]])
    rows["detail"][1] = Reason.PATIENCE
    rows["t"] = 3600 * hour + np.array([[0.0], [1800.0]])
    done = rows[:, ~late]
    done["kind"][1] = Kind.DELIVERED
    events = np.concatenate([rows[:, late].ravel(), done.ravel(), picked(done)])
    return np.asarray(events[np.argsort(events["t"], kind="stable")])


def picked(done: np.ndarray) -> np.ndarray:
    row = done[1].copy()
    row["kind"], row["amount"] = Kind.PICKED_UP, 0
    row["t"] -= 600
    return row


def named_in(logs: int, spoilt: float) -> list[set[tuple[int, int]]]:
    rng = np.random.default_rng(11)
    tables = [diagnose(Tables(random_log(rng, spoilt)), np.arange(5)) for _ in range(logs)]
    return [set(zip(t["zone"][t["named"]], t["hour"][t["named"]], strict=True)) for t in tables]


def test_chance_is_named_no_more_often_than_stated() -> None:
    """Under no difference a false discovery is any discovery: at most 5% of the logs, 6 of 40 with 99%."""
    assert sum(map(bool, named_in(40, spoilt=0.15))) <= 6


def test_a_spoilt_hour_is_named_and_others_are_not() -> None:
    results = named_in(20, spoilt=0.7)
    assert sum((0, 0) in named for named in results) >= 18
    assert sum(len(named - {(0, 0)}) for named in results) <= 4


@pytest.mark.parametrize(("k", "n"), [(0, 10), (5, 10), (19, 20), (20, 20)])
def test_intervals_are_wilson_s(k: int, n: int) -> None:
    low, high = wilson(np.array([float(k)]), np.array([float(n)]))
    expected = proportion_confint(k, n, method="wilson")
    assert (low.item(), high.item()) == pytest.approx(expected, abs=1e-12)


def test_days_are_pooled_by_the_hour_of_the_day() -> None:
    rows = [row for user in range(18) for row in placed(86400 * (user // 6) + 50_000, user, 1, user, 100)]
    table = diagnose(Tables(log(*rows)), np.zeros(1, dtype=np.int64))
    assert table[["zone", "hour", "orders"]].to_numpy().tolist() == [[WHOLE, WHOLE, 18], [0, 13, 18]]
