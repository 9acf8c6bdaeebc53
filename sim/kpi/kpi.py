"""What a KPI is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sim.kpi.tables import Tables

Direction = Literal["higher", "lower", "none"]
Span = Literal["days", "weeks"]


@dataclass(frozen=True, slots=True)
class Kpi:
    """A figure of a run.

    Parameters
    ----------
    unit
        Its unit; ``"1"`` for a share.
    better
        Which direction is better, or none.
    definition
        One sentence.
    value
        Computes it from tables; NaN where it has no meaning, such as a mean over no orders.
    over
        Whether it tells of days, or of users and their programme over weeks.
    """

    name: str
    unit: str
    better: Direction
    definition: str
    value: Callable[[Tables], float]
    over: Span = "days"
