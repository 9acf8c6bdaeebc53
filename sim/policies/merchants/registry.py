"""Shipped deals with merchants, and deals composed of a scenario's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from sim.policies.merchants.commission import Flat, Growth, Tiered
from sim.policies.merchants.deal import Deal, none
from sim.policies.merchants.promotion import Personal, Ranking, Shared, Subsidy
from sim.policies.merchants.training import Training
from sim.policies.registry import PolicyNotFound, load_policy

MERCHANT_POLICIES: dict[str, Callable[..., Any]] = {
    "none": none,
    "flat": Flat,
    "tiered": Tiered,
    "growth": Growth,
    "shared": Shared,
    "subsidy": Subsidy,
    "personal": Personal,
    "ranking": Ranking,
    "training": Training,
}
"""Shipped deals by name."""


class Spec(Protocol):
    """A deal as a scenario writes it."""

    @property
    def policy(self) -> str:
        """Name of a shipped deal, or where a stranger's is."""

    @property
    def params(self) -> Mapping[str, Any]:
        """Parameters of the deal."""


def load_deals(specs: Mapping[str, Spec]) -> Iterator[tuple[str, Deal]]:
    """The deals of a scenario with their names, in its order.

    Raises
    ------
    PolicyNotFound
        When a deal does not exist, or refuses its parameters; named by the deal's name.
    """
    for name, spec in specs.items():
        try:
            yield name, load_policy(MERCHANT_POLICIES, spec.policy, spec.params)
        except PolicyNotFound as error:
            raise PolicyNotFound(f"market.deals.{name}: {error}") from error
