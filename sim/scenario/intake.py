"""The scenario's block about the platform's own limits: how many requests it can answer, and whom it lets in."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from sim.scenario.fields import Section, quantity


class Intake(Section):
    """Requests that reach the platform, one after the other; without a limit they are answered at once."""

    requests_per_min: float = quantity(0, "requests/min", 0, 1e6)
    """Most requests that the platform can answer; 0 sets no limit."""
    patience_s: float = quantity(60, "s", 1, 3600)
    """Mean time that a user waits for an answer."""
    patience_shape: float = quantity(4, "1", 0.1, 100)
    """Gamma shape of that patience."""
    tries: int = quantity(2, "tries", 1, 20)
    """A user whose request fails tries so often in all."""
    again_s: float = quantity(120, "s", 1, 3600)
    """From a failed request to the next try."""
    policy: str = "none"
    """Who is let in: a shipped policy, `FILE.py:Name` or `package.module:Name`."""
    params: dict[str, Any] = Field(default_factory=dict)
    """Parameters of the policy."""

    @property
    def on(self) -> bool:
        """Whether there is a limit."""
        return self.requests_per_min > 0
