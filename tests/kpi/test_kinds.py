"""The kinds side by side, and what users say, computed by hand."""

import numpy as np
import pytest

from sim.events import Kind
from sim.kpi.kinds import COLUMNS, good, in_locker, kinds_table, stars
from sim.kpi.orders import orders_table
from tests.kpi.hand_made import NOTHING, STORY, Row, log

NAMES = ("takeaway", "errand", "group")
SPECIFIED = [Row(t, Kind.SPECIFIED, n, place=1, amount=p, detail=k) for t, n, p, k in [(160, 1, 3, 2), (3000, 3, 1, 0)]]
EVENTS = np.sort(np.concatenate([STORY, log(*SPECIFIED)]), order="t", kind="stable")


def test_each_kind_has_its_row() -> None:
    table = kinds_table(orders_table(EVENTS, NAMES)).set_index("kind")
    assert table.index.tolist() == ["takeaway", "group"]
    assert list(table.loc["group"]) == pytest.approx([1, 3, 1, 0, 2440 / 60, 280 / 60, 50, 4])
    usual = table.loc["takeaway"]
    assert (usual["orders"], usual["delivered"], usual["on_time"]) == (4, 1 / 4, 1 / 4)
    assert usual["click_to_door"] == 900 / 60
    assert usual["preparation"] == pytest.approx((300 + 980 + 300 + 1000) / 4 / 60)
    assert usual["basket"] == (30 + 20 + 40 + 10) / 4
    assert set(COLUMNS) < set(table.columns)


def test_no_orders_are_no_kinds() -> None:
    assert len(kinds_table(orders_table(NOTHING))) == 0


def test_ratings_are_counted_over_those_who_rate() -> None:
    assert stars(EVENTS).tolist() == [5, 2]
    assert good(EVENTS).tolist() == [1, 0]
    assert good(EVENTS, cared=True).tolist() == [1]
    assert len(stars(NOTHING)) == len(good(NOTHING)) == 0


def test_lockers_count_delivered_orders_and_are_silent_without_any() -> None:
    assert in_locker(orders_table(EVENTS)).tolist() == [0, 1]
    assert len(in_locker(orders_table(EVENTS[EVENTS["kind"] != Kind.STORED]))) == 0
