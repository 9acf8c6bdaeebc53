"""The figures of a study: what each shows, how large, and its margins."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sim.city.model import City
from sim.experiment.compare import Comparison
from sim.report.comparison.forest import NAMES, forest, plot_forest
from sim.report.comparison.pareto import pareto, plot_pareto
from sim.report.comparison.strips import plot_strips, strips
from sim.report.comparison.zone_change import ZoneChange, zone_changes
from sim.report.comparison.zone_map import plot_zone_change
from sim.report.pictures import FULL, HALF, MAP, PHONE, Draw, Plot

Margins = tuple[float, float, float, float]


def plots(result: Comparison, city: City) -> Iterator[Plot]:
    """The figures of a study, in reading order."""
    effects, trade, dots = forest(result), pareto(result), strips(result)
    yield _tall(
        "forest", effects.alt, lambda ax: plot_forest(effects, ax), FULL, effects.height, (NAMES, 0.65, 0.4, 0.6)
    )
    yield Plot("pareto", trade.alt, lambda ax: plot_pareto(trade, ax), MAP, 4.4, 3.8, (0.72, 0.12, 0.5, 0.62))
    yield _tall("replications", dots.alt, lambda ax: plot_strips(dots, ax), FULL, dots.height, (0.25, 0.15, 0.35, 0.6))
    yield from (_map(change) for change in zone_changes(result, city))


def _map(change: ZoneChange) -> Plot:
    name = "zones_" + change.name.replace("-", "_").replace(" ", "_")
    width = HALF if len(change.change) == 1 else FULL
    margins = (0.05, 0.05, 0.42, 0.36)
    return _tall(name, change.alt, lambda ax: plot_zone_change(change, ax), width, change.height, margins)


def _tall(name: str, alt: str, draw: Draw, width: float, inches: Callable[[float], float], margins: Margins) -> Plot:
    """A figure as tall as its panels need."""
    around = margins[2] + margins[3]
    return Plot(name, alt, draw, width, inches(width) + around, inches(PHONE) + around, margins)
