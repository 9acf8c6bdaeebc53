"""Recognition: star levels, praise, training, prizes, insurance, a guarantee for the week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sim.entities import Crew, CrewGrants, CrewNight, Floats, Ints
from sim.policies.bounds import MOST, ascending, inside, whole
from sim.units import HOUR

WEEK = 7


@dataclass(frozen=True, slots=True)
class Stars:
    """Star levels by orders, punctuality, ratings and acceptance of the last 28 days; who steps up is praised.

    In the trade: 明星跑腿员.

    Parameters
    ----------
    orders
        Least orders in 28 days for each level, ascending.
    on_time
        Least share of orders in time for each level, 0 to 1.
    stars
        Least mean rating for each level; riders without ratings pass.
    accepted
        Least share of offers accepted for each level, 0 to 1; all pass where riders may not refuse. The defaults are
        an assumption, from well below the usual 0.87 to near it.
    """

    orders: tuple[int, ...] = (60, 120, 200)
    on_time: tuple[float, ...] = (0.85, 0.9, 0.95)
    stars: tuple[float, ...] = (4.0, 4.3, 4.6)
    accepted: tuple[float, ...] = (0.6, 0.7, 0.8)

    def __post_init__(self) -> None:
        whole("orders", 0, MOST, *self.orders)
        ascending("orders", self.orders)
        for name, high in (("on_time", 1), ("stars", 5), ("accepted", 1)):
            least: tuple[float, ...] = getattr(self, name)
            if len(least) != len(self.orders):
                raise ValueError(f"{name}: expected a value for each of the {len(self.orders)} levels of orders")
            inside(name, 0, high, *least)

    def __call__(self, night: CrewNight, rng: Generator) -> CrewGrants:
        """The highest level whose four conditions are met."""
        crew = night.crew
        shown = np.array([crew.within(28, crew.delivered), _in_time(crew), _rating(crew), _accepted(crew)])
        level = np.zeros(len(crew), np.int64)
        ladder = zip(self.orders, self.on_time, self.stars, self.accepted, strict=True)
        for step, least in enumerate(ladder, 1):
            level[(shown >= np.array(least)[:, None]).all(axis=0)] = step
        return CrewGrants(level=level, honoured=level > crew.level)


@dataclass(frozen=True, slots=True)
class Praise:
    """Praise without money: every week the best riders are named.

    Parameters
    ----------
    share
        Part of those who worked that week, 0 to 1.
    """

    share: float = 0.1

    def __post_init__(self) -> None:
        inside("share", 0, 1, self.share)

    def __call__(self, night: CrewNight, rng: Generator) -> CrewGrants:
        """The riders with most orders in time, at the end of a week."""
        return CrewGrants(honoured=_best(night, self.share) > 0)


@dataclass(frozen=True, slots=True)
class Tournament:
    """Prizes: every week the best riders get money.

    Parameters
    ----------
    share
        Part of those who worked that week, 0 to 1.
    yuan
        Prize of each.
    most_yuan
        No more than this for all prizes of a week: each is then cut in proportion; None: no cap.
    """

    share: float = 0.1
    yuan: float = 50.0
    most_yuan: float | None = None

    def __post_init__(self) -> None:
        inside("share", 0, 1, self.share)
        inside("yuan", 0, MOST, self.yuan)
        _expect_cap(self.most_yuan)

    def __call__(self, night: CrewNight, rng: Generator) -> CrewGrants:
        """The prizes, at the end of a week."""
        return _for_the_week(_best(night, self.share) * round(self.yuan * 100), self.most_yuan)


@dataclass(frozen=True, slots=True)
class WeeklyGuarantee:
    """Who worked much and earned little in a week gets the rest.

    Parameters
    ----------
    yuan_per_hour
        Least income of an hour on shift.
    hours
        Least hours on shift in the week to be entitled.
    most_yuan
        No more than this for all top-ups of a week: each is then cut in proportion; None: no cap.
    """

    yuan_per_hour: float = 12.0
    hours: float = 20.0
    most_yuan: float | None = None

    def __post_init__(self) -> None:
        inside("yuan_per_hour", 0, 1000, self.yuan_per_hour)
        inside("hours", 0, 168, self.hours)
        _expect_cap(self.most_yuan)

    def __call__(self, night: CrewNight, rng: Generator) -> CrewGrants:
        """The top-ups, at the end of a week."""
        crew = night.crew
        hours = crew.within(WEEK, crew.worked_s) / HOUR
        short = np.rint(hours * self.yuan_per_hour * 100).astype(np.int64) - crew.within(WEEK, crew.earned)
        entitled = crew.employed & (hours >= self.hours) & _week_ends(night)
        return _for_the_week(np.where(entitled, np.maximum(short, 0), 0), self.most_yuan)


@dataclass(frozen=True, slots=True)
class Training:
    """A course for everybody some days after he has come, which shortens the service at a stop.

    Parameters
    ----------
    after_days
        Days after the hiring, at least one; who was there before the run is trained on the eve of the first day.
    saves_s
        Seconds of service saved at each stop.
    yuan
        Cost of a course.
    """

    after_days: int = 7
    saves_s: float = 20.0
    yuan: float = 80.0

    def __post_init__(self) -> None:
        whole("after_days", 0, MOST, self.after_days)
        inside("saves_s", 0, HOUR, self.saves_s)
        inside("yuan", 0, MOST, self.yuan)

    def __call__(self, night: CrewNight, rng: Generator) -> CrewGrants:
        """Those whose course is today."""
        crew = night.crew
        days, new = night.day + 1 - crew.hired, crew.hired >= 0
        due = crew.employed & np.where(new, days == max(self.after_days, 1), night.day == -1)
        return CrewGrants(training_s=np.where(due, self.saves_s, 0.0), cost=due * round(self.yuan * 100))


@dataclass(frozen=True, slots=True)
class Insurance:
    """Accident insurance for everybody who works; who might come counts on it too.

    Parameters
    ----------
    yuan_per_day
        Premium for a rider on a day on which he worked.
    worth_yuan
        What it is worth to him, in yuan an hour (assumption: about the premium over an eight-hour day).
    """

    yuan_per_day: float = 3.0
    worth_yuan: float = 0.4

    def __post_init__(self) -> None:
        inside("yuan_per_day", 0, MOST, self.yuan_per_day)
        inside("worth_yuan", 0, 1000, self.worth_yuan)

    def __call__(self, night: CrewNight, rng: Generator) -> CrewGrants:
        """Premiums of the day, and what riders may count on tomorrow."""
        crew = night.crew
        worked = crew.employed & (crew.worked_s[0] > 0)
        return CrewGrants(cost=worked * round(self.yuan_per_day * 100), care=np.full(len(crew), self.worth_yuan))


@dataclass(frozen=True, slots=True)
class StarBonus:
    """Money for star riders at the end of a week.

    Parameters
    ----------
    yuan_per_level
        For each level.
    most_yuan
        No more than this for all bonuses of a week: each is then cut in proportion; None: no cap.
    """

    yuan_per_level: float = 20.0
    most_yuan: float | None = None

    def __post_init__(self) -> None:
        inside("yuan_per_level", 0, MOST, self.yuan_per_level)
        _expect_cap(self.most_yuan)

    def __call__(self, night: CrewNight, rng: Generator) -> CrewGrants:
        """The bonus of those who worked that week."""
        crew = night.crew
        worked = (crew.within(WEEK, crew.delivered) > 0) & crew.employed & _week_ends(night)
        bonus = np.where(worked, crew.level * round(self.yuan_per_level * 100), 0)
        return _for_the_week(bonus, self.most_yuan)


def _week_ends(night: CrewNight) -> bool:
    return night.day >= 0 and (night.day + 1) % WEEK == 0


def _expect_cap(most_yuan: float | None) -> None:
    if most_yuan is not None:
        inside("most_yuan", 0, MOST, most_yuan)


def _for_the_week(bonus: Ints, most_yuan: float | None) -> CrewGrants:
    """Bonuses in fen for a week, each cut in proportion where together they are above the cap."""
    total = int(bonus.sum())
    if most_yuan is not None and total > most_yuan * 100:
        bonus = np.floor(bonus * (most_yuan * 100 / total)).astype(np.int64)
    return CrewGrants(bonus=bonus, bonus_days=WEEK)


def _accepted(crew: Crew) -> Floats:
    """Share of offers accepted; 1 where none was made."""
    delivered = crew.within(28, crew.delivered)
    offered = delivered + crew.within(28, crew.refused)
    return np.where(offered > 0, delivered / np.maximum(offered, 1), 1.0)


def _in_time(crew: Crew) -> Floats:
    return np.asarray(1 - crew.within(28, crew.late) / np.maximum(crew.within(28, crew.delivered), 1))


def _rating(crew: Crew) -> Floats:
    rated = crew.within(28, crew.rated)
    return np.where(rated > 0, crew.within(28, crew.stars) / np.maximum(rated, 1), 5.0)


def _best(night: CrewNight, share: float) -> Ints:
    """Who delivered most in time this week, as 0 or 1; nobody before the week ends."""
    crew = night.crew
    good = crew.within(WEEK, crew.delivered) - crew.within(WEEK, crew.late)
    good = np.where(crew.employed, good, 0)
    named = np.zeros(len(crew), np.int64)
    if _week_ends(night):
        ranked = np.argsort(-good, kind="stable")[: round(share * int((good > 0).sum()))]
        named[ranked] = 1
    return named
