"""The scenario's block about demand beyond the segments' curves: rules, holidays and bursts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from sim.scenario.days import Dates, Days
from sim.scenario.fields import Clock, Section, quantity
from sim.units import DAY, MINUTE, QUARTER, QUARTERS, seconds

Use = Literal["housing", "dormitory", "teaching", "office", "shopfront"]


def quarters(hours: str) -> slice:
    """Quarters of an hour (0 to 95) between the two times of ``"11:00-13:00"``.

    Raises
    ------
    ValueError
        When the text is no such span within one day.
    """
    begin, dash, end = hours.partition("-")
    if not dash:
        raise ValueError(f"{hours!r} is no span of hours such as '11:00-13:00'")
    first, last = seconds(begin) / QUARTER, seconds(end) / QUARTER
    if first % 1 or last % 1:
        raise ValueError(f"{hours!r} does not begin and end on a quarter of an hour")
    if last > QUARTERS:
        raise ValueError(f"{hours!r} ends after midnight; write a second rule for the next day's hours")
    if last <= first:
        raise ValueError(f"{hours!r} ends before it begins; a span over midnight takes two rules")
    return slice(int(first), int(last))


def _span(hours: str) -> str:
    quarters(hours)
    return hours


Hours = Annotated[str, AfterValidator(_span), Field(json_schema_extra={"unit": "HH:MM-HH:MM", "source": "assumption"})]
Names = Annotated[tuple[str, ...], Field(strict=False)]


class Rule(Section):
    """A factor on the demand of some zones, segments, hours and days; rules that meet multiply."""

    zones: Names = ()
    """Zones of the drop-off; all when empty."""
    segments: Names = ()
    """Segments of users; all when empty."""
    hours: Hours = "00:00-24:00"
    """Hours of the day, in quarters of an hour."""
    days: Days = ("all",)
    """Days: all, weekday, weekend, holiday, a day's name, dates and ranges of dates."""
    factor: float = quantity(..., "1", 0, 10)
    """Multiplies the expected Intents."""


class Holiday(Section):
    """Dates on which people do not live the day of the week that the calendar tells."""

    name: str = Field(min_length=1, max_length=80)
    """Name of the holiday."""
    dates: Dates
    """Dates and ranges of dates."""
    curve: Literal["weekend", "weekday"] = "weekend"
    """Whose curves and workplaces count; weekday makes a Saturday a working day."""
    factors: dict[str, Annotated[float, Field(ge=0, le=10)]] = Field(
        default_factory=dict, json_schema_extra={"unit": "1", "source": "assumption"}
    )
    """Factor on a segment's demand, by segment; 1 for the others."""


class BurstPlace(Section):
    """Where a burst orders from: the places that fit everything said here."""

    zone: str = ""
    """A zone of the map; any when empty."""
    use: Use | None = None
    """Land use: housing, dormitory, teaching, office or shopfront; any when silent."""
    x_m: float | None = quantity(None, "m", 0, 100000)
    """Centre of a circle, from the map's west edge."""
    y_m: float | None = quantity(None, "m", 0, 100000)
    """Centre of a circle, from the map's south edge."""
    radius_m: float = quantity(400, "m", 1, 100000)
    """Radius of the circle, in a straight line."""

    @model_validator(mode="after")
    def _somewhere(self) -> BurstPlace:
        if (self.x_m is None) != (self.y_m is None):
            raise ValueError("a circle takes both x_m and y_m")
        if not self.zone and self.use is None and self.x_m is None:
            raise ValueError("expected a zone, a use, or x_m and y_m")
        return self


class Burst(Section):
    """Extra Intents of one place and one hour: a concert ends, an office has lunch, an exam is over."""

    name: str = Field(min_length=1, max_length=80)
    """Name of the burst; its random stream goes by it."""
    place: BurstPlace
    """Where the orders go."""
    days: Days = ("all",)
    """Days: all, weekday, weekend, holiday, a day's name, dates and ranges of dates."""
    at: Clock
    """When it begins."""
    minutes: float = quantity(45, "min", 1, 1440)
    """How long it lasts; it must be over by midnight."""
    shape: Literal["triangle", "even"] = "triangle"
    """Rise and fall of the rate."""
    peak: float = quantity(0.3, "share of the duration", 0, 1)
    """When a triangle is at its highest."""
    orders: float = quantity(..., "intents", 0, 100000)
    """Extra Intents expected when it happens; of an announced burst this is the announcement."""
    size_cv: float = quantity(0.3, "1", 0, 5)
    """Coefficient of variation of the size about the expected one (gamma), beyond Poisson noise."""
    chance: float = quantity(1.0, "1", 0, 1)
    """Chance that it happens on one of its days."""
    announced: bool = True
    """Whether planners know place, time and expected size beforehand; otherwise it is a surprise."""
    segments: dict[str, Annotated[float, Field(ge=0, le=1e6)]] = Field(
        default_factory=dict, json_schema_extra={"unit": "relative weight", "source": "assumption"}
    )
    """Weight of each segment among the users; by the number of users when empty."""

    @model_validator(mode="after")
    def _within_a_day(self) -> Burst:
        end = seconds(self.at) + self.minutes * MINUTE
        if end > DAY:
            raise ValueError(f"ends {(end - DAY) / MINUTE:g} min past midnight; begin it earlier or make it shorter")
        if self.segments and not sum(self.segments.values()):
            raise ValueError("segments: all weights are zero")
        return self


class Demand(Section):
    """Demand beyond the segments' curves; nothing by default."""

    rules: Annotated[tuple[Rule, ...], Field(strict=False)] = ()
    """Factors by zone, segment, hour and day."""
    holidays: Annotated[tuple[Holiday, ...], Field(strict=False)] = ()
    """Holidays and working weekends; the first that names a date counts."""
    bursts: Annotated[tuple[Burst, ...], Field(strict=False)] = ()
    """Bursts."""

    @model_validator(mode="after")
    def _names_differ(self) -> Demand:
        names = [burst.name for burst in self.bursts]
        if double := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"two bursts share the name {min(double)!r}")
        return self
