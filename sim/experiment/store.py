"""The folder of a study: one file for each finished replication, there whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from sim.experiment.folder import write_json
from sim.experiment.replicate import Row, Task


class Store:
    """Keeps finished replications, and gives them back when the study is run again.

    Parameters
    ----------
    folder
        Folder of the study; None keeps everything in memory.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder / "replications" if folder else None
        self._rows: dict[tuple[str, int], Row] = {}
        self._keys: dict[str, str] = {}

    def find(self, job: Task) -> Row | None:
        """The finished replication, if it was run under the same assumptions."""
        row = self._rows.get((job.variant, job.replication)) or self._read(job)
        if row is None or (row.variant, row.replication, row.key) != (job.variant, job.replication, self._key(job)):
            return None
        self._rows[job.variant, job.replication] = row
        return row

    def keep(self, row: Row) -> None:
        """Write a finished replication at once."""
        self._rows[row.variant, row.replication] = row
        if self._folder:
            path = self._path(row.variant, row.replication)
            path.parent.mkdir(parents=True, exist_ok=True)
            write_json(path, row.document())

    def rows(self, variant: str, count: int) -> Iterator[Row]:
        """The first replications of a variant, in their order."""
        return (self._rows[variant, replication] for replication in range(count))

    def _key(self, job: Task) -> str:
        if job.variant not in self._keys:
            self._keys[job.variant] = job.key()
        return self._keys[job.variant]

    def _path(self, variant: str, replication: int) -> Path:
        assert self._folder is not None
        name = quote(variant, safe=" ")
        if not name.strip("."):  # "." and ".." are other folders
            name = name.replace(".", "%2E")
        return self._folder / name / f"{replication:05d}.json"

    def _read(self, job: Task) -> Row | None:
        if not self._folder:
            return None
        try:
            return Row.read(json.loads(self._path(job.variant, job.replication).read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None  # not there, or not ours: it is run again
