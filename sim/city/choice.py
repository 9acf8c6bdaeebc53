"""Choice of a merchant: by appeal, among the open ones in reach."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from sim.city.model import Merchants, Places
from sim.entities import Bools, Floats, Ints
from sim.scenario.city import Merchants as MerchantsSpec
from sim.units import DAY


def choose(merchants: Merchants, appeal: Floats, place: Ints, t: Floats, u: Floats) -> Ints:
    """Merchant of each Intent, drawn with the uniform `u`; -1 where none is open in reach.

    Parameters
    ----------
    merchants
        All merchants.
    appeal
        Weight of each merchant at each place, shape (places, merchants).
    place, t
        Place and time of day (s) of each Intent.
    u
        A uniform for each Intent.
    """
    chosen = np.full(len(t), -1, np.int64)
    hours = np.concatenate([merchants.opens, merchants.closes])
    hours = np.r_[hours, hours - DAY]
    edges = np.unique(np.r_[0.0, DAY, hours[(hours > 0) & (hours < DAY)]])
    for begin, end in pairwise(edges.tolist()):
        of = np.flatnonzero((t >= begin) & (t < end))
        if len(of):
            chosen[of] = draw_columns(appeal * open_at(merchants, begin), place[of], u[of])
    return chosen


def open_at(merchants: Merchants, now: float | Floats) -> Bools:
    """Whether each merchant is open at a time of day (s), or at several that broadcast against the merchants."""
    opens, closes = merchants.opens, merchants.closes
    return ((now >= opens) & (now < closes)) | ((now + DAY >= opens) & (now + DAY < closes))


def draw_columns(weights: Floats, rows: Ints, u: Floats) -> Ints:
    """For each row index, a column drawn by weight with the uniform `u`; -1 where the row has no weight."""
    if not weights.shape[1]:
        return np.full(len(rows), -1, np.int64)
    cumulative = np.cumsum(weights, axis=1)
    total = cumulative[:, -1:]
    shares = np.divide(cumulative, total, out=np.ones_like(cumulative), where=total > 0)
    # row i's shares moved to (i, i + 1], so that one sorted array answers for all rows
    ladder = (shares + np.arange(len(weights))[:, None]).ravel()
    column = np.searchsorted(ladder, rows + u, side="right") - rows * weights.shape[1]
    return np.where(total[rows, 0] > 0, np.minimum(column, weights.shape[1] - 1), -1)


def appeal(spec: MerchantsSpec, merchants: Merchants, places: Places) -> Floats:
    """Weight of each merchant at each place: popularity, falling with distance; shape (places, merchants)."""
    km = distances_km(merchants, places)
    return np.asarray(np.where(km <= spec.radius_km, merchants.popularity * np.exp(-km / spec.choice_km), 0.0))


def distances_km(merchants: Merchants, places: Places) -> Floats:
    """Distance as the crow flies between each place and merchant, shape (places, merchants)."""
    at = merchants.place
    return np.hypot(places.x[:, None] - places.x[at], places.y[:, None] - places.y[at]) / 1000
