"""How often users order and when they stop: the BG/NBD model (Fader, Hardie and Lee 2005), fitted to order dates."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.spelling import did_you_mean

DAYS_A_WEEK = 7
Z = 1.959964
"""Of 95 per cent."""


@dataclass(frozen=True, slots=True)
class UserFit:
    """Parameters of the BG/NBD model by name (r, alpha, a, b), time in weeks, with 95 per cent intervals.

    Parameters
    ----------
    users, repeats
        Users, and their orders after the first.
    """

    source: str
    users: int
    repeats: int
    values: dict[str, float]
    intervals: dict[str, tuple[float, float]]

    @property
    def per_day(self) -> float:
        """Mean orders in a day of a user who has not dropped out."""
        return self.values["r"] / self.values["alpha"] / DAYS_A_WEEK

    @property
    def taste_cv(self) -> float:
        """Coefficient of variation of the rate over users."""
        return 1 / sqrt(self.values["r"])


def read_order_dates(path: Path, user: str = "user", time: str = "placed_at") -> pd.DataFrame:
    """Who ordered on which day, from a CSV file.

    Parameters
    ----------
    user, time
        Columns that hold the user and the time of an order.

    Raises
    ------
    ValueError
        When the file or a column is missing or a time cannot be read, with file and row.
    """
    try:
        header = list(pd.read_csv(path, nrows=0).columns)
        for name in (user, time):
            if name not in header:
                raise ValueError(f"no column {name!r}{did_you_mean(name, header)}; it has {', '.join(header)}")
        table = pd.read_csv(path, usecols=[user, time], dtype=str, keep_default_na=False)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise ValueError(f"{path}:1: {' '.join(str(error).split())}") from None
    when = pd.to_datetime(table[time], errors="coerce", format="mixed")
    if when.isna().any():
        row = int(np.flatnonzero(when.isna())[0])
        raise ValueError(f"{path}:{row + 2}: column {time!r}: {table[time].iloc[row]!r} is not a date or a time")
    return pd.DataFrame({"user": table[user], "day": when.dt.normalize()})


def summary(dates: pd.DataFrame, until: str | None = None) -> pd.DataFrame:
    """What the model needs of each user, in weeks.

    Parameters
    ----------
    dates
        As :func:`read_order_dates` answers.
    until
        Last day that counts; the last of the record when None.

    Returns
    -------
    DataFrame
        ``frequency`` (days with an order after the first), ``recency`` (from the first to the last), ``T`` (from
        the first to the end of the record).
    """
    end = pd.Timestamp(until) if until else dates["day"].max()
    days = dates[dates["day"] <= end].drop_duplicates()
    if days.empty:
        raise ValueError("there are no orders until then")
    grouped = days.groupby("user")["day"].agg(["min", "max", "size"])
    weeks = {"recency": grouped["max"] - grouped["min"], "T": end - grouped["min"]}
    columns = {name: (span.dt.days / DAYS_A_WEEK).astype(float) for name, span in weeks.items()}
    return pd.DataFrame({"frequency": grouped["size"] - 1, **columns})


def fit_users(table: pd.DataFrame, source: str) -> UserFit:
    """Fit the model to a summary by maximum likelihood.

    Raises
    ------
    ValueError
        When the extra is not installed, nobody ordered twice, or the likelihood has no maximum.
    """
    model = _model()
    if not (table["frequency"] > 0).any():
        raise ValueError(f"{source}: nobody ordered on a second day, so there is nothing to fit")
    try:
        model.fit(table["frequency"], table["recency"], table["T"])
    except Exception as error:  # the library raises its own kinds of convergence errors
        raise ValueError(f"{source}: the likelihood has no clear maximum ({type(error).__name__})") from error
    values = {name: float(model.params_[name]) for name in ("r", "alpha", "a", "b")}
    spread = {name: Z * float(model.standard_errors_[name]) for name in values}
    intervals = {name: (max(value - spread[name], 0.0), value + spread[name]) for name, value in values.items()}
    return UserFit(source, len(table), int(table["frequency"].sum()), values, intervals)


def _model() -> Any:
    try:
        from lifetimes import BetaGeoFitter
    except ImportError:
        raise ValueError("fitting users needs the extra: pip install 'paotui[users]'") from None
    return BetaGeoFitter(penalizer_coef=0.0)


def as_yaml(fit: UserFit) -> str:
    """The fit as a piece of YAML that a scenario extends or contains, with its intervals and its source."""
    told = ", ".join(
        f"{name} = {fit.values[name]:.4g} [{low:.4g}, {high:.4g}]" for name, (low, high) in fit.intervals.items()
    )
    source = f"BG/NBD, {fit.source}"
    return f"""# {source}: {fit.users:,} users, {fit.repeats:,} repeats; time in weeks
# {told}
# A user who has not dropped out orders {fit.per_day:.4g} times a day; what he opens is `response.openings` times that,
# so `population.segments.NAME.intents_per_day` is {fit.per_day:.4g} where the segments do not differ.
population:
  taste_cv: {min(fit.taste_cv, 5):.4g} # 1; {source}: 1 / sqrt(r)
response:
  on: true
  leaving:
    a: {fit.values["a"]:.4g} # 1; {source}
    b: {fit.values["b"]:.4g} # 1; {source}
"""
