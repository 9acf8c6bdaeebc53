"""A replication whose row tells the platform's books beside the KPIs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sim.city.model import City
from sim.experiment.promotion import merchants_told
from sim.experiment.replicate import Job, Row, by_zone
from sim.experiment.run import run
from sim.kpi.books import LINES, line_totals
from sim.scenario.schema import Scenario

CONTRIBUTION = "books contribution"
"""All that the platform took less all that it paid in the run, without orders that are open at its end, in yuan."""


def booked(line: str) -> str:
    """Name under which a row keeps a line of the books, in yuan; :func:`sim.experiment.compare.effects` takes it."""
    return f"books {line}"


@dataclass(frozen=True, slots=True)
class BooksJob:
    """A replication to run for its books."""

    variant: str
    scenario: Scenario
    replication: int

    def key(self) -> str:
        """As of any replication; a row without books has another."""
        return f"{Job(self.variant, self.scenario, self.replication).key()}-books"

    def run(self, city: City) -> Row:
        """Run it in memory; KPIs and, with a space in the name, the books and the orders of merchants who respond."""
        result = run(self.scenario, replication=self.replication, city=city)
        kpis = {name: float(value) for name, value in result.kpis.items()}
        fen = line_totals(result.tables.books)
        kpis |= {booked(line): fen[line] / 100 for line in LINES} | {CONTRIBUTION: sum(fen.values()) / 100}
        kpis |= merchants_told(result.tables)
        return Row(self.variant, self.replication, self.key(), kpis, by_zone(result.tables, city))


def jobs(scenarios: dict[str, Scenario], count: int) -> list[BooksJob]:
    """Replication by replication, all variants of each, so that what is broken off is paired as far as it goes."""
    return [BooksJob(name, scenario, r) for r in range(count) for name, scenario in scenarios.items()]


def total(row: Row, lines: Iterable[str]) -> float:
    """Yuan of some lines together, below 0 where the platform pays."""
    return sum(row.kpis[booked(line)] for line in lines)
