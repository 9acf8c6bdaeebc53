"""The shipped bursts: planners see them coming, the hour shows them, and the fleet feels them where they are."""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.city.build import build_city
from sim.city.model import City
from sim.experiment.run import run
from sim.scenario.load import load
from sim.scenario.schema import Scenario

CALM = ("demand.bursts=[]",)


@cache
def town(name: str, *overrides: str) -> City:
    return build_city(load(name, Scenario, overrides))


@cache
def orders(*overrides: str) -> pd.DataFrame:
    scenario = load("concert_night", Scenario, overrides)
    table = run(scenario, city=town("concert_night", *overrides)).tables.orders
    zone = town("concert_night").places.zone[table["place"].to_numpy()]
    return table.assign(hour=table["placed_at"] // 3600, zone=np.array(town("concert_night").zones)[zone])


def planned(name: str, day: int) -> np.ndarray:
    """What the bursts add to the plan, per zone and quarter of an hour."""
    with_, without = town(name).expected, town(name, *CALM).expected
    assert with_ is not None
    assert without is not None
    return with_(day) - without(day)


@pytest.mark.parametrize(
    ("name", "day", "size", "first", "last"),
    [
        ("concert_night", 0, 200, 86, 90),
        ("exam_week", 0, 120, 45, 47),
        ("exam_week", 1, 120 + 220, 45, 88),
    ],
)
def test_the_plan_holds_what_is_announced(name: str, day: int, size: float, first: int, last: int) -> None:
    extra = planned(name, day)
    assert extra.min() > -1e-9
    assert extra.sum() == pytest.approx(size)
    quarters = np.flatnonzero(extra.sum(axis=0) > 1e-9)
    assert (quarters.min(), quarters.max() + 1) == (first, last)


def test_the_crowd_is_around_the_hall() -> None:
    extra = planned("concert_night", 0).sum(axis=1)
    named = {zone for zone, size in zip(town("concert_night").zones, extra, strict=True) if size > 1}
    assert "E3" in named
    assert named <= {"D2", "D3", "D4", "E2", "E3", "E4"}


def test_the_hour_of_the_concert_shows_in_the_log() -> None:
    """Twice the evening's orders between 21 and 23 o'clock, and as many as ever until then."""
    calm, loud = orders(*CALM), orders()
    before: Any = [table[table["hour"] < 21]["placed_at"].to_numpy() for table in (calm, loud)]
    np.testing.assert_array_equal(*before)
    evening = [table["hour"].isin([21, 22]).sum() for table in (calm, loud)]
    assert evening[1] > 2 * evening[0]


def test_orders_are_lost_where_the_concert_was() -> None:
    def lost(table: pd.DataFrame, here: bool) -> float:
        of = table[(table["zone"].isin(["D3", "E3"]) & table["hour"].isin([21, 22])) == here]
        return float((of["state"] != "delivered").mean())

    assert lost(orders(), True) > 0.3
    assert lost(orders(), True) > lost(orders(*CALM), True) + 0.2
    assert lost(orders(), False) < lost(orders(), True) / 2
