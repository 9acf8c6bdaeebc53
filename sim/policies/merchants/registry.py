"""Shipped deals with merchants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.policies.merchants.commission import Flat, Growth, Tiered
from sim.policies.merchants.deal import none
from sim.policies.merchants.promotion import Personal, Ranking, Shared, Subsidy
from sim.policies.merchants.training import Training

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
