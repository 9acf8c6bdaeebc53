"""paotui: the digital twin of an on-demand delivery city."""

from sim.city.build import build_city
from sim.engine.referee import PolicyError
from sim.entities import (
    Approach,
    Assignment,
    Crew,
    CrewGrants,
    CrewNight,
    Deals,
    Grants,
    Job,
    Members,
    Night,
    Offer,
    Order,
    Orders,
    Riders,
    Route,
    Rules,
    Stop,
    StopKind,
    TradeNight,
    Travel,
    Wave,
)
from sim.experiment.compare import Comparison, compare
from sim.experiment.contract import Check, check_policy
from sim.experiment.gate.testing import assert_no_regression
from sim.experiment.pool import Pool
from sim.experiment.run import RunResult, read_run, run
from sim.kpi.diagnosis import diagnose
from sim.kpi.kpis import KPIS, Kpi
from sim.kpi.tables import Tables
from sim.policies.candidates import due, idle, pair_costs
from sim.policies.dispatch import DISPATCH, DispatchPolicy
from sim.policies.registry import PolicyNotFound
from sim.routes import errand, plan
from sim.scenario.errors import ScenarioError
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.scenario.study import Study
from sim.streams import Streams

__all__ = [
    "DISPATCH",
    "KPIS",
    "Approach",
    "Assignment",
    "Check",
    "Comparison",
    "Crew",
    "CrewGrants",
    "CrewNight",
    "Deals",
    "DispatchPolicy",
    "Grants",
    "Job",
    "Kpi",
    "Members",
    "Night",
    "Offer",
    "Order",
    "Orders",
    "PolicyError",
    "PolicyNotFound",
    "Pool",
    "Riders",
    "Route",
    "Rules",
    "RunResult",
    "Scenario",
    "ScenarioError",
    "Stop",
    "StopKind",
    "Streams",
    "Study",
    "Tables",
    "TradeNight",
    "Travel",
    "Wave",
    "assert_no_regression",
    "build_city",
    "check_policy",
    "compare",
    "diagnose",
    "due",
    "errand",
    "idle",
    "load",
    "pair_costs",
    "plan",
    "read_run",
    "run",
]
