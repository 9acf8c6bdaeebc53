"""Published results on the benchmark, to print beside ours.

``published.csv`` holds figures of Reyes, Erera, Savelsbergh, Sahasrabudhe, O'Neil (2018), *The meal delivery
routing problem*, and Yildiz and Savelsbergh (2019), *Provably high-quality solutions for the meal delivery
routing problem*. The publications' code sees the same information as ours, one decision every five minutes, but
it may bundle orders and update assignments; the exact solutions know the whole day beforehand.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).with_name("published.csv")


class Figure(NamedTuple):
    """A published value and where it stands."""

    value: float
    source: str


@cache
def published() -> dict[tuple[str, str], Figure]:
    """Published figures by subset (``all``, ``s1``, ..., or an instance) and metric (as in :mod:`.score`)."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {
            (row["subset"], row["metric"]): Figure(float(row["value"]), row["source"]) for row in csv.DictReader(file)
        }


def difference(subset: str, base: str, metric: str) -> Figure:
    """Published mean over one subset less that over another.

    Raises
    ------
    KeyError
        When nothing is published for one of them.
    """
    one, other = published()[subset, metric], published()[base, metric]
    return Figure(round(one.value - other.value, 6), one.source)
