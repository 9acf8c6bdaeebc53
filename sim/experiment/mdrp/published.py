"""Published results on the benchmark, to print beside ours.

``published.csv`` holds figures of Reyes, Erera, Savelsbergh, Sahasrabudhe, O'Neil (2018), *The meal delivery
routing problem*; Yildiz and Savelsbergh (2019), *Provably high-quality solutions for the meal delivery routing
problem*; and of the FoodMatch code of Joshi et al. (2021), run anew. The publications' code sees the same information
as ours, one decision every five minutes, but it may bundle orders and update assignments; the exact solutions know
the whole day beforehand. ``cost_best`` is the least when only cost counts: no solution has it and the least
click-to-door as well.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

TABLE = Path(__file__).with_name("published.csv")
SIZES = {"all": 240} | dict.fromkeys(("s1", "s2", "t100", "t75", "p100", "p125"), 120)
SIZES |= dict.fromkeys(("o100", "o50", "r50"), 80)
"""How many of the public instances a published mean is of, by subset."""


class Figure(NamedTuple):
    """A published value and where it stands."""

    value: float
    source: str


@cache
def published() -> dict[tuple[str, str], Figure]:
    """Published figures by subset (``all``, ``s1``, ..., an instance) and metric (as in :mod:`.score`)."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {
            (row["subset"], row["metric"]): Figure(float(row["value"]), row["source"]) for row in csv.DictReader(file)
        }


def known(instances: Iterable[str], metric: str) -> pd.Series:
    """Published figures of single instances, in their order; NaN where nothing is published."""
    nothing = Figure(float("nan"), "")
    return pd.Series([published().get((name, metric), nothing).value for name in instances], dtype=float)


def difference(subset: str, base: str, metric: str) -> Figure:
    """Published mean over one subset less that over another.

    Raises
    ------
    KeyError
        When nothing is published for one of them.
    """
    one, other = published()[subset, metric], published()[base, metric]
    return Figure(round(one.value - other.value, 6), one.source)
