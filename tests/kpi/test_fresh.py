"""Portions made, sold and thrown away, on a log made by hand."""

from math import isnan

import pytest

from sim.events import Kind
from sim.kpi.fresh import preordered, wasted
from sim.kpi.tables import Tables
from sim.units import DAY
from tests.kpi.hand_made import STORY, Row, log, placed

DAYS = (
    Row(DAY, Kind.PREORDERED, merchant=0, amount=3, detail=2),
    Row(DAY, Kind.WASTED, merchant=0, amount=1, detail=6),
    Row(DAY, Kind.WASTED, merchant=1, amount=0, detail=0),
    Row(2 * DAY, Kind.WASTED, merchant=0, amount=2, detail=4),
)
ORDERS = [
    row for order, merchant in enumerate((0, 0, 0, 1, 2)) for row in placed(100 + order, order, merchant, 1, 2000)
]


def test_what_is_thrown_away_is_told_of_what_was_made() -> None:
    assert wasted(Tables(log(*DAYS))) == pytest.approx(3 / 10)


def test_what_was_told_is_told_of_what_was_ordered_where_it_could_be() -> None:
    assert preordered(Tables(log(*ORDERS, *DAYS))) == pytest.approx(2 / 4), "merchant 2 makes nothing ahead"


def test_nothing_made_and_nothing_ordered_have_no_shares() -> None:
    idle = Tables(log(DAYS[2]))
    assert isnan(wasted(idle))
    assert isnan(preordered(idle))
    assert isnan(wasted(Tables(STORY)))
    assert isnan(preordered(Tables(STORY)))
