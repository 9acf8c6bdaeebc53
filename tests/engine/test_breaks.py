"""Breaks, late starts and no-shows, by hand on the toy line and by the rules on a generated city."""

import numpy as np
import pytest

from sim.city.build import build_city
from sim.engine.log import Log
from sim.engine.referee import PolicyError
from sim.engine.simulate import simulate
from sim.events import Kind
from sim.kpi.riders import riders_table
from sim.policies.nearest import Nearest
from tests.engine.labour import resting, rostered
from tests.engine.towns import POLICIES, city_of, log_of, town
from tests.engine.toy import always, drop, give, pick, play, rows, scripted, story, toy_city, want

SHIFT = [(0, 0, 0, 4000)]
RIDE = give(0, pick(0), drop(0))
"""Order 0 is placed at 100 and given at 120; it is brought at 180 + 60 + 360 + 60 = 660, the rider is back at 720."""


def breaks(log: np.ndarray) -> list[tuple[float, int]]:
    return [(row["t"], row["amount"]) for row in rows(log, Kind.BREAK)]


def test_an_idle_rider_rests_when_his_break_is_due() -> None:
    log = play(resting(toy_city([want(5000)], SHIFT), 1000, 300), scripted())
    assert breaks(log) == [(1000, 300), (2300, 300), (3600, 300)]
    assert story(log, Kind.IDLE, Kind.BREAK, Kind.OFF_SHIFT) == [
        (0, "IDLE"),
        *((t, kind) for t in (1000, 2300, 3600) for t, kind in ((t, "BREAK"), (t + 300, "IDLE"))),
        (4000, "OFF_SHIFT"),
    ]


def test_a_busy_rider_rests_once_his_last_order_is_delivered() -> None:
    """He delivers at 660 and would be back at 720: the break of 300 s begins then."""
    log = play(resting(toy_city([want(100)], SHIFT), 400, 300), scripted({0: lambda wave: [RIDE]}))
    assert breaks(log)[0] == (660, 300)
    after = story(log, Kind.DELIVERED, Kind.BREAK, Kind.IDLE)[1:4]
    assert after == [(660, "DELIVERED"), (660, "BREAK"), (1020, "IDLE")]


def test_who_rests_cannot_be_given_anything() -> None:
    city = resting(toy_city([want(900)], [*SHIFT, (1, 1, 900, 4000)]), 950, 600)
    assert len(rows(play(city, scripted({1: always(RIDE)})), Kind.DELIVERED)) == 1
    with pytest.raises(PolicyError, match="wave 2, rider 0: the rider is not on shift"):
        play(city, scripted({2: always(RIDE)}))


def test_the_platform_does_not_even_see_him() -> None:
    seen: list[list[int]] = []

    def watch(wave, rng):
        seen.append([int(wave.now), *wave.riders.id.tolist()])
        return []

    play(resting(toy_city([want(1100)], [*SHIFT, (1, 1, 900, 4000)]), 1000, 300), watch, until=2000)
    present = {now: ids for now, *ids in seen}
    assert present[1110] == present[1290] == [1]
    assert present[1320] == [0, 1]
    assert present[1920] == [0]


def test_a_break_that_would_outlast_the_shift_is_not_taken() -> None:
    assert breaks(play(resting(toy_city([want(5000)], SHIFT), 3800, 300), scripted())) == []
    assert breaks(play(resting(toy_city([want(5000)], SHIFT), 3600, 300), scripted())) == [(3600, 300)]


def test_a_second_shift_that_begins_in_a_break_is_the_same_man() -> None:
    city = resting(toy_city([want(100)], [(0, 0, 0, 4000), (0, 2, 3700, 8000)]), 3500, 400)
    log = play(city, scripted())
    assert breaks(log)[0] == (3500, 400)
    assert len(rows(log, Kind.OFF_SHIFT)) == 1


def test_breaks_do_not_count_as_time_without_an_order() -> None:
    log = play(resting(toy_city([want(5000)], SHIFT), 1000, 300), scripted())
    table = riders_table(log[log["t"] <= 4000]).iloc[0]
    assert (table["duty_s"], table["break_s"], table["idle_s"], table["busy_s"]) == (4000, 900, 3100, 0)


def test_who_is_late_is_on_the_roster_first() -> None:
    log = play(rostered(toy_city([want(100)], [(0, 0, 60, 4000), (1, 0, 90, 4000)]), [200, np.inf]), scripted())
    assert story(log, Kind.ROSTERED, Kind.ON_SHIFT) == [(60, "ROSTERED"), (90, "ROSTERED"), (260, "ON_SHIFT")]
    assert rows(log, Kind.ROSTERED)["amount"].tolist() == [3940, 3910]
    assert rows(log, Kind.ON_SHIFT)["amount"].tolist() == [3740]


@pytest.mark.parametrize("policy", ["nearest", "matching"])
def test_a_generated_day_with_everything_is_the_same_twice(policy: str) -> None:
    scenario = town("labour")
    again = Log()
    simulate(scenario, build_city(scenario), POLICIES[policy], again)
    assert again.events().tobytes() == log_of("labour", policy).tobytes()
    assert len(rows(again.events(), Kind.BREAK)) > 5


def test_switched_off_the_city_is_as_it_was() -> None:
    """Blocks that say nothing leave every byte in its place; one that says something moves riders, not wishes."""
    off, on = Log(), Log()
    silent = {"late_start_min": 0.0, "no_show": 0.0, "breaks": False, "fatigue": False, "skills": False}
    scenario = town("district", riders=silent)
    simulate(scenario, build_city(scenario), POLICIES["matching"], off)
    assert off.events().tobytes() == log_of("district", "matching").tobytes()
    scenario = town("district", riders={"breaks": {"after_h": 1.0}})
    simulate(scenario, build_city(scenario), POLICIES["matching"], on)
    for kind in (Kind.PLACED, Kind.LOST, Kind.ON_SHIFT):
        assert rows(on.events(), kind).tobytes() == rows(off.events(), kind).tobytes()
    assert len(rows(on.events(), Kind.BREAK)) > 0 == len(rows(off.events(), Kind.BREAK))


def test_no_rider_moves_in_his_break() -> None:
    log = log_of("labour", "matching")
    for row in rows(log, Kind.BREAK):
        own = log[(log["rider"] == row["rider"]) & (log["t"] > row["t"]) & (log["t"] < row["t"] + row["amount"])]
        assert set(own["kind"].tolist()) <= {Kind.PAID, Kind.SWAPPED}


def test_a_policy_that_diverts_meets_the_breaks_too() -> None:
    scenario = town("labour", dispatch={"every_s": 0})
    for name in ("reshuffler", "bundler", "roamer"):
        log = Log()
        simulate(scenario, city_of("labour"), POLICIES[name], log)
        assert len(rows(log.events(), Kind.DELIVERED)) > 20
    log = Log()
    simulate(scenario, city_of("labour"), Nearest(), log)
    assert np.isfinite(log.events()["t"]).all()
