"""What rules for riders and deals with merchants may answer: checked before it takes effect, told in a few words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.engine.referee import is_whole
from sim.entities import CrewGrants, Deals
from sim.entities.crew import CREW_DAYS

MOST = 10**8
"""No amount may be larger, in fen, and no count; a day's sums hold that."""
MOST_PER_ORDER = 10**7
"""Nor may what is paid for one order, in fen."""
SHARES = ("commission", "subsidy", "matched", "personal")
GRANTED = {"bonus": ("iu", MOST), "cost": ("iu", MOST), "level": ("iu", 1000), "honoured": ("b", 1)} | {
    "training_s": ("iuf", 3600),
    "care": ("iuf", 10_000),
}
"""Types (numpy's kinds) and highest values of the columns of CrewGrants."""


def fault_of_grants(answer: object, riders: int) -> str:
    """What is wrong with the answer of a rule for riders, empty when nothing is."""
    if not isinstance(answer, CrewGrants):
        return "expected CrewGrants"
    if not is_whole(answer.bonus_days) or not 1 <= answer.bonus_days <= CREW_DAYS:
        return f"bonus_days: expected a whole number from 1 to {CREW_DAYS}, got {answer.bonus_days!r}"
    given = ((name, getattr(answer, name), limits) for name, limits in GRANTED.items())
    faults = (of_column(name, column, riders, *limits) for name, column, limits in given if column is not None)
    return next((fault for each in faults for fault in each), "")


def fault_of_deals(answer: object, merchants: int, users: int) -> str:
    """What is wrong with the answer of a deal, empty when nothing is."""
    if not isinstance(answer, Deals):
        return "expected Deals"
    return next(_faults_of_deals(answer, merchants, users), "")


def _faults_of_deals(given: Deals, merchants: int, users: int) -> Iterator[str]:
    columns = [(name, merchants, "iuf") for name in SHARES] + [("trained", merchants, "b"), ("aimed", users, "b")]
    for name, size, kinds in columns:
        if getattr(given, name) is not None:
            yield from of_column(name, getattr(given, name), size, kinds, 1)
    if (given.personal is None) != (given.aimed is None):
        yield "personal and aimed: expected both or none"
    for name in ("places", "place_price", "training_cost"):
        value = getattr(given, name)
        if not is_whole(value) or not 0 <= value <= MOST:
            yield f"{name}: expected a whole number from 0 to {MOST}, got {value!r}"


def fault_of_extra(answer: object, zones: int) -> str:
    """What is wrong with extra pay by zone, empty when nothing is."""
    return next(of_column("extra pay", answer, zones, "iuf", MOST_PER_ORDER), "")


def fault_of_costs(answer: object, shape: tuple[int, int]) -> str:
    """What is wrong with the costs of suppliers by errand and merchant, empty when nothing is."""
    if not isinstance(answer, np.ndarray) or answer.shape != shape:
        return f"expected an array of shape {shape}"
    if answer.dtype.kind not in "iuf" or not np.all(np.isfinite(answer)):
        return "expected finite numbers"
    return ""


def fault_of_pay(answer: object) -> str:
    """What is wrong with what a rule adds to the pay of an order, empty when nothing is."""
    number = isinstance(answer, int | float | np.integer | np.floating) and not isinstance(answer, bool)
    if not number or not abs(answer) <= MOST_PER_ORDER:  # type: ignore[arg-type]
        return f"expected fen, a number up to {MOST_PER_ORDER} either way"
    return ""


def of_column(name: str, column: object, size: int, kinds: str, most: float, least: float = 0) -> Iterator[str]:
    """What is wrong with a column of an answer.

    Parameters
    ----------
    size
        How many values it has to have.
    kinds
        Types that it may have, as numpy's kinds.
    """
    values = np.asarray(column)
    expected = {"b": "truth values", "iu": "whole numbers", "iub": "whole numbers"}.get(kinds, "numbers")
    if values.shape != (size,):
        yield f"{name}: expected shape ({size},), got {values.shape}"
    elif values.dtype.kind not in kinds:
        yield f"{name}: expected {expected}, got {values.dtype}"
    elif not np.all(fits := (values >= least) & (values <= most)):
        yield f"{name}: expected {expected} from {least:g} to {most:g}, got {values[~fits][0]}"
