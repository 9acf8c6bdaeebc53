"""Reading the log back, from disk or as it stands in memory."""

from __future__ import annotations

import weakref
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.entities import Ints
from sim.events import NONE, ROW, Kind

Events = NDArray[np.void]
"""The log as an array of :data:`sim.events.ROW`, in the order in which things happened."""

INDEXED = 100_000
"""Rows from which a log is sorted by kind when it is first looked at."""
_rows: dict[int, list[Ints]] = {}

UNLOADED = (Kind.DELIVERED, Kind.RETURNED, Kind.WRITTEN_OFF)
"""What takes an order out of a rider's box."""


def read_events(path: Path) -> Events:
    """Read ``events.parquet``.

    Raises
    ------
    ValueError
        When the file is not a log of this program.
    """
    try:
        table = pq.read_table(path)
        rows = np.empty(len(table), dtype=ROW)
        for name in ROW.names or ():
            column = table.column(name).combine_chunks()
            if name == "kind":
                codes = np.array([Kind[text.upper()] for text in column.dictionary.to_pylist()], dtype=np.int16)
                rows[name] = codes[column.indices.to_numpy()] if len(column) else 0
            else:
                rows[name] = column.fill_null(NONE).to_numpy()
    except (OSError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise ValueError(f"{path}: not an event log ({error})") from None
    return rows


def of(events: Events, *kinds: Kind) -> Events:
    """The rows of some kinds."""
    if len(events) < INDEXED:
        return events[np.isin(events["kind"], kinds)]
    rows = _rows_by_kind(events)
    return events[rows[kinds[0]] if len(kinds) == 1 else np.sort(np.concatenate([rows[kind] for kind in kinds]))]


def _rows_by_kind(events: Events) -> list[Ints]:
    """Numbers of the rows of each kind, found once for a log: every table and KPI asks for some of them."""
    if (key := id(events)) not in _rows:
        order = np.argsort(kinds := events["kind"].astype(np.int16), kind="stable")
        _rows[key] = np.split(order, np.searchsorted(kinds[order], np.arange(1, len(Kind))))
        weakref.finalize(events, _rows.pop, key)
    return _rows[key]


def by_rider(events: Events, *kinds: Kind) -> Events:
    """The rows of some kinds, rider by rider, each in order of time."""
    rows = of(events, *kinds)
    return rows[np.argsort(rows["rider"], kind="stable")]
