"""Shipped forecasters by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import partial

from sim.forecast.boosted import Boosted
from sim.forecast.forecaster import Forecaster
from sim.forecast.seasonal import Seasonal
from sim.forecast.smoothing import Smoothing

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
            close = get_close_matches(name, FORECASTERS, 1)
            hint = f"did you mean {close[0]!r}?" if close else f"there are: {', '.join(FORECASTERS)}"
            raise ValueError(f"unknown forecaster {name!r}; {hint}")
        made[name] = FORECASTERS[name]()
    return made
