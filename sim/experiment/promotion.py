"""What a promotion wins, and from whom: the same cities with it and without it.

Paired by merchant and week. A *promoted* week of a merchant is one in which the share of his orders with something
off is higher by half with the rule than without it. The other weeks are those of merchants who have to stand beside
promoted ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.entities import Bools, Floats
from sim.experiment.replicate import Row
from sim.experiment.stats import Difference, Estimate, difference, ratio
from sim.kpi.tables import Tables
from sim.kpi.trading import by_merchant, trading_table

PROMOTED_BY = 0.5
"""Share of a merchant's orders with something off that makes his week a promoted one, above that without the rule."""
CELL = ["merchant", "week"]
COUNTS = ["delivered", "promoted"]


@dataclass(frozen=True, slots=True)
class Promotion:
    """What a rule that takes something off did, in delivered orders of merchants, with it less without it.

    Parameters
    ----------
    promoted
        Orders with something off by a promotion.
    gained
        Orders in promoted weeks.
    others
        Orders in the other weeks.
    share
        Share of the orders without the rule that fell into promoted weeks, mean over replications.
    extra
        Orders that the platform gains for each order more with something off; what is missing to 1 would have come
        anyway. NaN where those are not certainly more.
    taken
        Orders that the other weeks lose for each that promoted weeks gain. NaN where these do not certainly gain.
    """

    promoted: Difference
    gained: Difference
    others: Difference
    share: float
    extra: Estimate
    taken: Estimate


def merchants_told(tables: Tables) -> dict[str, float]:
    """Orders of each merchant and week as a row keeps them, with spaces in their names; empty without a market."""
    if not len(trading_table(tables.events)):
        return {}
    cells = by_merchant(tables)[[*CELL, *COUNTS]].to_numpy(dtype=np.int64).tolist()
    return {
        f"merchant {merchant} {week} {count}": float(orders)
        for merchant, week, *both in cells
        for count, orders in zip(COUNTS, both, strict=True)
    }


def promotion_of(on: Sequence[Row], off: Sequence[Row]) -> Promotion | None:
    """What a promotion did; None where nothing is taken off in any replication with it."""
    pairs = [_paired(*rows) for rows in zip(on, off, strict=True)]
    if not any(pair["promoted_on"].any() for pair in pairs):
        return None
    chosen = [_is_promoted(pair) for pair in pairs]
    promoted = _sums(pairs, "promoted", [np.ones(len(pair), np.bool_) for pair in pairs])
    inside, outside = (_sums(pairs, "delivered", [each == side for each in chosen]) for side in (True, False))
    gained, others = inside[0] - inside[1], outside[0] - outside[1]
    return Promotion(
        promoted=difference(*promoted),
        gained=difference(*inside),
        others=difference(*outside),
        share=float(np.mean(inside[1] / np.maximum(inside[1] + outside[1], 1))),
        extra=ratio(gained + others, promoted[0] - promoted[1]),
        taken=ratio(-others, gained),
    )


def promotion_document(result: Promotion) -> dict[str, Any]:
    """As a part of ``roi.json``."""
    orders = {"promoted": result.promoted, "gained": result.gained, "others": result.others}
    told = {f"{name}_orders": part.estimate.numbers for name, part in orders.items()}
    ratios = {"extra_per_promoted": result.extra.numbers, "taken_per_gained": result.taken.numbers}
    return told | {"promoted_weeks_share": result.share} | ratios


def _paired(on: Row, off: Row) -> pd.DataFrame:
    """Merchant-weeks of both runs: ``delivered`` and ``promoted`` with ``_on`` and ``_off``."""
    sides = _cells(on).add_suffix("_on"), _cells(off).add_suffix("_off")
    return sides[0].join(sides[1], how="outer").fillna(0.0)


def _cells(row: Row) -> pd.DataFrame:
    told = [(*name.split(" ")[1:], value) for name, value in row.kpis.items() if name.startswith("merchant ")]
    table = pd.DataFrame(told, columns=[*CELL, "count", "orders"])
    return table.set_index([*CELL, "count"])["orders"].unstack().reindex(columns=COUNTS)


def _is_promoted(pair: pd.DataFrame) -> Bools:
    return np.asarray(_share_off(pair, "on") - _share_off(pair, "off") >= PROMOTED_BY, np.bool_)


def _share_off(pair: pd.DataFrame, side: str) -> Floats:
    """Share of the orders of each merchant-week that have something off; 0 where there are none."""
    promoted, delivered = (pair[f"{count}_{side}"].to_numpy(dtype=np.float64) for count in ("promoted", "delivered"))
    return promoted / np.maximum(delivered, 1)


def _sums(pairs: list[pd.DataFrame], count: str, where: list[Bools]) -> tuple[Floats, Floats]:
    """Orders with and without the rule, one value a replication."""

    def side(name: str) -> Floats:
        columns = (pair[f"{count}_{name}"].to_numpy(dtype=np.float64) for pair in pairs)
        return np.array([float(column[there].sum()) for column, there in zip(columns, where, strict=True)])

    return side("on"), side("off")
