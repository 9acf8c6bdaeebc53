"""How long service takes to come back when disruptions are over.

Disruptions that overlap or follow each other at once are one *bout*. From its end on, each minute opens a window of
half an hour, and the orders placed in it are compared with the *level*: the share on time among orders of the same
run that were promised before the first disruption began, at the clock time of the window give or take an hour where
there are enough of them (on earlier days), else all of them. The level is drawn towards one half by two successes and
two failures (Agresti and Coull 1998), so that a spotless morning does not make one late order a disturbance. A window
is as good as the level when its share is not below it by more than chance explains (the upper end of Wilson's 95%
interval). Service is back at the first minute from which all windows of the next half hour are as good.

Limits: the level of a run of one day is that of the hours before, which may be easier than those after; days of the
week and their weather are not told apart, so that rain on an earlier day lowers what is asked for; chance explains
more in a small city, so that service seems back sooner there; hours in which nobody orders count as good; what comes
after that half hour, such as a later shift that stays short, is not seen. Where the next bout or the end of the
orders comes first, the time until then is all that is known: it is given, a lower bound, and the bout counts as not
recovered. A paired undisturbed run would be a better level, but a KPI is a function of one log; ``paotui compare``
shows the difference to such a run in every other KPI.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, nan

import numpy as np
import pandas as pd

from sim.entities import Bools, Floats
from sim.events import Disrupted, Kind
from sim.kpi.diagnosis import wilson
from sim.kpi.events import Events, of
from sim.units import DAY, HOUR, MINUTE

WINDOW_S = 30 * MINUTE
"""Length of a window, and how long service must stay as good as before."""
NEAR_S = HOUR
"""How far from the middle of the window an hour of an earlier day is comparable."""
FEWEST_ORDERS = 30
"""Comparable orders below which all earlier orders are taken."""


def disruptions_table(events: Events) -> pd.DataFrame:
    """Disruptions in order of time: ``kind`` (its name), ``begin`` and ``end`` in seconds (infinite: never over)."""
    rows = of(events, Kind.DISRUPTION)
    found = []
    for kind in Disrupted:
        mine = rows[rows["amount"] == kind]
        begins, ends = mine["t"][mine["detail"] == 1], mine["t"][mine["detail"] == 0]
        pairs = zip(begins.tolist(), [*ends.tolist(), *[inf] * len(begins)], strict=False)
        found += [(kind.name.lower(), begin, end) for begin, end in pairs]
    table = pd.DataFrame(found, columns=["kind", "begin", "end"]).astype({"begin": float, "end": float})
    return table.sort_values("begin", kind="stable", ignore_index=True)


def recovery_table(events: Events, orders: pd.DataFrame) -> pd.DataFrame:
    """Bouts of disruptions, and when service was back.

    Parameters
    ----------
    events
        The log.
    orders
        Its orders table.

    Returns
    -------
    DataFrame
        ``begin, end`` in seconds; ``level`` (share on time before, at the end of the bout); ``recovery_min``
        (minutes from the end until service was back, or a lower bound; NaN when the bout never ended or no order
        came before it); ``recovered`` (1 or 0: it was back before the next bout and the last order).
    """
    spans = _bouts(disruptions_table(events))
    if not spans:
        return pd.DataFrame(columns=["begin", "end", "level", "recovery_min", "recovered"], dtype=np.float64)
    placed = np.asarray(orders["placed_at"], dtype=np.float64)
    on_time = np.asarray(orders["delivered_at"] <= orders["promised_at"], dtype=np.bool_)
    early = np.asarray(orders["promised_at"] <= spans[0][0], dtype=np.bool_)
    service = _Timeline(placed, np.r_[0, np.cumsum(on_time)], placed[early], on_time[early])
    last = float(placed[-1]) if len(placed) else 0.0
    limits = [min(begin, last) for begin, _ in spans[1:]] + [last]
    rows = [(*span, *_recovery(service, span[1], limit)) for span, limit in zip(spans, limits, strict=True)]
    return pd.DataFrame(rows, columns=["begin", "end", "level", "recovery_min", "recovered"])


def recovery_min(events: Events, orders: pd.DataFrame) -> float:
    """Mean minutes until service is back, bouts that did not recover with their lower bound."""
    return _mean(recovery_table(events, orders)["recovery_min"])


def recovered_share(events: Events, orders: pd.DataFrame) -> float:
    """Share of the bouts after which service came back in the run."""
    return _mean(recovery_table(events, orders)["recovered"])


@dataclass(frozen=True, slots=True)
class _Timeline:
    """Orders in order of placement, how many of the first n were on time, and those to compare with."""

    placed: Floats
    good: Floats
    early: Floats
    early_good: Bools

    def level(self, begin: float) -> float:
        """Share on time that a window from `begin` (s) is compared with."""
        apart = np.abs((self.early - begin - WINDOW_S / 2 + DAY / 2) % DAY - DAY / 2)
        near = apart <= NEAR_S
        chosen = self.early_good[near] if near.sum() >= FEWEST_ORDERS else self.early_good
        return float((chosen.sum() + 2) / (len(chosen) + 4)) if len(chosen) else nan

    def is_good(self, begin: float) -> bool:
        """Whether the window from `begin` (s) on is as good as the level."""
        first, stop = np.searchsorted(self.placed, (begin, begin + WINDOW_S))
        if first == stop:
            return True
        _, high = wilson(np.array([self.good[stop] - self.good[first]]), np.array([float(stop - first)]))
        return bool(high[0] >= self.level(begin))


def _bouts(disruptions: pd.DataFrame) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for begin, end in zip(disruptions["begin"].tolist(), disruptions["end"].tolist(), strict=True):
        if merged and begin <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((begin, end))
    return merged


def _recovery(service: _Timeline, end: float, limit: float) -> tuple[float, float, float]:
    """Level, minutes and whether service was back."""
    if not len(service.early):
        return nan, nan, nan
    if end == inf:
        return nan, nan, 0.0
    back, streak = end, 0
    for begin in np.arange(end, limit - WINDOW_S + 1, MINUTE).tolist():
        streak = streak + 1 if service.is_good(begin) else 0
        back = back if streak else begin + MINUTE
        if streak * MINUTE >= WINDOW_S:
            break
    minutes = back - end if streak else max(limit - end, 0.0)
    return service.level(end), minutes / MINUTE, float(streak > 0)


def _mean(values: pd.Series[float]) -> float:
    return float(values.mean()) if values.notna().any() else nan
