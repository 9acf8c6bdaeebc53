"""The weekly report in words: what changed, and what the levers did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from sim.experiment.bookkeeping import CONTRIBUTION
from sim.experiment.compare import Effect
from sim.experiment.levers import LeverTest, Trial, certain, worse
from sim.kpi.kpi import Kpi
from sim.kpi.kpis import KPIS
from sim.report.comparison.numbers import signed
from sim.report.plots.week import judged
from sim.report.week_changes import Change
from sim.report.wording import MISSING, RATIOS, count, figure, number, title
from sim.scenario.study import Settings

MONEY = Kpi(CONTRIBUTION, "yuan", "higher", "All that the platform took less all that it paid.", lambda tables: 0.0)
TITLES = {CONTRIBUTION: "Contribution", "active_users": "Active users"}


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A figure of two weeks; `verdict` is a class of the page's style."""

    side: str
    title: str
    unit: str
    before: str
    now: str
    change: str
    times: str
    verdict: str
    definition: str


@dataclass(frozen=True, slots=True)
class LeverRow:
    """What one lever did: for each outcome mean, interval and verdict; ``note`` says what the books leave out."""

    name: str
    settings: str
    note: str
    cells: tuple[tuple[str, str, str], ...]
    rank: int


def change_rows(changes: Sequence[Change]) -> list[ChangeRow]:
    """The changes, in their order."""
    return [_row(change) for change in changes]


def lever_rows(test: LeverTest) -> list[LeverRow]:
    """The levers by what they bring; the favoured ones are numbered from 1, the others have 0."""
    rank = {trial.name: 1 + at for at, trial in enumerate(test.favoured)}
    ordered = sorted(test.trials, key=lambda trial: (rank.get(trial.name, len(rank) + 1), -trial.gain))
    return [_lever(trial, test.outcomes, rank.get(trial.name, 0)) for trial in ordered]


def heads(test: LeverTest) -> list[tuple[str, str]]:
    """Title and unit of each outcome."""
    return [(TITLES.get(name, title(name)), _unit(_kpi(name))) for name in test.outcomes]


def opening(changes: Sequence[Change]) -> str:
    """The changes beyond the usual ones in a sentence."""
    if not changes:
        return "This is the first week, so there is nothing to compare it with."
    unusual = sorted((c for c in changes if c.is_unusual), key=lambda c: -abs(c.times))
    if unusual:
        told = [
            f"{title(c.kpi.name)} {_moved(c)}, {number(abs(c.times), 1)} times the usual change" for c in unusual[:3]
        ]
        return f"{'; '.join(told)}."
    if any(isfinite(c.times) for c in changes):
        return "Nothing changed by more than weeks usually differ."
    return "There are too few earlier weeks to say by how much weeks usually differ."


def verdict_of(test: LeverTest) -> str:
    """What the trials say, in a sentence."""
    if not test.favoured:
        return "No lever brought more contribution on average without certainly harming something else."
    told = ", ".join(f"{t.name} ({_brings(t)})" for t in test.favoured)
    sure = sum(trial.is_certain for trial in test.favoured)
    chance = f"{sure} of {len(test.favoured)} {'is' if sure == 1 else 'are'} beyond chance"
    return f"Favoured by {count(test.replications, 'paired replication')} of a week of these dates: {told}; {chance}."


def _brings(trial: Trial) -> str:
    amount = f"{_amount(trial.effects[CONTRIBUTION])} yuan"
    return f"{amount}; {trial.note}" if trial.note else amount


def written(settings: Settings) -> str:
    """Settings as one would write them."""
    return ", ".join(f"{path}: {_plain(value)}" for path, value in settings.items())


def _row(change: Change) -> ChangeRow:
    kpi = change.kpi
    times = f"{number(abs(change.times), 1)}" if isfinite(change.times) else MISSING
    return ChangeRow(change.side, title(kpi.name), figure(kpi, change.now)[1], figure(kpi, change.before)[0],
                     figure(kpi, change.now)[0], _changed(change), times, judged(change),
                     kpi.definition)  # fmt: skip


def _changed(change: Change) -> str:
    """Of a count without decimals."""
    if change.kpi.unit != "1" and change.now.is_integer() and change.before.is_integer():
        return signed(change.difference, 0)
    return _difference(change.kpi, change.difference)


def _moved(change: Change) -> str:
    return (
        f"{'rose' if change.difference > 0 else 'fell'} from {' '.join(figure(change.kpi, change.before)).strip()} "
        f"to {' '.join(figure(change.kpi, change.now)).strip()}"
    )


def _lever(trial: Trial, outcomes: Sequence[str], rank: int) -> LeverRow:
    cells = tuple(
        (_amount(trial.effects[o]), _interval(trial.effects[o]), _verdict(trial.effects[o])) for o in outcomes
    )
    return LeverRow(trial.name, written(trial.settings), trial.note, cells, rank)


def _verdict(effect: Effect) -> str:
    if not certain(effect):
        return "undecided"
    return "worse" if worse(effect) else "better"


def _amount(effect: Effect) -> str:
    return _difference(_kpi(effect.kpi), effect.difference.estimate.mean)


def _interval(effect: Effect) -> str:
    kpi, value = _kpi(effect.kpi), effect.difference.estimate
    if not isfinite(value.half_width):
        return MISSING
    return f"{_difference(kpi, value.low)} to {_difference(kpi, value.high)}"


def _difference(kpi: Kpi, value: float) -> str:
    """With its sign; shares in percentage points."""
    by, digits = (
        (100, 2) if _unit(kpi) == "points" else (1, 0 if kpi.unit in ("yuan", "h") and abs(value) >= 100 else 2)
    )
    return signed(by * value, digits) if isfinite(value) else MISSING


def _unit(kpi: Kpi) -> str:
    return kpi.unit if kpi.unit != "1" else "" if kpi.name in RATIOS else "points"


def _kpi(name: str) -> Kpi:
    return MONEY if name == CONTRIBUTION else KPIS[name]


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else "none" if value in ({}, []) else str(value)
