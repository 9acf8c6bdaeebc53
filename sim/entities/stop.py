"""Where a rider goes, and what he does there."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class StopKind(IntEnum):
    """What a rider does at a stop."""

    PICKUP = 0
    DROPOFF = 1
    REPOSITION = 2


class Stop(NamedTuple):
    """One stop of a route: its kind, its order (-1 for a reposition) and its place."""

    kind: StopKind
    order: int
    place: int


Route = tuple[Stop, ...]


class Assignment(NamedTuple):
    """One rider's whole remaining route: the only thing a dispatch policy returns."""

    rider: int
    route: Route
