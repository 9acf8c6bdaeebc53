"""The scenario's block about where idle riders wait."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from sim.scenario.fields import Section, quantity


class Reposition(Section):
    """Which policy sends idle riders somewhere, and how often it is asked."""

    policy: str = "none"
    """A shipped policy, `FILE.py:Name` or `package.module:Name`."""
    params: dict[str, Any] = Field(default_factory=dict)
    """Parameters of the policy."""
    forecast: str = "planned"
    """What the policy is told of the demand to come: `planned` (habits and announced bursts, without surprises), or a
    forecaster that has seen four weeks and the day so far: naive, average, smoothing, boosted."""
    every_min: float = quantity(15, "min", 1, 240)
    """Time between its decisions."""
