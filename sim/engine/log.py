"""The event log: the engine's only output, packed in memory and written in row groups."""

from __future__ import annotations

from pathlib import Path
from struct import Struct

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.events import NONE, ROW, Kind

GROUP = 65_536
"""Rows in a row group."""

_pack = Struct("<dhqiiiiqi").pack
_IDS = {"order": pa.int64(), "rider": pa.int32(), "merchant": pa.int32(), "user": pa.int32(), "place": pa.int32()}
SCHEMA = pa.schema(
    [
        ("t", pa.float64()),
        ("kind", pa.dictionary(pa.int8(), pa.string())),
        *_IDS.items(),
        ("amount", pa.int64()),
        ("detail", pa.int32()),
    ]
)


class Log:
    """Receives events; keeps them in memory, or writes them to Parquet while the run goes on.

    Parameters
    ----------
    path
        File to write to; ``None`` keeps all rows in memory for :meth:`events`.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._buffer = bytearray()
        self._writer = pq.ParquetWriter(path, SCHEMA, compression="zstd") if path else None

    def record(
        self,
        t: float,
        kind: Kind,
        order: int = NONE,
        rider: int = NONE,
        merchant: int = NONE,
        user: int = NONE,
        place: int = NONE,
        amount: int = 0,
        detail: int = NONE,
    ) -> None:
        """Append one event; ``t`` in seconds, the other columns as :data:`sim.events.FIELDS` says."""
        self._buffer += _pack(t, kind, order, rider, merchant, user, place, amount, detail)
        if self._writer and len(self._buffer) >= GROUP * ROW.itemsize:
            self._flush()

    def events(self) -> NDArray[np.void]:
        """All rows kept in memory, as an array of :data:`sim.events.ROW`."""
        return np.frombuffer(bytes(self._buffer), dtype=ROW)

    def close(self) -> None:
        """Write what is left and close the file, which is then complete."""
        if self._writer:
            self._flush()
            self._writer.close()

    def _flush(self) -> None:
        assert self._writer is not None
        rows = self.events()
        self._buffer.clear()
        if len(rows):
            self._writer.write_table(_to_arrow(rows), row_group_size=GROUP)


def _to_arrow(rows: NDArray[np.void]) -> pa.Table:
    kinds = pa.DictionaryArray.from_arrays(pa.array(rows["kind"].astype(np.int8)), [k.name.lower() for k in Kind])
    ids = [pa.array(rows[name], mask=rows[name] == NONE, type=kind) for name, kind in _IDS.items()]
    detail = pa.array(rows["detail"], mask=rows["detail"] == NONE)
    arrays = [pa.array(rows["t"]), kinds, *ids, pa.array(rows["amount"]), detail]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)
