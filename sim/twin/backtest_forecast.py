"""Forecasters tested by rolling origin, two hours ahead, by zone and for the city, by quarter and by hour."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import product

import pandas as pd

from sim.entities import Floats
from sim.forecast.forecaster import Forecaster
from sim.forecast.known import Known
from sim.forecast.score import attainable_from
from sim.twin.counts import Counts
from sim.twin.trial import ALL, Trial, try_forecaster

ORACLE, PLANNER = "oracle", "planner"
KNOWING = (ORACLE, PLANNER)
"""Those who know the scenario; no forecaster of past counts can be held to them."""
FEWEST_DAYS = 8
"""A week to learn from, and the day on which the first forecasts are made."""
CLAIMED = 0.08
"""Mission row C1: "demand by zone two hours ahead, error within 8%"."""
GRAINS: dict[str, Callable[[Counts], Counts]] = {
    "zone, 15 min": lambda counts: counts,
    "zone, hour": lambda counts: counts.hourly(),
    "city, 15 min": lambda counts: counts.city(),
    "city, hour": lambda counts: counts.city().hourly(),
}
"""How finely demand is told."""


@dataclass(frozen=True, slots=True)
class Grain:
    """All forecasters at one grain.

    Parameters
    ----------
    name
        One of :data:`GRAINS`.
    counts
        The demand at that grain.
    train
        Days before the first tested one.
    trials
        By forecaster.
    """

    name: str
    counts: Counts
    train: int
    trials: Mapping[str, Trial]

    @property
    def best(self) -> str:
        """The forecaster of past counts with the least pinball loss."""
        return min((name for name in self.trials if name not in KNOWING), key=lambda n: self.trials[n].loss.sum())

    @property
    def floor(self) -> Trial:
        """Whose expected noise is the floor: the oracle's, else the best forecaster's, as an estimate."""
        return self.trials.get(ORACLE, self.trials[self.best])

    @property
    def means(self) -> Floats:
        """Expected count of each tested step and zone: the true ones, or the best forecaster's two hours before."""
        return self.floor.path[0]

    def share_from(self, count: float) -> float:
        """Share of the orders that fall in cells of at least an expected count."""
        return float(self.means[self.means >= count].sum() / self.means.sum())


@dataclass(frozen=True, slots=True)
class Backtest:
    """A back-test at all grains; `train` days came before the first tested one."""

    counts: Counts
    train: int
    grains: tuple[Grain, ...]

    @property
    def exact(self) -> bool:
        """Whether the true Poisson means, and so the floors, are known."""
        return self.counts.rates is not None


def backtest_forecasts(
    counts: Counts,
    forecasters: Mapping[str, Forecaster],
    tested: int,
    grains: Iterable[str] = tuple(GRAINS),
    progress: Callable[[float], None] = lambda share: None,
) -> Backtest:
    """Test forecasters on the last days of some demand, each day from the days before it.

    Parameters
    ----------
    counts
        Demand by quarter of an hour and zone.
    forecasters
        By name; where the scenario is known, the oracle and the planner are added.
    tested
        How many days are tested.
    grains
        Names in :data:`GRAINS`.
    progress
        Told the share done.

    Raises
    ------
    ValueError
        When fewer than a week is left to learn from, or nothing was ordered on the tested days.
    """
    train = counts.days - tested
    if tested < 1 or train < FEWEST_DAYS:
        raise ValueError(f"{counts.days} days: expected {FEWEST_DAYS} to learn from before {tested} tested ones")
    if not counts.values[train * counts.calendar.steps :].any():
        raise ValueError(f"nothing was ordered on the last {tested} days")
    names, done = list(grains), []
    for index, name in enumerate(names):
        tell = partial(_tell, progress, index, len(names))
        done.append(_grain(name, counts, forecasters, train, tell))
    return Backtest(counts, train, tuple(done))


def error_table(backtest: Backtest) -> pd.DataFrame:
    """One row for each grain, forecaster and lead (``all``, then minutes to the end of the step).

    Returns
    -------
    DataFrame
        WAPE with its interval over the tested days, weighted quantile loss, and their floors, all as shares of
        the orders; coverage of the 80% and the 95% interval; dispersion (1 for the true means).
    """
    return pd.DataFrame([row for grain in backtest.grains for row in _rows(grain)])


def verdict(backtest: Backtest, claimed: float = CLAIMED) -> list[str]:
    """Where an error of so much can be had at all, and what was measured; one sentence, then one for each grain."""
    need = attainable_from(claimed)
    how = "the floor" if backtest.exact else "the floor, estimated,"
    lines = [f"An error of {claimed:.0%} takes {need:.0f} expected orders in a cell: below, dice alone make it larger."]
    for grain in backtest.grains:
        wape, noise = grain.trials[grain.best].wape(), grain.floor.floor(grain.floor.noise)
        lines.append(
            f"{grain.name}: {how} is {noise:.1%}, the best forecaster ({grain.best}) errs by {wape.mean:.1%}; "
            f"{grain.share_from(need):.0%} of the orders fall in cells that full, the fullest expects "
            f"{grain.means.max():.1f}."
        )
    return lines


def _grain(
    name: str, quarters: Counts, forecasters: Mapping[str, Forecaster], train: int, tell: Callable[[float], None]
) -> Grain:
    counts = GRAINS[name](quarters)
    known = {ORACLE: counts.rates, PLANNER: counts.planned}
    all_of = {**forecasters, **{name: Known(rates) for name, rates in known.items() if rates is not None}}
    trials = {}
    for index, (of, forecaster) in enumerate(all_of.items()):
        trials[of] = try_forecaster(forecaster, counts, train)
        tell((index + 1) / len(all_of))
    return Grain(name, counts, train, trials)


def _tell(progress: Callable[[float], None], done: int, of: int, share: float) -> None:
    progress((done + share) / of)


def _rows(grain: Grain) -> Iterator[dict[str, object]]:
    leads = grain.floor.actual.shape[1]
    spans = {"all": ALL, **{str((lead + 1) * grain.counts.minutes): slice(lead, lead + 1) for lead in range(leads)}}
    for (name, trial), (lead, span) in product(grain.trials.items(), spans.items()):
        wape, loss = trial.wape(span), trial.share(trial.loss, span)
        yield {
            "grain": grain.name,
            "forecaster": name,
            "lead_min": lead,
            "wape": wape.mean,
            "wape_low": wape.low,
            "wape_high": wape.high,
            "floor": grain.floor.floor(grain.floor.noise, span),
            "least": grain.floor.floor(grain.floor.least, span),
            "quantile_loss": loss.mean,
            "quantile_loss_low": loss.low,
            "quantile_loss_high": loss.high,
            "quantile_floor": grain.floor.floor(grain.floor.noise_loss, span),
            "within_80": float(trial.within_80[:, span].mean()),
            "within_95": float(trial.within_95[:, span].mean()),
            "dispersion": trial.dispersion,
        }
