"""What can happen: the vocabulary of the log, its schema and the life cycle of an order.

An event is one flat row ``(t, kind, order, rider, merchant, user, place, amount, detail)``. Ids that
do not apply are :data:`NONE` in memory and null on disk.
"""

from __future__ import annotations

from sim.events.kinds import ENDS, FIELDS, LIFE, NONE, ROW, Kind
from sim.events.money import PARTIES, Purpose
from sim.events.reasons import Disrupted, Reason, Stage, Trouble

__all__ = [
    "ENDS",
    "FIELDS",
    "LIFE",
    "NONE",
    "PARTIES",
    "ROW",
    "Disrupted",
    "Kind",
    "Purpose",
    "Reason",
    "Stage",
    "Trouble",
]
