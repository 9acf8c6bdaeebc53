"""What a campaign cost and brought in, in words: the answer of ``paotui compare SCENARIO --roi NAME``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite, nan

from sim.experiment.ab_rule import WITH
from sim.experiment.campaigns import OF_RIDERS, block_of, paid_on, path_of
from sim.experiment.promotion import Promotion
from sim.experiment.roi import Roi
from sim.experiment.stats import Difference, Estimate
from sim.report.comparison.numbers import digits, scaled, signed
from sim.report.wording import MISSING, number, share


@dataclass(frozen=True, slots=True)
class Answer:
    """One question about the campaign and its answer; of a figure that is not told, the note says why."""

    title: str
    value: str
    unit: str
    note: str

    @property
    def line(self) -> str:
        """As the terminal has it."""
        return f"{self.title}: {' '.join(filter(None, [self.value, self.unit]))}; {self.note}"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table, in yuan or orders a run: with the campaign less without it; ``part``: of the row above."""

    name: str
    mean: str
    interval: str
    part: bool = False


@dataclass(frozen=True, slots=True)
class Campaign:
    """What the page tells of a campaign; ``given`` names the lines of the books on which it is paid."""

    rule: str
    given: str
    answers: list[Answer]
    lines: list[Line]


def campaign(result: Roi) -> Campaign:
    """The answers and the table."""
    scenario = result.comparison.scenarios[WITH]
    path = path_of(scenario, result.rule)
    given = ", ".join(line.replace("_", " ") for line in paid_on(scenario, path))
    return Campaign(result.rule, given, list(_answers(result, path)), list(_lines(result)))


def _answers(result: Roi, path: str) -> Iterator[Answer]:
    if result.share < 1:
        yield Answer("Given to", f"{100 * result.share:g}%", "of users", "as the scenario says")
    yield _return(result)
    yield _extra_order(result)
    if block_of(path) in OF_RIDERS:
        yield _elasticity(result)
    if result.promotion:
        yield from _promotion(result.promotion)


def _return(result: Roi) -> Answer:
    why = f"not told, for its cost is not certainly above 0 ({_range(result.cost.estimate)} yuan)"
    return _ratio("Return", result.value, "yuan per yuan", "contribution for each yuan of cost", why)


def _extra_order(result: Roi) -> Answer:
    more = f"{_signed(result.delivered.estimate)} orders delivered ({_range(result.delivered.estimate)})"
    why = f"not told, for orders delivered are not certainly more: {more}"
    return _ratio("Cost of an extra order", result.per_order, "yuan", more, why)


def _elasticity(result: Roi) -> Answer:
    supply = result.comparison.scenarios[WITH].supply
    means = (
        f"percent more hours for 1% more pay for an order, over the run; a rider’s own is set to {supply.elasticity:g}"
    )
    why = "not told, for pay for an order does not certainly rise" if supply.on else "riders do not respond in this run"
    return _ratio("Market elasticity", result.elasticity, "", means, why)


def _promotion(found: Promotion) -> Iterator[Answer]:
    more = f"{_signed(found.promoted.estimate)} orders with something off"
    yield _ratio("Extra orders", found.extra, "per promoted order", f"the rest would have come anyway; {more}",
                 f"not told, for orders with something off are not certainly more: {more}")  # fmt: skip
    if not found.share:
        yield Answer("Promoted merchants", MISSING, "", "no week of a merchant has half more of its orders promoted")
        return
    yield _change("Promoted merchants", found.gained, f"their orders; {share(found.share)} of all without it")
    yield _change("Other merchants", found.others, "orders of those beside them")
    yield _ratio("Taken from others", found.taken, "per order gained", "what the others lose for it",
                 "not told, for promoted merchants do not certainly gain")  # fmt: skip


def _ratio(title: str, value: Estimate, unit: str, means: str, why: str) -> Answer:
    if not isfinite(value.mean):
        return Answer(title, MISSING, "", why)
    places = digits(value, 1)
    interval = f"95% {number(value.low, places)} to {number(value.high, places)}; " if isfinite(value.low) else ""
    return Answer(title, number(value.mean, places), unit, interval + means)


def _change(title: str, found: Difference, means: str) -> Answer:
    value = scaled(found.estimate, found.percent / found.estimate.mean if found.estimate.mean else nan)
    if not isfinite(value.mean):
        return Answer(title, MISSING, "", f"{means}; no change")
    return Answer(title, f"{_signed(value)}%", "", f"95% {_range(value)}; {means}")


def _lines(result: Roi) -> Iterator[Line]:
    yield _line("Contribution", result.contribution)
    yield _line("margin", result.margin, part=True)
    yield _line("cost", result.cost, part=True)
    yield _line("Orders placed", result.orders)
    yield _line("Orders delivered", result.delivered)
    for line, found in result.lines.items():
        if found.estimate.mean or found.estimate.half_width > 0:
            yield _line(f"Books: {line.replace('_', ' ')}", found)


def _line(name: str, found: Difference, part: bool = False) -> Line:
    return Line(name, _signed(found.estimate), _range(found.estimate), part)


def _signed(value: Estimate) -> str:
    return signed(value.mean, digits(value, 1)) if isfinite(value.mean) else MISSING


def _range(value: Estimate) -> str:
    places = digits(value, 1)
    return f"{signed(value.low, places)} to {signed(value.high, places)}" if isfinite(value.low) else MISSING
