"""The datebook: which date a day of the run is, and how people live it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sim.scenario.days import falls_on
from sim.scenario.demand import Holiday


@dataclass(frozen=True, slots=True)
class Datebook:
    """Dates and day types, counted from the first day of the calendar."""

    start: date
    holidays: tuple[Holiday, ...] = ()

    def date(self, day: int) -> date:
        """Date of a day."""
        return self.start + timedelta(days=day)

    def holiday(self, day: int) -> Holiday | None:
        """The first holiday that names the date."""
        of = self.date(day)
        return next((holiday for holiday in self.holidays if falls_on(holiday.dates, of, False, False)), None)

    def off(self, day: int) -> bool:
        """Whether a day is a holiday on which people are off, which a working Saturday is not."""
        holiday = self.holiday(day)
        return holiday is not None and holiday.curve == "weekend"

    def weekend(self, day: int) -> bool:
        """Whether people live a weekend that day."""
        holiday = self.holiday(day)
        return holiday.curve == "weekend" if holiday else self.date(day).weekday() >= 5

    def falls_on(self, day: int, days: tuple[str, ...]) -> bool:
        """Whether a day is among some days, such as ``("weekday", "2026-03-07")``."""
        return falls_on(days, self.date(day), self.weekend(day), self.holiday(day) is not None)
