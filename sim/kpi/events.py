"""Reading the log back, from disk or as it stands in memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.events import NONE, ROW, Kind

Events = NDArray[np.void]
"""The log as an array of :data:`sim.events.ROW`, in the order in which things happened."""


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
    return events[np.isin(events["kind"], kinds)] if len(kinds) > 1 else events[events["kind"] == kinds[0]]


def by_rider(events: Events, *kinds: Kind) -> Events:
    """The rows of some kinds, rider by rider, each in order of time."""
    rows = of(events, *kinds)
    return rows[np.argsort(rows["rider"], kind="stable")]
