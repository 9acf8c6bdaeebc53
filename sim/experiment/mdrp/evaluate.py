"""A second opinion on a solution, from the instance's and the solution's files alone.

An independent implementation of the official evaluator's eight checks and of its figures, with stricter
checks added (:mod:`sim.experiment.mdrp.feasibility`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import isclose, isnan, nan
from pathlib import Path
from statistics import fmean, quantiles

from sim.experiment.mdrp.feasibility import OFFICIAL, STRICTER, names_are_known
from sim.experiment.mdrp.solution import Problem, Solution, read_problem, read_solution


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the evaluator finds.

    Parameters
    ----------
    problems
        One line for each violation; empty when the solution is feasible.
    figures
        Performance measures, named as in :func:`sim.experiment.mdrp.score.score`.
    """

    problems: tuple[str, ...]
    figures: dict[str, float]

    def __str__(self) -> str:
        return f"INFEASIBLE: {self.problems[0]}" if self.problems else "FEASIBLE"


def evaluate(instance: Path, solution: Path) -> Verdict:
    """Check a solution and compute its figures.

    Parameters
    ----------
    instance, solution
        Folders with the instance's four files and the solution's three.

    Raises
    ------
    ValueError
        When a file is missing or a line cannot be read.
    """
    problem, found = read_problem(Path(instance)), read_solution(Path(solution))
    unknown = tuple(names_are_known(problem, found))
    if unknown:
        return Verdict(unknown, {})
    problems = tuple(line for rule in (*OFFICIAL, *STRICTER) for line in rule(problem, found))
    return Verdict(problems, _order_figures(problem, found) | _courier_figures(problem, found))


def disagreements(figures: Mapping[str, float], ours: Mapping[str, float]) -> list[str]:
    """One line for each figure of the evaluator that differs from ours by more than rounding."""
    return [
        f"{name}: evaluator {value:g}, ours {ours[name]:g}"
        for name, value in figures.items()
        if not (isclose(value, ours[name], rel_tol=1e-9, abs_tol=1e-9) or (isnan(value) and isnan(ours[name])))
    ]


def _order_figures(problem: Problem, solution: Solution) -> dict[str, float]:
    lines = solution.deliveries
    ctd = [line.dropoff - problem.orders[line.order].placed for line in lines]
    rtp = [line.pickup - problem.orders[line.order].ready for line in lines]
    return {
        "orders": len(problem.orders),
        "delivered": len(lines),
        "undelivered_pct": 100 * (1 - len(lines) / len(problem.orders)),
        "ctd_mean": _mean(ctd),
        "ctd_p90": _p90(ctd),
        "ctd_overage": _mean([max(0.0, minutes - problem.target) for minutes in ctd]),
        "rtp_mean": _mean(rtp),
        "rtp_p90": _p90(rtp),
        "rtd_mean": _mean([line.dropoff - problem.orders[line.order].ready for line in lines]),
    }


def _courier_figures(problem: Problem, solution: Solution) -> dict[str, float]:
    drops = Counter(line.courier for line in solution.deliveries)
    busy: defaultdict[str, float] = defaultdict(float)
    for move in solution.moves:
        busy[move.courier] += problem.minutes(move.courier, move.origin, move.destination)
    for bundle in solution.bundles:
        busy[bundle.courier] += problem.pickup + len(bundle.orders) * problem.dropoff
    shift = {name: courier.off - courier.on for name, courier in problem.couriers.items()}
    earned = {name: problem.pay_per_order * drops[name] for name in shift}
    least = {name: problem.pay_per_hour * minutes / 60 for name, minutes in shift.items()}
    total, sizes = sum(max(earned[name], least[name]) for name in shift), [len(b.orders) for b in solution.bundles]
    return {
        "utilisation": _mean([busy[name] / minutes for name, minutes in shift.items()]),
        "cost_per_order": total / drops.total() if drops else nan,
        "orders_per_bundle": _mean(sizes),
        "guarantee_share": _mean([earned[name] < least[name] for name in shift]),
    }


def _mean(values: list[float] | list[int] | list[bool]) -> float:
    return fmean(values) if values else nan


def _p90(values: list[float]) -> float:
    """Linear interpolation between order statistics."""
    return quantiles(values, n=10, method="inclusive")[-1] if len(values) > 1 else _mean(values)
