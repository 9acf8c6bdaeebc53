"""The shipped model on days that it was not trained on."""

import json

import pytest

from sim.city.build import build_city
from sim.engine.simulate import simulate
from sim.experiment.learn.price import Bill, Price
from sim.policies.dispatch import DispatchPolicy
from sim.policies.learned import SHIPPED, Learned
from sim.policies.matching import Matching
from sim.scenario.load import load
from sim.scenario.schema import Scenario


@pytest.mark.parametrize("replication", [0, 1])
def test_an_order_costs_less_than_under_matching(replication: int) -> None:
    scenario = load("campus_lunch", Scenario)
    assert scenario.seed not in json.loads(SHIPPED.read_text(encoding="utf-8"))["training"]["seeds"]
    city = build_city(scenario)

    def cost_min(policy: DispatchPolicy) -> float:
        bill = Bill(Price())
        simulate(scenario, city, policy, bill, replication)
        bill.close_account()
        return bill.cost_min / bill.orders

    assert cost_min(Learned()) < cost_min(Matching())
