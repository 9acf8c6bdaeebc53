"""Waves: when the policy is asked, what it sees, and that it can disturb nothing."""

import contextlib
from collections.abc import Sequence
from dataclasses import FrozenInstanceError
from typing import Any

import numpy as np
import pytest

from sim.city.build import build_city
from sim.engine.log import Log
from sim.engine.simulate import simulate
from sim.entities import Wave
from sim.events import Kind
from sim.policies.matching import Matching
from sim.policies.nearest import Nearest
from tests.engine.strangers import Gambler
from tests.engine.towns import POLICIES, city_of, log_of, town
from tests.engine.toy import XS, Row, Scripted, drop, give, pick, play, scripted, toy_city, want
from tests.engine.toy import times as at


def seen(
    policy: Scripted, *wishes: Row, shifts: Sequence[tuple[int, int, float, float]] = ((0, 0, 0, 9000),), **blocks: Any
) -> list[Wave]:
    play(toy_city(wishes or [want(100)], shifts), policy, **blocks)
    return policy.seen


def nows(waves: list[Wave]) -> list[float]:
    return [wave.now for wave in waves]


def test_waves_come_at_the_beat_while_an_order_waits() -> None:
    waves = seen(scripted(), want(100, patience_s=200))
    assert nows(waves) == [120, 150, 180, 210, 240, 270]
    assert [wave.index for wave in waves] == list(range(6))


def test_an_order_at_the_beat_is_seen_at_once() -> None:
    assert nows(seen(scripted(), want(120, patience_s=20))) == [120]


def test_no_wave_without_an_order_or_without_a_rider() -> None:
    assert nows(seen(scripted({0: lambda wave: [give(0, pick(0), drop(0))]}))) == [120]
    assert seen(scripted(), shifts=[(0, 0, 10000, 20000)])[0].now == 10020


def test_with_no_beat_the_policy_is_asked_at_once() -> None:
    answers = {2: lambda wave: [give(0, pick(0), drop(0))]}
    waves = seen(scripted(answers), want(100.5), want(103), want(107.25), dispatch={"every_s": 0})
    assert nows(waves)[:3] == [100.5, 103, 107.25]
    assert 107.25 + 60 + 60 + 360 + 120 in nows(waves), "the rider is free again"
    assert [len(wave.orders) for wave in waves[:3]] == [1, 2, 3]


def test_with_no_beat_a_rider_who_comes_on_shift_is_asked_for() -> None:
    assert nows(seen(scripted(), want(100), shifts=[(0, 0, 777, 9000)], dispatch={"every_s": 0})) == [777]


@pytest.mark.parametrize("every", [30, 0])
def test_all_that_happens_at_an_instant_is_in_its_wave(every: int) -> None:
    wishes = [want(120), want(120), want(120, place=4)]
    waves = seen(scripted(), *wishes, shifts=[(0, 0, 0, 900), (1, 3, 120, 900)], dispatch={"every_s": every})
    assert waves[0].now == 120
    assert waves[0].orders.id.tolist() == [0, 1, 2]
    assert waves[0].riders.id.tolist() == [0, 1]


def test_the_log_notes_each_wave() -> None:
    events = play(toy_city([want(100), want(110)], [(0, 0, 0, 500), (1, 0, 0, 500)]), scripted())
    waves = events[events["kind"] == Kind.WAVE]
    assert waves["t"].tolist() == [float(t) for t in range(120, 500, 30)]
    assert set(waves["amount"].tolist()) == {2}
    assert set(waves["detail"].tolist()) == {2}


def test_a_policy_sees_what_the_platform_knows() -> None:
    wave = seen(scripted(), want(100, 1, 4, prep_s=900, basket=2345), platform={"promise_min": 30})[0]
    order = wave.orders[0]
    assert tuple(order)[:11] == (0, 7, 1, 1, 4, 100, 1000, 100 + 1800, 2345, 400, 0)
    assert (wave.rules.pickup_s, wave.rules.dropoff_s, wave.rules.diversion) == (120, 120, True)
    assert wave.travel.time(0, 3) == 360
    assert not hasattr(order, "prep_s")
    assert not hasattr(order, "cancel_at")


def test_a_rider_is_described_by_the_end_of_his_route() -> None:
    """Given at 120: pickup 180, drop-off 660, free at 720 at place 3."""
    answers = {0: lambda wave: [give(0, pick(0), drop(0))]}
    waves = seen(scripted(answers), want(100), want(140, prep_s=5000))
    idle, busy, last = waves[0].riders, waves[1].riders, waves[-1].riders
    assert (idle.at[0], idle.free_at[0], idle.load[0], idle.off_at[0], idle.capacity[0]) == (0, 120, 0, 9000, 4)
    assert (busy.at[0], busy.free_at[0], busy.load[0]) == (3, 720, 1)
    assert busy.route[0] == (pick(0), drop(0))
    assert (last.at[0], last.load[0], last.route[0]) == (3, 0, ())
    for wave in waves[1:]:
        assert wave.riders.free_at[0] == max(720, wave.now)
        assert (wave.riders.load[0] == 0) == (wave.now >= 660)
        assert wave.riders.on_board[0] == ({0} if 180 <= wave.now < 660 else set())
        assert wave.assigned.id.tolist() == ([0] if wave.now < 180 else [])


def test_a_plan_that_goes_wrong_is_corrected() -> None:
    """The platform expects order 0 at 160, but it takes until 1000."""
    answers = {0: lambda wave: [give(0, pick(0), drop(0))]}
    wishes = [want(100, prep_s=900), want(101, merchant=1)]
    city = toy_city(wishes, [(0, 0, 0, 9000)], mean_prep_s=60)
    policy = scripted(answers)
    play(city, policy, platform={"exact_ready": False})
    free = {wave.now: wave.riders.free_at.item(0) for wave in policy.seen}
    assert free[150] == 720
    assert free[1020] == 1000 + 60 + 360 + 120


def test_without_diversion_only_idle_riders_are_available() -> None:
    answers = {0: lambda wave: [give(0, pick(0), drop(0))]}
    shifts = [(0, 0, 0, 9000), (1, 0, 0, 9000)]
    for diversion in (True, False):
        waves = seen(scripted(answers), want(100), want(140), shifts=shifts, dispatch={"diversion": diversion})
        assert waves[1].riders.available.tolist() == [diversion, True]


def test_without_diversion_nobody_is_asked_while_all_ride() -> None:
    answers = {0: lambda wave: [give(0, pick(0), drop(0))]}
    waves = seen(scripted(answers), want(100), want(140), dispatch={"diversion": False})
    assert nows(waves)[:2] == [120, 720]


@pytest.mark.parametrize("column", ["id", "at", "free_at", "available", "load", "capacity", "off_at", "under_way"])
def test_what_a_policy_writes_into_the_wave_stays_there(column: str) -> None:
    def scribble(wave: Wave) -> list:
        values = getattr(wave.riders, column)
        values[:] = ~values if values.dtype == bool else values + 5000
        return []

    plain = play(toy_city([want(100), want(200)]), Nearest())
    answers = dict.fromkeys(range(100), scribble)

    class ScribblerFirst:
        def __call__(self, wave: Wave, rng: np.random.Generator) -> Any:
            fresh = Nearest()(wave, rng)
            answers[0](wave)
            return fresh

    np.testing.assert_array_equal(play(toy_city([want(100), want(200)]), ScribblerFirst()), plain)


def test_lists_of_a_wave_are_copies() -> None:
    def clear(wave: Wave) -> list:
        for rows in (wave.orders.rows, wave.assigned.rows):
            rows.clear()  # type: ignore[attr-defined]
        wave.riders.route[0] = (pick(0),)
        wave.riders.on_board[0] = frozenset({99})
        return []

    waves = seen(scripted({0: clear, 1: lambda wave: [give(0, pick(0), drop(0))]}))
    assert nows(waves) == [120, 150]


def test_the_frozen_parts_refuse() -> None:
    def write(wave: Wave) -> list:
        for target, name in ((wave, "now"), (wave.riders, "load"), (wave.rules, "diversion"), (wave.orders, "rows")):
            with pytest.raises(FrozenInstanceError):
                setattr(target, name, None)
        with pytest.raises(ValueError, match="read-only"):
            wave.orders.ready_at[0] = 0
        with pytest.raises(AttributeError):
            wave.orders[0].ready_at = 0  # type: ignore[misc]
        return []

    seen(scripted({0: write}))


MAP = "the map's arrays are writeable through wave.travel"


def test_a_policy_cannot_move_the_places() -> None:
    def shrink(wave: Wave) -> list:
        wave.travel.x[:] = 0  # type: ignore[attr-defined]
        return []

    city = toy_city([want(100)])
    with contextlib.suppress(RuntimeError):
        play(city, scripted({0: shrink}))
    assert city.places.x.tolist() == list(XS)


def test_a_policy_cannot_shorten_the_streets() -> None:
    scenario = town("district")
    city = build_city(scenario)
    before = city.travel.metres.sum()  # type: ignore[attr-defined]

    def shrink(wave: Wave, rng: np.random.Generator) -> list:
        wave.travel.metres[:] = 0  # type: ignore[attr-defined]
        return []

    with contextlib.suppress(RuntimeError):
        simulate(scenario, city, shrink, Log(), until=50000)
    assert city.travel.metres.sum() == before  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["district", "events"])
def test_a_policy_that_plays_dice_disturbs_nothing(name: str) -> None:
    log = Log()
    simulate(town(name), city_of(name), Gambler(Matching(), throws=1000), log)
    np.testing.assert_array_equal(log.events(), log_of(name, "matching"))


def test_the_dice_of_a_policy_are_those_of_its_stream() -> None:
    throws: list[list[float]] = []
    for seed in (1, 1, 2):
        row: list[float] = []

        def throw(wave: Wave, rng: np.random.Generator, row: list[float] = row) -> list:
            row.append(rng.random())
            return []

        simulate(town("events", seed=seed), city_of("events", seed), throw, Log(), until=40000)
        throws.append(row)
    assert throws[0] == throws[1] != throws[2]
    assert len(set(throws[0])) == len(throws[0]) > 5


def test_seconds_of_decision_are_counted_and_not_in_the_log() -> None:
    log = Log()
    outcome = simulate(town("events"), city_of("events"), POLICIES["nearest"], log)
    assert len(outcome.wave_s) == (log.events()["kind"] == Kind.WAVE).sum()
    assert (outcome.wave_s > 0).all()


def test_a_release_does_not_double_the_beat() -> None:
    answers = {
        0: lambda wave: [give(0, pick(1, 1), drop(1, 4), pick(0), drop(0))],
        1: lambda wave: [give(0, pick(1, 1), drop(1, 4))],
    }
    waves = seen(scripted(answers), want(100), want(101, 1, 4), want(140, 1, 5))
    assert len(set(nows(waves))) == len(waves)


def test_with_no_beat_an_order_that_was_too_early_is_not_forgotten() -> None:
    """Ready in 20 minutes, given away from 10 minutes before, and nothing else ever happens."""
    events = play(toy_city([want(100, prep_s=1200)]), Matching(lead_min=10), dispatch={"every_s": 0})
    assert len(at(events, Kind.DELIVERED)) == 1
