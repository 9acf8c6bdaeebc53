"""Small demand for back-tests: Poisson counts about rates made by hand."""

from datetime import date

from sim.twin.counts import Counts
from tests.forecast.made import calendar, drawn, rates


def made_counts(days: int = 12, zones: int = 2, orders: float = 300.0, known: bool = True, seed: int = 1) -> Counts:
    """Counts from a Monday on."""
    means = rates(days + 1, zones, orders)
    values = drawn(means[: days * 96], seed)
    names = tuple(f"Z{zone}" for zone in range(zones))
    known_rates = means if known else None
    return Counts("made", date(2026, 3, 2), calendar(days + 1), names, values, known_rates, known_rates)
