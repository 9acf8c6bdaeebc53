"""Extra pay within the day: who stays on, who comes in, and who cannot."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.city.build import build_city
from sim.engine.log import Log
from sim.engine.run import Run
from sim.engine.simulate import begin
from sim.engine.surge import respond
from sim.events import Kind
from sim.policies.nearest import Nearest
from sim.scenario.schema import Scenario
from sim.units import DAY, HOUR

NOON = DAY + 12 * HOUR


def noon(at: float = NOON, **supply: float) -> Run:
    """A town with two days of riders, on the second, before anybody has been paid more."""
    blocks: dict[str, Any] = {
        "city": {"kind": "plane", "places": 120},
        "population": {"users": 300},
        "merchants": {"classes": {"restaurant": {"count": 12}}},
        "riders": {"count": 30, "attendance": 0.5},
        "calendar": {"days": 3},
        "supply": {"on": True, "stays_per_yuan": 0, "comes_per_yuan": 0, "pool": 10, **supply},
    }
    spec = Scenario.model_validate(blocks)
    run = begin(spec, build_city(spec), Nearest(), Log())
    run.env.run(until=at)
    return run


def offer(run: Run, fen: int, zones: Any = slice(None), for_s: float = 1.0) -> None:
    """Offer extra pay in zones, and live a little."""
    surcharge = np.zeros(len(run.city.zones), np.int64)
    surcharge[zones] = fen
    assert run.hiring is not None
    assert run.world.careers is not None
    respond(run, run.hiring, run.world.careers, surcharge)
    run.env.run(until=run.env.now + for_s)


def came(run: Run, since: float = NOON) -> np.ndarray:
    """Sessions of an hour that have begun since."""
    events = run.log.events()
    return events[(events["kind"] == Kind.ON_SHIFT) & (events["t"] >= since) & (events["amount"] == 3600)]


@pytest.mark.parametrize(("per_yuan", "fen"), [(0, 500), (5, 0)])
def test_nobody_comes_who_is_offered_nothing_or_does_not_care(per_yuan: float, fen: int) -> None:
    run = noon(comes_per_yuan=per_yuan)
    offer(run, fen)
    assert not len(came(run))


def test_all_who_are_at_home_come_if_money_is_everything_and_go_home_after_an_hour() -> None:
    run = noon(comes_per_yuan=5)
    fleet, crew = run.world.fleet, run.world.careers.crew  # type: ignore[union-attr]
    shifts = run.today.shifts
    soon = set(shifts.rider[(shifts.on > NOON) & (shifts.on <= NOON + HOUR)].tolist())
    home = set(np.flatnonzero(crew.employed & ~fleet.on_duty).tolist()) - soon
    offer(run, 5000)
    assert set(came(run)["rider"].tolist()) == home
    assert all(fleet.on_duty[list(home)])
    run.env.run(until=NOON + 3 * HOUR)
    events = run.log.events()
    left = events[(events["kind"] == Kind.OFF_SHIFT) & (events["t"] >= NOON + HOUR)]
    assert home <= set(left["rider"].tolist())


def test_they_come_from_where_they_live_and_only_where_it_is_paid() -> None:
    run = noon(comes_per_yuan=5)
    zone = int(run.city.places.zone[run.city.riders.start[0]])
    offer(run, 5000, [zone])
    sessions = came(run)
    assert (run.city.places.zone[sessions["place"]] == zone).all()
    np.testing.assert_array_equal(sessions["place"], run.city.riders.start[sessions["rider"]])


def test_who_works_has_a_break_has_quit_or_has_not_been_hired_is_not_called() -> None:
    run = noon(comes_per_yuan=5)
    careers = run.world.careers
    assert careers is not None
    careers.crew.employed[:5] = False
    busy = set(np.flatnonzero(run.world.fleet.on_duty).tolist())
    offer(run, 5000)
    assert busy
    assert not set(came(run)["rider"].tolist()) & (busy | set(range(5)) | set(range(30, 40)))


def test_nobody_is_called_in_the_middle_of_a_shift() -> None:
    run = noon(at=DAY, comes_per_yuan=0.2, stays_per_yuan=0.2)
    while run.env.now < 2 * DAY:
        offer(run, 300, for_s=900)
    events = run.log.events()
    called = came(run, DAY)
    assert len(called) > 5
    for session in called:
        before = events[(events["rider"] == session["rider"]) & (events["t"] < session["t"])]
        turns = before["kind"][np.isin(before["kind"], (Kind.ON_SHIFT, Kind.OFF_SHIFT))]
        assert not len(turns) or turns[-1] == Kind.OFF_SHIFT


def test_who_would_go_home_stays_half_an_hour() -> None:
    run = noon(stays_per_yuan=5)
    fleet = run.world.fleet
    ends = np.sort(fleet.off_at[fleet.on_duty])[0]
    run.env.run(until=ends - 60)
    leaving = np.flatnonzero(fleet.on_duty & (fleet.off_at <= ends + 840))
    before = fleet.off_at[leaving].copy()
    offer(run, 5000)
    np.testing.assert_array_equal(fleet.off_at[leaving], before + 1800)
    events = run.log.events()
    assert set(events["rider"][events["kind"] == Kind.STAYED].tolist()) == set(leaving.tolist())


def test_who_works_on_another_day_may_come_and_who_stayed_away_may_not() -> None:
    run = noon(comes_per_yuan=5)
    careers, shifts = run.world.careers, run.today.shifts
    assert careers is not None
    shifts.on[:] = NOON + 600
    careers.chance[:] = 0.0  # nobody works today, though the roster has them
    free = np.flatnonzero(careers.crew.employed & ~run.world.fleet.on_duty)
    away = np.isin(np.arange(len(careers.crew)), free[:3])
    run.today = replace(run.today, away=away)
    offer(run, 5000)
    assert set(came(run)["rider"].tolist()) == set(free[3:].tolist())


def test_who_did_not_come_to_his_shift_is_not_called() -> None:
    run = noon(comes_per_yuan=5)
    shifts = run.today.shifts
    missed = shifts.rider[run.world.careers.chance[shifts.rider] > shifts.will]  # type: ignore[union-attr, operator]
    missed = missed[~run.world.fleet.on_duty[missed]]
    shifts.on[np.isin(shifts.rider, missed)] = np.inf
    offer(run, 5000)
    assert len(missed) > 2
    assert len(came(run))
    assert not set(came(run)["rider"].tolist()) & set(missed.tolist())


def test_nobody_works_longer_than_the_cap_for_extra_pay() -> None:
    run = noon(comes_per_yuan=5, stays_per_yuan=5)
    assert run.hiring is not None
    run.hiring = replace(run.hiring, cap_s=1800.0)
    while run.env.now < NOON + 6 * HOUR:
        offer(run, 5000, for_s=900)
    events = run.log.events()
    assert not len(came(run))
    assert not (events["kind"] == Kind.STAYED).any()


def test_nobody_comes_after_the_last_order_can_be_placed() -> None:
    run = noon(at=3 * DAY + 60, comes_per_yuan=5)
    offer(run, 5000)
    assert not len(came(run, 3 * DAY))
