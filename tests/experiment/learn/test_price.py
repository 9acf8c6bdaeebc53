"""What orders cost, from hand-made events and against the tables of a run."""

import numpy as np
import pytest

from sim.city.build import build_city
from sim.engine.log import Log
from sim.engine.simulate import simulate
from sim.events import NONE, Kind
from sim.experiment.learn.price import Bill, Price
from sim.kpi.tables import Tables
from sim.policies.nearest import Nearest
from tests.experiment.learn.town import TOWN


def test_an_order_costs_its_minutes_and_more_when_late_or_lost() -> None:
    bill = Bill(Price(late_min=15, lost_min=60))
    for number in range(4):
        bill.record(0.0, Kind.PLACED, number, NONE, 0, 0, 0, 2000, 1200)
    assert bill.cost_min == 0
    bill.record(1200.0, Kind.DELIVERED, 0, 3, place=5)
    assert bill.cost_min == 20
    bill.record(1260.0, Kind.DELIVERED, 1, 3, place=5)
    assert bill.cost_min == 20 + 21 + 15
    bill.record(1300.0, Kind.CANCELLED, 2, user=4, detail=1)
    assert bill.cost_min == 56 + 60
    bill.close_account()
    bill.close_account()
    assert (bill.orders, bill.cost_min) == (4, 116 + 60)


def test_it_is_the_cost_that_the_tables_tell_and_the_log_is_whole() -> None:
    bill, log, city = Bill(Price()), Log(), build_city(TOWN)
    for each in (bill, log):
        simulate(TOWN, city, Nearest(), each)
    np.testing.assert_array_equal(bill.events(), log.events())
    bill.close_account()
    orders = Tables(log.events(), tuple(TOWN.kinds)).orders
    minutes = ((orders["delivered_at"] - orders["placed_at"]) / 60).to_numpy()
    late = (orders["delivered_at"] > orders["promised_at"]).sum()
    never = np.isnan(minutes).sum()
    assert late > 0
    assert never > 0
    assert bill.orders == len(orders)
    assert bill.cost_min == pytest.approx(np.nansum(minutes) + 15 * late + 60 * never)
