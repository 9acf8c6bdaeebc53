"""Making the policies that a scenario names: what is wrong with one is told by file, line and key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sim.policies.dispatch import DISPATCH, DispatchPolicy
from sim.policies.registry import PolicyNotFound, load_policy
from sim.scenario.schema import Scenario


@contextmanager
def placed(scenario: Scenario) -> Iterator[None]:
    """Tell where the scenario was written when a policy inside cannot be made.

    Raises
    ------
    PolicyNotFound
        With the place of its key.
    """
    try:
        yield
    except PolicyNotFound as error:
        raise PolicyNotFound(error.problem, error.key, scenario.place(error.key)) from error


def dispatch_of(scenario: Scenario) -> DispatchPolicy:
    """The dispatch policy of a scenario.

    Raises
    ------
    PolicyNotFound
        When there is none of that name, or it refuses its parameters.
    """
    spec = scenario.dispatch
    with placed(scenario):
        policy: DispatchPolicy = load_policy(DISPATCH, spec.policy, spec.params, ("dispatch", "policy"))
    return policy
