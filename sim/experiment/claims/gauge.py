"""What a claim measures on a city without running it, where no KPI of a run tells it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import import_module
from inspect import getfile
from math import nan
from pathlib import Path

from sim.city.model import City
from sim.experiment.compare import checked_kpis
from sim.experiment.replicate import Row, code_of
from sim.kpi.kpi import Kpi
from sim.kpi.kpis import KPIS
from sim.scenario.load import scenario_hash
from sim.scenario.schema import Scenario
from sim.spelling import did_you_mean


@dataclass(frozen=True, slots=True)
class Gauge:
    """A figure of a city and its days: as a :class:`~sim.kpi.kpi.Kpi`, but nobody rides and nothing is cooked.

    Parameters
    ----------
    unit
        Its unit; ``"1"`` for a share.
    definition
        One sentence.
    value
        Computes it for a replication, from the city of that scenario.
    """

    name: str
    unit: str
    definition: str
    value: Callable[[City, Scenario, int], float]


@dataclass(frozen=True, slots=True)
class Gauging:
    """A gauge to be read: a :class:`~sim.experiment.replicate.Task`."""

    variant: str
    scenario: Scenario
    replication: int
    kpi: str
    gauge: Gauge

    def key(self) -> str:
        """Hashes of the scenario, of the code that acts on it, and of what reads the gauge."""
        return f"{scenario_hash(self.scenario)}-{code_of(self.scenario)}-{_code(getfile(self.gauge.value))}"

    def run(self, city: City) -> Row:
        """Read it. Nothing is ordered, so nothing is delivered."""
        value = self.gauge.value(city, self.scenario, self.replication)
        return Row(self.variant, self.replication, self.key(), {self.kpi: value, "delivered_share": nan}, ())


def measure_of(kpi: str) -> Kpi | Gauge:
    """What the name in a claim stands for: a KPI, or a gauge as ``package.module:NAME``.

    Raises
    ------
    ValueError
        When there is none of that name; tells which is close.
    """
    place, colon, name = kpi.rpartition(":")
    if not colon:
        checked_kpis([kpi])
        return KPIS[kpi]
    try:
        there = {key: value for key, value in vars(import_module(place)).items() if isinstance(value, Gauge)}
    except (Exception, SystemExit) as error:  # a stranger's module may fail in any way; the answer is one line
        raise ValueError(f"gauge {kpi!r} cannot be loaded: {error}") from error
    if name not in there:
        raise ValueError(f"{place} has no gauge {name!r}{did_you_mean(name, there)}")
    return there[name]


@cache
def _code(file: str) -> str:
    """Fingerprint of the files beside a gauge's, and of the forecasters."""
    beside, forecasters = Path(file).parent, Path(__file__).parents[2] / "forecast"
    files = [path for folder in (beside, forecasters) for path in sorted(folder.glob("*.py"))]
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]
