"""What a study found, in plain sentences made from its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from sim.experiment.compare import Comparison, Effect
from sim.report.comparison.numbers import amount, in_percent, interval, p_value, points, times
from sim.report.comparison.verdict import Verdict, of_variant, others, verdict
from sim.report.wording import count, number, title

HEADLINES = ("on_time_share", "click_to_door_mean", "cancelled_share", "orders_per_rider_hour", "income_per_hour_mean",
             "contribution_per_order")  # fmt: skip
"""KPIs that the paragraph speaks of, those of them that the study compares."""
FEW = 3
"""Variants about which everything is said; of more only what is certain."""
NOTHING = 1.05
"""A variance reduction below this is none."""
MOST = 2
"""Gains and costs named of each variant when there are more than a few."""
WIDE = 2.0
"""An undecided interval is too wide to tell when its half-width is more than this, in percent of the baseline."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is said of one variant; its name is set in bold before the text."""

    variant: str
    text: str


def opening(result: Comparison) -> str:
    """What was compared, and whether anything came of it."""
    names = others(result)
    who = joined(names) if len(names) <= FEW else f"{len(names)} variants"
    were = "was" if len(names) == 1 else "were"
    often = count(result.replications, "replication")
    start = f"{who} {were} compared with {result.study.reference} on {often} of the same city"
    brackets = ". In brackets: the difference, its 95% interval and the adjusted p"
    brackets = brackets if len(names) <= FEW else ". In brackets: the difference and its 95% interval"
    certain = sum(verdict(effect) in ("better", "worse", "changed") for effect in result.effects)
    tests = count(result.tests, "comparison")
    return start + (f"{brackets}." if certain else f"; nothing is distinguishable in {tests}.")


def findings(result: Comparison) -> list[Finding]:
    """One sentence or two on each variant."""
    return [Finding(name, _finding(result, name)) for name in others(result)]


def pairing(result: Comparison) -> str:
    """What it bought to meet the same city: how much less variable the difference is."""
    kpi = next((k for k in (*HEADLINES[1:2], *HEADLINES, *_kpis(result)) if _reductions(result, k)), "")
    found, name = _reductions(result, kpi), _name(kpi)
    if not found:
        return "Pairing cannot be judged: no KPI varied over the replications."
    if found[0] == inf:
        return f"Pairing left nothing to chance in {name}: the difference was the same in every replication."
    low, high = found[0], max(value for value in found if value < inf)
    if high < NOTHING:
        return f"Pairing bought nothing in {name}: the replications of the variants are not alike."
    work = [number(result.replications * value) for value in (low, high)]
    return (
        f"Pairing made the difference in {name} {_range(times(low), times(high))} times less variable than "
        f"independent cities would: {result.replications} replications do the work of {_range(*work)}."
    )


def joined(parts: Sequence[str]) -> str:
    """``a, b and c``."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def _finding(result: Comparison, variant: str) -> str:
    effects = of_variant(result, variant)
    if all(verdict(effect) in ("equal", "no value") for effect in effects.values()):
        return f"gave exactly the same as {result.study.reference} in every replication."
    chosen = [effects[kpi] for kpi in HEADLINES if kpi in effects] or list(effects.values())[:4]
    is_long = len(others(result)) <= FEW
    gains, costs = (_told(chosen, kind, is_long) for kind in ("better", "worse"))
    text = "; ".join(filter(None, [gains and f"is better in {gains}", costs and f"{_it(gains)} worse in {costs}"]))
    rest = _undecided(result, chosen) if is_long else []
    start = text or f"cannot be told from {result.study.reference} in any headline KPI"
    return ". ".join([start, *rest]) + "."


def _it(gains: str) -> str:
    return "it pays with being" if gains else "is"


def _told(effects: Sequence[Effect], kind: Verdict, is_long: bool) -> str:
    told = [f"{_name(e.kpi)} ({_numbers(e, is_long)})" for e in effects if verdict(e) == kind]
    more = len(told) - MOST
    return joined(told if is_long or more <= 0 else [*told[:MOST], f"{more} more"])


def _numbers(effect: Effect, is_long: bool) -> str:
    p = f", p\u00a0{p_value(effect.adjusted_p)}" if is_long else ""
    return f"{amount(effect)} {points(effect.kpi)}, {interval(effect)}{p}".replace(" ,", ",")


def _undecided(result: Comparison, effects: Sequence[Effect]) -> list[str]:
    """What is not certain, by why it is not."""
    open_ones = [effect for effect in effects if verdict(effect) == "undecided"]
    leaning = [e for e in open_ones if e.difference.estimate.low * e.difference.estimate.high > 0]
    wide = [e for e in open_ones if e not in leaning and not in_percent(result, e).half_width <= WIDE]
    same = [e for e in open_ones if e not in leaning and e not in wide]
    groups = [
        (f"Not certain among {result.tests} comparisons", leaning),
        ("The interval is too wide to tell for", wide),
        ("About the same", same),
    ]
    texts = [
        (start, joined([f"{_name(e.kpi)} ({interval(e)} {points(e.kpi)})" for e in found])) for start, found in groups
    ]
    return [f"{start}: {text}" if not start.endswith("for") else f"{start} {text}" for start, text in texts if text]


def _reductions(result: Comparison, kpi: str) -> list[float]:
    """Variance reductions of a KPI, least first."""
    found = [e.difference.variance_reduction for e in result.effects if e.kpi == kpi and verdict(e) != "equal"]
    return sorted(value for value in found if value == value)


def _kpis(result: Comparison) -> list[str]:
    return list(dict.fromkeys(effect.kpi for effect in result.effects))


def _name(kpi: str) -> str:
    words, _, statistic = title(kpi).partition(", ")
    prose = f"{words[:1].lower()}{words[1:]}".replace("click to door", "click-to-door").replace("on time", "on-time")
    return {"": prose, "mean": f"mean {prose}"}.get(statistic, f"{statistic} of {prose}")


def _range(low: str, high: str) -> str:
    return low if low == high else f"{low} to {high}"
