"""Riders by star level, on logs made by hand and on a run."""

from math import isnan

import pytest

from sim.events import Kind
from sim.kpi.events import Events, of
from sim.kpi.star_mix import star_mix, star_share, star_weeks
from sim.units import DAY
from tests.engine.test_careers import of_all
from tests.kpi.hand_made import STORY, Row, log


def level(day: int, rider: int, stars: int) -> Row:
    return Row(day * DAY, Kind.LEVEL, rider=rider, amount=stars, detail=0)


def told(*moves: Row, days: int = 8, before: int = 3) -> Events:
    """Levels are given in a night before people come and go, and the census comes last."""
    census = [Row(day * DAY, Kind.FLEET, amount=900, detail=before) for day in range(days + 1)]
    return log(*moves, *census)


CLIMB = told(
    level(2, 0, 1),
    level(3, 0, 2),
    level(4, 1, 1),
    Row(5 * DAY, Kind.QUIT, rider=1),
    Row(7 * DAY, Kind.HIRED, rider=3),
    Row(8 * DAY, Kind.HIRED, rider=1),
)
"""Rider 0 climbs to two stars; rider 1 gets one, quits, and comes back without it; rider 3 is new."""


def test_everybody_registered_is_counted_at_his_level() -> None:
    mix = star_mix(CLIMB)
    assert mix[0].tolist() == [3, 0, 0]
    assert mix[2].tolist() == [2, 1, 0]
    assert mix[4].tolist() == [1, 1, 1]
    assert mix[5].tolist() == [1, 0, 1]
    assert mix[8].tolist() == [3, 0, 1]


def test_weeks_are_told_at_their_end() -> None:
    assert star_weeks(CLIMB).tolist() == [[2, 0, 1]]


def test_the_share_is_that_of_the_end() -> None:
    assert star_share(CLIMB) == pytest.approx(1 / 4)
    assert star_share(told(level(1, 0, 1), level(2, 0, 0))) == 0


def test_without_levels_or_riders_who_respond_there_is_no_mix() -> None:
    for events in (STORY, told()):
        assert not len(star_mix(events))
        assert isnan(star_share(events))


def test_the_mix_of_a_run_is_its_census() -> None:
    events = of_all()
    mix = star_mix(events)
    assert mix.sum(axis=1).tolist() == of(events, Kind.FLEET)["detail"].tolist()
    assert mix[:, 1:].any()
