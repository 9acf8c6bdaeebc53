"""paotui: the digital twin of an on-demand delivery city."""

from sim.city.build import build_city
from sim.engine.referee import PolicyError
from sim.entities import Assignment, Order, Orders, Riders, Route, Rules, Stop, StopKind, Travel, Wave
from sim.experiment.contract import Check, check_policy
from sim.experiment.run import RunResult, read_run, run
from sim.kpi.kpis import KPIS, Kpi
from sim.kpi.tables import Tables
from sim.policies.candidates import due, idle, pair_costs
from sim.policies.dispatch import DISPATCH, DispatchPolicy
from sim.policies.registry import PolicyNotFound
from sim.routes import errand, plan
from sim.scenario.errors import ScenarioError
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.streams import Streams

__all__ = [
    "DISPATCH",
    "KPIS",
    "Assignment",
    "Check",
    "DispatchPolicy",
    "Kpi",
    "Order",
    "Orders",
    "PolicyError",
    "PolicyNotFound",
    "Riders",
    "Route",
    "Rules",
    "RunResult",
    "Scenario",
    "ScenarioError",
    "Stop",
    "StopKind",
    "Streams",
    "Tables",
    "Travel",
    "Wave",
    "build_city",
    "check_policy",
    "due",
    "errand",
    "idle",
    "load",
    "pair_costs",
    "plan",
    "read_run",
    "run",
]
