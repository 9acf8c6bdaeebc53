"""Whatever the schema accepts of errands, doors, lockers, care and ratings runs, and adds up."""

from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.city.build import build_city
from sim.engine.log import Log
from sim.engine.simulate import simulate
from sim.events import Kind
from sim.kpi.kinds import kinds_table
from sim.kpi.kpis import compute
from sim.kpi.others import balances
from sim.kpi.tables import Tables
from sim.scenario.schema import Scenario
from tests.engine.towns import POLICIES

BLOCKS: dict[str, Any] = {
    "city": {"kind": "plane", "places": 30, "width_m": 2000, "height_m": 2000},
    "population": {"users": 120},
    "merchants": {"classes": {"shop": {"count": 3}, "nobody": {"count": 0}}},
    "riders": {"count": 6, "capacity": 3},
}
at_merchant = st.fixed_dictionaries(
    {
        "classes": st.sampled_from([[], ["shop"], ["nobody"], ["nobody", "shop"]]),
        "prep_min": st.sampled_from([None, 0.1, 10, 480]),
        "prep_shape": st.sampled_from([None, 0.1, 3, 100]),
        "basket_factor": st.sampled_from([0, 0.001, 1, 100]),
        "fee_yuan": st.sampled_from([None, 0, 1000]),
        "priority": st.sampled_from([0, 100]),
        "members": st.sampled_from([1, 1.5, 2, 50]),
        "member_prep": st.sampled_from([0, 1]),
        "promise_min": st.sampled_from([None, 1, 1440]),
        "needs": st.sampled_from([[], ["box", "stairs", "range"], ["box", "box"]]),
    }
)
at_arrival = st.fixed_dictionaries({"bill_yuan_per_min": st.sampled_from([0, 0.01, 100]), "advance": st.booleans()})
at_address = st.fixed_dictionaries(
    {"prep_min": st.sampled_from([0.1, 30]), "starts": st.sampled_from(["placement", "arrival"])}
)
kind = st.one_of(
    at_merchant,
    st.tuples(at_merchant, at_arrival).map(lambda both: both[0] | both[1] | {"starts": "arrival"}),
    at_address.map(lambda spec: spec | {"pickup": "address"}),
)
door = st.fixed_dictionaries(
    {
        "stairs": st.sampled_from([0, 0.5]),
        "lifts": st.sampled_from([0, 0.5]),
        "floors": st.sampled_from([1, 100]),
        "floor_s": st.sampled_from([0, 300]),
        "gates": st.sampled_from([0, 1]),
        "walks": st.sampled_from([0, 1]),
        "walk_m": st.sampled_from([0, 3000]),
    }
)
last = st.fixed_dictionaries(
    {
        "doors": st.one_of(st.just({}), st.fixed_dictionaries({"housing": door, "platform_knows": st.booleans()})),
        "lockers": st.fixed_dictionaries(
            {
                "slots": st.sampled_from([0, 1, 10_000]),
                "use": st.sampled_from(["housing", "dormitory"]),
                "dropoff_s": st.sampled_from([0, 3600]),
                "pickup_after_min": st.sampled_from([0.1, 1440]),
                "accept": st.sampled_from([0, 1]),
            }
        ),
        "care": st.fixed_dictionaries(
            {"share": st.sampled_from([0, 0.5, 1]), "handled": st.booleans(), "pickup_s": st.sampled_from([0, 3600])}
        ),
        "ratings": st.fixed_dictionaries(
            {
                "share": st.sampled_from([0, 1]),
                "stars": st.sampled_from([[1, 0, 0, 0, 0], [0, 0, 0, 0, 1], [0.2] * 5]),
                "late": st.sampled_from([0, 10]),
                "cold_per_min": st.sampled_from([0, 5]),
            }
        ),
        "service": st.fixed_dictionaries({"dropoff_min": st.sampled_from([0, 4])}),
        "dispatch": st.fixed_dictionaries({"every_s": st.sampled_from([0, 30]), "single_merchant": st.booleans()}),
    }
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(kind, max_size=3), last, st.sampled_from(["matching", "nearest", "bundler"]))
def test_whatever_the_schema_accepts_runs(kinds: list[dict[str, Any]], rest: dict[str, Any], policy: str) -> None:
    named = {f"kind {number}": spec | {"share": 1 / len(kinds)} for number, spec in enumerate(kinds)}
    if rest["dispatch"]["single_merchant"]:
        policy = "nearest"
    scenario = Scenario.model_validate({**BLOCKS, **rest, "kinds": named})
    log = Log()
    simulate(scenario, build_city(scenario), POLICIES[policy], log)
    events = log.events()
    tables = Tables(events, tuple(scenario.kinds))
    assert balances(tables.payments).sum() == 0
    assert (np.diff(events["t"]) >= 0).all()
    assert set(compute(tables)) >= {"rating_mean", "locker_share"}
    assert kinds_table(tables.orders)["orders"].sum() == (events["kind"] == Kind.PLACED).sum()
    orders = tables.orders[tables.orders["state"] == "delivered"]
    assert (orders["ready_at"] <= orders["picked_up_at"]).all()
    assert (orders["picked_up_at"] <= orders["delivered_at"]).all()
