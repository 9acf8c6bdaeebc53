"""Shipped forecasters by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from sim.forecast.boosted import Boosted
from sim.forecast.forecaster import Forecaster
from sim.forecast.seasonal import Seasonal
from sim.forecast.smoothing import Smoothing
from sim.spelling import did_you_mean

FORECASTERS: dict[str, Callable[[], Forecaster]] = {
    "naive": Seasonal,
    "average": partial(Seasonal, last=8),
    "smoothing": Smoothing,
    "boosted": Boosted,
}


def find_forecasters(names: Iterable[str]) -> dict[str, Forecaster]:
    """Forecasters with their default parameters.

    Raises
    ------
    ValueError
        When there is none of that name; tells which is close, or which there are.
    """
    made = {}
    for name in names:
        if name not in FORECASTERS:
            hint = did_you_mean(name, FORECASTERS) or f"; there are: {', '.join(FORECASTERS)}"
            raise ValueError(f"unknown forecaster {name!r}{hint}")
        made[name] = FORECASTERS[name]()
    return made
