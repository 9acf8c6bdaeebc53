"""Shipped rules for riders by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.policies.crew.recognition import Insurance, Praise, StarBonus, Stars, Tournament, Training, WeeklyGuarantee

CREW: dict[str, Callable[..., Any]] = {
    "stars": Stars,
    "star_bonus": StarBonus,
    "praise": Praise,
    "tournament": Tournament,
    "guarantee": WeeklyGuarantee,
    "training": Training,
    "insurance": Insurance,
}
"""Shipped rules for riders by name."""
