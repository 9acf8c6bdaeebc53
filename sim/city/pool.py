"""Merchants who are not on the platform when the run begins: they stand in the city and may join."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import numpy as np
from numpy.random import Generator

from sim.city.model import Merchants, Places
from sim.city.people import open_merchants
from sim.entities import Floats, Ints
from sim.scenario.city import Merchants as MerchantsSpec


def with_pool(
    spec: MerchantsSpec, merchants: Merchants, share: float, places: Places, rng: Generator, fronts: Mapping[str, Ints]
) -> Merchants:
    """The merchants, and after them further ones of every class.

    Parameters
    ----------
    share
        How many of each class, as a share of those that there are.
    rng
        Its own, so that the merchants who are there do not depend on those who might come.
    """
    further = {name: of.model_copy(update={"count": round(share * of.count)}) for name, of in spec.classes.items()}
    pool = open_merchants(spec.model_copy(update={"classes": further}), places, rng, fronts)
    both = ((getattr(merchants, column.name), getattr(pool, column.name)) for column in fields(Merchants))
    return Merchants(*(np.concatenate(pair) for pair in both))


def only_standing(appeal: Floats, standing: int) -> Floats:
    """The weights of all merchants, of which only the first ones are on the platform."""
    return np.where(np.arange(appeal.shape[1]) < standing, appeal, 0.0)
