"""What rules for riders and deals with merchants may answer: checked before it takes effect, told in a few words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.engine.referee import is_whole
from sim.entities import CrewGrants, Deals

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
    faults = (_of_column(name, getattr(answer, name), riders, *limits) for name, limits in GRANTED.items())
    return next((fault for each in faults for fault in each), "")


def fault_of_deals(answer: object, merchants: int, users: int) -> str:
    """What is wrong with the answer of a deal, empty when nothing is."""
    if not isinstance(answer, Deals):
        return "expected Deals"
    return next(_faults_of_deals(answer, merchants, users), "")


def _faults_of_deals(given: Deals, merchants: int, users: int) -> Iterator[str]:
    for name in SHARES:
        yield from _of_column(name, getattr(given, name), merchants, "iuf", 1)
    yield from _of_column("trained", given.trained, merchants, "b", 1)
    yield from _of_column("aimed", given.aimed, users, "b", 1)
    if (given.personal is None) != (given.aimed is None):
        yield "personal and aimed: expected both or none"
    for name in ("places", "place_price", "training_cost"):
        value = getattr(given, name)
        if not is_whole(value) or not 0 <= value <= MOST:
            yield f"{name}: expected a whole number from 0 to {MOST}, got {value!r}"


def fault_of_extra(answer: object, zones: int) -> str:
    """What is wrong with extra pay by zone, empty when nothing is."""
    if answer is None:
        return "expected fen by zone"
    return next(_of_column("extra pay", answer, zones, "iuf", MOST_PER_ORDER), "")


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


def _of_column(name: str, column: object, size: int, kinds: str, most: float) -> Iterator[str]:
    if column is None:
        return
    values = np.asarray(column)
    expected = {"b": "truth values", "iu": "whole numbers"}.get(kinds, "numbers")
    if values.shape != (size,):
        yield f"{name}: expected shape ({size},), got {values.shape}"
    elif values.dtype.kind not in kinds:
        yield f"{name}: expected {expected}, got {values.dtype}"
    elif not np.all((values >= 0) & (values <= most)):
        wrong = values[~((values >= 0) & (values <= most))][0]
        yield f"{name}: expected {expected} from 0 to {most:g}, got {wrong}"
