"""The contract that every rule must keep which is asked over the days: tried in a small city for eight days."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from numpy.random import Generator, default_rng

from sim.city.build import build_city
from sim.engine.log import Log
from sim.engine.referee import PolicyError
from sim.engine.simulate import simulate
from sim.experiment.contract import Check
from sim.policies.crew.incentive import INCENTIVES
from sim.policies.crew.pay import PAY
from sim.policies.crew.registry import CREW
from sim.policies.membership.registry import RULES
from sim.policies.merchants.registry import MERCHANT_POLICIES
from sim.policies.nearest import Nearest
from sim.policies.registry import load_policy
from sim.scenario.schema import Scenario

SMALL: dict[str, Any] = {
    "name": "contract of rules",
    "population": {"users": 150},
    "merchants": {"classes": {"restaurant": {"count": 8}}},
    "riders": {"count": 8},
    "calendar": {"days": 8, "drain_min": 60},
    "response": {"on": True, "registered": 0.7},
}
RIDERS: dict[str, Any] = {"supply": {"on": True, "pool": 5}}
WATCHED = "sim.experiment.contract_rule:Watched"


@dataclass(frozen=True, slots=True)
class Plug:
    """A kind of rule: those that are shipped, and the blocks of a scenario in which one is at work."""

    shipped: Mapping[str, Callable[..., Any]]
    blocks: Callable[[dict[str, Any]], dict[str, Any]]


PLUGS: dict[str, Plug] = {
    "rule": Plug(RULES, lambda params: {"membership": {"rules": {"tried": {"rule": WATCHED, "params": params}}}}),
    "pay": Plug(PAY, lambda params: {**RIDERS, "pay": {"rules": {"tried": {"rule": WATCHED, "params": params}}}}),
    "crew": Plug(CREW, lambda params: {**RIDERS, "crew": {"tried": {"rule": WATCHED, "params": params}}}),
    "incentive": Plug(INCENTIVES, lambda params: {**RIDERS, "incentive": {"policy": WATCHED, "params": params}}),
    "deal": Plug(
        MERCHANT_POLICIES,
        lambda params: {"market": {"on": True, "deals": {"tried": {"policy": WATCHED, "params": params}}}},
    ),
}
"""Kinds of rule by name: of the programme, of pay, of the night for riders, of extra pay, with merchants."""


def check_rule(spec: str, params: Mapping[str, Any] | None = None, kind: str = "rule") -> list[Check]:
    """Try a rule against the contract of its kind.

    Parameters
    ----------
    spec
        A shipped rule, ``FILE.py:Name`` or ``package.module:Name``.
    params
        Its parameters.
    kind
        One of :data:`PLUGS`.

    Returns
    -------
    list of Check
        Picklable; then, over eight days: answers can be carried out, are equal for equal input and rng, and leave
        what was shown as it was.

    Raises
    ------
    PolicyNotFound
        When there is no such rule.
    """
    rule = load_policy(PLUGS[kind].shipped, spec, params)
    return [Check(clause, fault) for clause, fault in _clauses(rule, kind, spec, dict(params or {}))]


def _clauses(rule: object, kind: str, spec: str, params: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    yield "it can be pickled, so that replications run in parallel", _fault_of_pickling(rule)
    faults: dict[str, str] = {}
    watched = {"kind": kind, "spec": spec, "params": params, "faults": faults}
    scenario = Scenario.model_validate(SMALL | PLUGS[kind].blocks(watched))
    try:
        simulate(scenario, build_city(scenario), Nearest(), Log())
        fault = None
    except PolicyError as error:
        fault = str(error)
    yield f"every answer can be carried out ({scenario.calendar.days} days)", fault
    yield "equal input and rng give equal answers", faults.get("repeat")
    yield "what is shown is left as it was", faults.get("mutate")


def _fault_of_pickling(rule: object) -> str | None:
    try:
        pickle.dumps(rule)
    except (pickle.PickleError, AttributeError, TypeError) as error:
        return str(error)
    return None


@dataclass
class Watched:
    """A rule that watches the one inside; what it finds goes to `faults`."""

    kind: str
    spec: str
    params: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rule: Callable[..., Any] = load_policy(PLUGS[self.kind].shipped, self.spec, self.params)

    def __call__(self, seen: Any, *rng: Generator) -> Any:
        """The answer of the rule inside, after a trial call."""
        seeds = [int(each.integers(2**63)) for each in rng]
        before = pickle.dumps(seen)
        answer, again = (self.rule(seen, *map(default_rng, seeds)) for _ in range(2))
        when = f"night {seen.day}" if hasattr(seen, "day") else f"at {seen.now:.0f} s"
        if pickle.dumps(seen) != before:
            self.faults.setdefault("mutate", f"{when}: it changed what it was shown")
        if pickle.dumps(answer) != pickle.dumps(again):
            self.faults.setdefault("repeat", f"{when}: a second call answered differently")
        return answer
