"""The contract every dispatch policy must keep, ours or a stranger's, tried on live waves of small cities."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.random import Generator, default_rng

from sim.city.build import build_city
from sim.engine.log import Log
from sim.engine.referee import PolicyError
from sim.engine.simulate import simulate
from sim.entities import Assignment, Orders, Wave
from sim.policies.dispatch import DISPATCH, DispatchPolicy
from sim.policies.registry import load_policy
from sim.scenario.schema import Scenario

SMALL: dict[str, Any] = {
    "population": {"users": 900},
    "merchants": {"classes": {"restaurant": {"count": 25}}},
    "riders": {"count": 30},
    "calendar": {"drain_min": 120},
}
CITIES: dict[str, dict[str, Any]] = {
    "district": {"name": "contract district"},
    "benchmark rules": {
        "name": "contract benchmark",
        "city": {"kind": "plane"},
        "travel": {"whole_minutes": True},
        "platform": {"exact_ready": True},
        "dispatch": {"every_s": 60, "diversion": False, "single_merchant": True, "pickup_by_off": True},
    },
    "event by event": {"name": "contract events", "dispatch": {"every_s": 0}, "riders": {"count": 12}},
}

LIMIT_S = 180.0
"""A wave that takes longer, in seconds, is taken never to end; loops compiled at their first use take a minute."""


@dataclass(frozen=True, slots=True)
class Check:
    """One clause of the contract, and the fault found (None: kept)."""

    clause: str
    fault: str | None


def check_policy(spec: str, params: Mapping[str, Any] | None = None) -> list[Check]:
    """Try a dispatch policy against the contract.

    Parameters
    ----------
    spec
        A shipped policy, ``FILE.py:Name`` or ``package.module:Name``.
    params
        Its parameters.

    Returns
    -------
    list of Check
        Picklable; empty in, empty out; then, for each of three small cities: answers are feasible, equal
        for equal wave and rng, and leave the wave as it was.

    Raises
    ------
    PolicyNotFound
        When there is no such policy.
    """
    policy = load_policy(DISPATCH, spec, params)
    return [Check(clause, fault) for clause, fault in _clauses(policy, spec, dict(params or {}))]


def _clauses(policy: DispatchPolicy, spec: str, params: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    yield "it can be pickled, so that replications run in parallel", _fault(lambda: pickle.dumps(policy))
    for name, blocks in CITIES.items():
        probe = Probe(policy)
        fault = _fault(lambda probe=probe, blocks=blocks: _live(probe, blocks, spec))  # type: ignore[misc]
        unseen = None if probe.waves else "no wave was answered"
        if name == "district":
            yield "no open orders in, no new orders out", probe.faults.get("empty", unseen)
        yield f"{name}: every answer is feasible ({probe.waves} waves)", fault
        yield f"{name}: equal wave and rng give an equal answer", probe.faults.get("repeat", unseen)
        yield f"{name}: the wave is left as it was", probe.faults.get("mutate", unseen)
        if unseen:
            return  # what fails at the first wave of one city does so in all


def _live(probe: Probe, blocks: dict[str, Any], spec: str) -> None:
    merged = copy.deepcopy(SMALL)
    for key, value in blocks.items():
        merged[key] = {**merged.get(key, {}), **value} if isinstance(value, dict) else value
    merged.setdefault("dispatch", {}).update(policy=spec, time_limit_s=LIMIT_S)
    scenario = Scenario.model_validate(merged)
    simulate(scenario, build_city(scenario), probe, Log())


def _fault(action: Callable[[], object]) -> str | None:
    try:
        action()
    except (PolicyError, pickle.PickleError, AttributeError, TypeError) as error:
        return str(error)
    return None


@dataclass
class Probe:
    """A policy that watches the one inside."""

    policy: DispatchPolicy
    waves: int = 0
    faults: dict[str, str] = field(default_factory=dict)

    def __call__(self, wave: Wave, rng: Generator) -> Sequence[Assignment]:
        """The answer of the policy inside, after two trial calls."""
        seed = int(rng.integers(2**63))
        before = _print_of(wave)
        answer = self.policy(wave, default_rng(seed))
        self._expect("mutate", _print_of(wave) == before, wave, "it changed the wave")
        again = self.policy(wave, default_rng(seed))
        self._expect("repeat", list(again) == list(answer), wave, "a second call answered differently")
        if self.waves % 10 == 0:
            self._try_empty(wave, seed)
        self.waves += 1
        return answer

    def _try_empty(self, wave: Wave, seed: int) -> None:
        quiet = Wave(wave.index, wave.now, Orders(()), Orders(()), wave.riders, wave.travel, wave.rules)
        given = {s.order for a in self.policy(quiet, default_rng(seed)) for s in a.route}
        known = {s.order for route in wave.riders.route for s in route}
        self._expect("empty", given <= known | {-1}, wave, "it assigned orders that nobody placed")

    def _expect(self, clause: str, kept: bool, wave: Wave, fault: str) -> None:
        if not kept:
            self.faults.setdefault(clause, f"wave {wave.index}: {fault}")


def _print_of(wave: Wave) -> bytes:
    """A fingerprint of everything in the wave that a policy could change."""
    riders = wave.riders
    columns = (riders.id, riders.at, riders.free_at, riders.available, riders.load, riders.capacity, riders.off_at)
    due = (wave.coming.id, wave.coming.at, wave.coming.on_at, wave.coming.off_at, wave.coming.capacity)
    rest = (list(wave.orders.rows), list(wave.assigned.rows), list(riders.route), list(riders.on_board))
    return b"".join(np.ascontiguousarray(c).tobytes() for c in (*columns, *due)) + pickle.dumps(rest)
