"""Fatigue: ways and services of a tired rider take longer, by hand on the toy line."""

import numpy as np
import pytest

from sim.engine.labour import Tiring
from sim.events import Kind
from sim.scenario.shifts import Fatigue
from tests.engine.labour import resting
from tests.engine.toy import drop, give, pick, play, rows, scripted, toy_city, want

RIDE = give(0, pick(0), drop(0))
SHIFT = [(0, 3, 0, 40000)]


def moments(city, **riders):
    """When the rider who stands at place 3 departs, arrives, picks up, departs, arrives, delivers."""
    log = play(city, scripted({0: lambda wave: [RIDE]}), riders=riders)
    steps = rows(log[log["order"] == 0], Kind.DEPARTED), rows(log[log["order"] == 0], Kind.ARRIVED)
    (out, back), (there, door) = (step["t"].tolist() for step in steps)
    return [out, there, rows(log, Kind.PICKED_UP)["t"][0], back, door, rows(log, Kind.DELIVERED)["t"][0]]


def test_terms_are_in_seconds() -> None:
    assert Tiring.of(None) is None
    tiring = Tiring.of(Fatigue(after_h=2.0, per_hour=0.36))
    assert tiring is not None
    assert tiring == pytest.approx((7200, 1e-4))


def test_a_fresh_rider_is_as_fast_as_ever() -> None:
    city = toy_city([want(100)], SHIFT)
    assert moments(city, fatigue={"after_h": 1.0, "per_hour": 0.5}) == moments(city)


def test_a_tired_rider_is_slower_by_hand() -> None:
    """Tired from the start, 36% an hour: the factor at time t is 1 + t / 10000."""
    city = toy_city([want(980)], SHIFT)
    out = 990.0
    there = out + 360 * (1 + out / 10000)
    picked = there + 60 * (1 + there / 10000)
    back = picked + 60 * (1 + picked / 10000)
    door = back + 360 * (1 + back / 10000)
    brought = door + 60 * (1 + door / 10000)
    got = moments(city, fatigue={"after_h": 0.0, "per_hour": 0.36})
    assert got == pytest.approx([out, there, picked, back, door, brought])
    assert got > moments(city)


def test_hours_before_the_limit_do_not_count() -> None:
    late, tired = toy_city([want(7200)], SHIFT), {"after_h": 2.0, "per_hour": 0.36}
    first = moments(late, fatigue=tired)[:2]
    assert first == [7200, 7200 + 360]
    first = moments(toy_city([want(8200)], SHIFT), fatigue=tired)[:2]
    assert np.diff(first)[0] == pytest.approx(360 * (1 + (first[0] - 7200) / 10000))


def test_a_break_is_no_work() -> None:
    """With 1000 s of breaks behind him he is as fresh as 1000 s before."""
    tired = {"after_h": 0.0, "per_hour": 0.36}
    rested = moments(resting(toy_city([want(3000)], SHIFT), 1500, 1000), fatigue=tired)
    assert rested[1] - rested[0] == pytest.approx(360 * (1 + (rested[0] - 1000) / 10000))


def test_a_new_shift_begins_fresh() -> None:
    city = toy_city([want(10050)], [(0, 0, 0, 9000), (0, 3, 10000, 20000)])
    moved = moments(city, fatigue={"after_h": 0.5, "per_hour": 0.5})
    assert moved[1] - moved[0] == 360


def test_the_platform_does_not_know() -> None:
    policy = scripted()
    play(toy_city([want(5000)], SHIFT), policy, riders={"fatigue": {"after_h": 0.0, "per_hour": 0.5}})
    assert policy.seen[0].travel.time(0, 3) == 360
