"""The contract every rule of a membership programme must keep, tried on the nights of a small city."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.random import Generator, default_rng

from sim.city.build import build_city
from sim.engine.log import Log
from sim.engine.referee import PolicyError
from sim.engine.simulate import simulate
from sim.entities import Grants, Members, Night
from sim.experiment.contract import Check
from sim.policies.membership.registry import RULES
from sim.policies.membership.rule import Rule
from sim.policies.nearest import Nearest
from sim.policies.registry import load_policy
from sim.scenario.schema import Scenario

SMALL: dict[str, Any] = {
    "name": "contract members",
    "population": {"users": 300},
    "merchants": {"classes": {"restaurant": {"count": 15}}},
    "riders": {"count": 12},
    "calendar": {"days": 8, "drain_min": 60},
    "response": {"on": True, "registered": 0.7},
}
WATCHED = "sim.experiment.contract_rule:Watched"


def check_rule(spec: str, params: Mapping[str, Any] | None = None) -> list[Check]:
    """Try a rule of a membership programme against the contract.

    Parameters
    ----------
    spec
        A shipped rule, ``FILE.py:Name`` or ``package.module:Name``.
    params
        Its parameters.

    Returns
    -------
    list of Check
        Picklable; then, over eight nights: answers can be carried out, are equal for equal night and rng, and
        leave the night as it was.

    Raises
    ------
    PolicyNotFound
        When there is no such rule.
    """
    rule = load_policy(RULES, spec, params)
    return [Check(clause, fault) for clause, fault in _clauses(rule, spec, dict(params or {}))]


def _clauses(rule: Rule, spec: str, params: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    yield "it can be pickled, so that replications run in parallel", _fault_of_pickling(rule)
    watched = Watched(spec, params)
    named = {"watched": {"rule": WATCHED, "params": {"spec": spec, "params": params, "faults": watched.faults}}}
    scenario = Scenario.model_validate(SMALL | {"membership": {"rules": named}})
    try:
        simulate(scenario, build_city(scenario), Nearest(), Log())
        fault = None
    except PolicyError as error:
        fault = str(error)
    yield f"every answer can be carried out ({scenario.calendar.days + 1} nights)", fault
    yield "equal night and rng give equal grants", watched.faults.get("repeat")
    yield "the night is left as it was", watched.faults.get("mutate")


def _fault_of_pickling(rule: Rule) -> str | None:
    try:
        pickle.dumps(rule)
    except (pickle.PickleError, AttributeError, TypeError) as error:
        return str(error)
    return None


@dataclass
class Watched:
    """A rule that watches the one inside; what it finds goes to `faults`."""

    spec: str
    params: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rule: Rule = load_policy(RULES, self.spec, self.params)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """The answer of the rule inside, after a trial call."""
        seed = int(rng.integers(2**63))
        before = _print_of(night.members)
        answer = self.rule(night, default_rng(seed))
        again = self.rule(night, default_rng(seed))
        if _print_of(night.members) != before:
            self.faults.setdefault("mutate", f"night {night.day}: it changed the members")
        if pickle.dumps(answer) != pickle.dumps(again):
            self.faults.setdefault("repeat", f"night {night.day}: a second call answered differently")
        return answer


def _print_of(members: Members) -> bytes:
    columns = (getattr(members, column.name) for column in fields(Members) if column.name != "coupons")
    held = (getattr(members.coupons, column.name) for column in fields(members.coupons))
    return b"".join(np.ascontiguousarray(column).tobytes() for column in (*columns, *held))
