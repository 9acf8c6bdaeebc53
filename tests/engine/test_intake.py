"""The intake by hand: one request a minute, waits, timeouts in vain, second tries, and every shipped policy."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.city.model import Day
from sim.engine.log import Log
from sim.engine.referee import PolicyError
from sim.engine.simulate import simulate
from sim.events import Kind, Reason
from sim.policies.registry import PolicyNotFound
from sim.streams import Streams
from tests.engine.columns import with_columns
from tests.engine.toy import Scripted, play, play_on, rows, scripted, toy_city, toy_scenario, want

LONG = 10_000.0


def ask(times: Sequence[float], asks_s: Sequence[float], until: float | None = None, **intake: Any) -> np.ndarray:
    """The log of wishes of shop 0 on a platform that answers one a minute."""
    city = with_columns(toy_city([want(t) for t in times]), asks_s=asks_s)
    return play(city, scripted(), until, intake={"requests_per_min": 1, "tries": 1, **intake})


def placed(events: np.ndarray) -> list[tuple[int, float]]:
    return [(row["order"], row["t"]) for row in rows(events, Kind.PLACED)]


def lost(events: np.ndarray) -> list[tuple[int, float, Reason]]:
    return [(row["order"], row["t"], Reason(row["detail"])) for row in rows(events, Kind.LOST)]


def test_requests_are_answered_one_after_the_other() -> None:
    events = ask([100, 110, 300], [LONG] * 3)
    assert placed(events) == [(0, 160), (1, 220), (2, 360)]
    assert [row["t"] for row in rows(events, Kind.ASKED)] == [100, 110, 300]


def test_without_a_limit_a_wish_is_an_order_at_once_and_nobody_asks() -> None:
    events = play(toy_city([want(100)]), scripted())
    assert placed(events) == [(0, 100)]
    assert not len(rows(events, Kind.ASKED))


def test_who_waits_too_long_leaves_and_is_answered_in_vain() -> None:
    """Order 1 would be answered at 220 and leaves at 140; order 2 waits for that answer all the same."""
    events = ask([100, 110, 120], [LONG, 30, LONG])
    assert lost(events) == [(1, 140, Reason.TIMEOUT)]
    assert placed(events) == [(0, 160), (2, 280)]


def test_a_user_tries_once_more() -> None:
    """He leaves at 140 and comes back at 240, when nobody else is there."""
    events = ask([100, 110], [LONG, 100], tries=2, again_s=100, policy="queue", params={"room_s": 0})
    assert placed(events) == [(0, 160), (1, 270)]
    assert len(rows(events, Kind.ASKED)) == 2, "a second try is the same wish"


def test_the_last_try_is_the_last() -> None:
    events = ask([100, 110], [LONG, 20], tries=3, again_s=60)
    assert lost(events) == [(1, 110 + 20 + 60 + 20 + 60 + 20, Reason.TIMEOUT)]


def test_a_full_waiting_room_turns_away_at_no_cost() -> None:
    events = ask([100, 110, 170], [LONG] * 3, policy="queue", params={"room_s": 30})
    assert lost(events) == [(1, 110, Reason.TURNED_AWAY)]
    assert placed(events) == [(0, 160), (2, 230)]


def test_who_is_told_a_wait_that_is_too_long_leaves_at_once() -> None:
    events = ask([100, 110, 120], [LONG, 30, LONG], policy="queue", params={"room_s": 1000})
    assert lost(events) == [(1, 110, Reason.BALKED)]
    assert placed(events) == [(0, 160), (2, 220)], "nothing is answered in vain"


def test_a_breaker_opens_after_timeouts_and_lets_probes_in() -> None:
    """Two users give up by 125; the breaker opens at 130 for a minute, and closes after one probe is answered."""
    policy = {"threshold": 0.5, "window_s": 1000, "least": 2, "open_s": 100, "probes": 1}
    times = [100, 101, 102, 130, 300, 310, 400]
    events = ask(times, [LONG, 20, 23, LONG, LONG, LONG, LONG], policy="circuit_breaker", params=policy)
    assert [(n, r) for n, _, r in lost(events) if r == Reason.TURNED_AWAY] == [
        (3, Reason.TURNED_AWAY),  # open
        (5, Reason.TURNED_AWAY),  # half-open, and the probe is not answered yet
    ]
    assert placed(events) == [(0, 160), (4, 360), (6, 460)]


def test_a_degraded_platform_answers_faster_promises_more_and_turns_far_wishes_away() -> None:
    policy = {"from_s": 10, "room_s": 1000, "work": 0.5, "radius_km": 0.4, "extra_min": 20, "plain_min": 5}
    city = with_columns(toy_city([want(100), want(110), want(120, place=4)]), asks_s=[LONG] * 3)
    settings = {"requests_per_min": 1, "tries": 1, "policy": "degrade", "params": policy}
    events = play(city, scripted(), intake=settings)
    assert placed(events) == [(0, 160), (1, 190)]
    assert rows(events, Kind.PLACED)["detail"].tolist() == [2400, 2400 + 1200]
    assert lost(events) == [(2, 120, Reason.TURNED_AWAY)], "480 m are more than 0.4 km"


def test_dispatch_is_simple_for_a_while() -> None:
    """From the degraded request at 110 on for five minutes the nearest rider is sent, and nobody is asked."""
    policy = scripted()
    city = with_columns(toy_city([want(100), want(110), want(900)]), asks_s=[LONG] * 3)
    params = {"from_s": 10, "plain_min": 5}
    events = play(city, policy, intake={"requests_per_min": 1, "policy": "degrade", "params": params})
    assert len(rows(events, Kind.ASSIGNED)) == 1
    assert all(row["t"] <= 410 for row in rows(events, Kind.ASSIGNED))
    assert all(wave.now > 410 for wave in policy.seen)
    assert policy.seen, "then the scenario's policy decides again"


def test_a_wish_that_no_merchant_is_open_for_costs_no_request() -> None:
    city = with_columns(toy_city([want(100, merchant=-1), want(101)]), asks_s=[LONG] * 2)
    events = play(city, scripted(), intake={"requests_per_min": 1})
    assert lost(events) == [(0, 100, Reason.CLOSED)]
    assert placed(events) == [(1, 161)]


@pytest.mark.parametrize("t", [90, 105, 139.5, 150, 200, 255, 500])
def test_a_run_goes_on_with_the_requests_that_wait(t: float) -> None:
    city = with_columns(toy_city([want(100), want(110), want(120)]), asks_s=[LONG, 30, LONG])
    scenario = toy_scenario(intake={"requests_per_min": 1, "tries": 2, "again_s": 100})
    whole, first, second = Log(), Log(), Log()
    simulate(scenario, city, Scripted({}, []), whole)
    world = simulate(scenario, city, Scripted({}, []), first, until=t).world
    simulate(scenario, city, Scripted({}, []), second, world=world)
    assert [*first.events().tolist(), *second.events().tolist()] == whole.events().tolist()


def test_a_request_of_one_day_is_answered_on_the_next() -> None:
    """Answered after midnight, it is still the order it was: the draws of its own day count."""
    daily = with_columns(toy_city([want(86390, prep_s=77)], daily=True), asks_s=[LONG])

    def day(number: int, streams: Streams) -> Day:
        drawn = daily.day(number, streams)
        return replace(drawn, intents=replace(drawn.intents, flash=np.array([float(number)])))

    flash = {"on": True, "share": 0.5, "hours": "00:00-24:00"}  # whoever wishes on day 0 takes it
    settings = {"intake": {"requests_per_min": 1}, "promise": {"flash": flash}}
    events, outcome = play_on(replace(daily, day=day), scripted(), calendar={"days": 2, "drain_min": 30}, **settings)
    assert placed(events) == [(0, 86450), (1, 172850)]
    cooked = rows(events, Kind.READY)["t"] - rows(events, Kind.COOKING)["t"]
    assert cooked.tolist() == [77, 77]
    assert rows(events, Kind.PLACED)["detail"].tolist() == [1800, 2400]
    assert not outcome.world.gate.pending


BROKEN = """
from sim.policies.admission import Verdict

def failing(load):
    raise ValueError("no [idea]")

def nonsense(load):
    return "come in"

def slow(load):
    return Verdict(work=float("nan"))

def even(load):
    \"\"\"Every other request.\"\"\"
    count = (load.memory or 0) + 1
    return Verdict(count % 2 == 1, memory=count)
"""


@pytest.fixture
def mine(tmp_path: Path) -> str:
    (tmp_path / "mine.py").write_text(BROKEN)
    return str(tmp_path / "mine.py")


def test_a_policy_of_ones_own_remembers(mine: str) -> None:
    events = ask([100, 110, 300, 400], [LONG] * 4, policy=f"{mine}:even")
    assert [number for number, _ in placed(events)] == [0, 2]


@pytest.mark.parametrize(
    ("name", "word"), [("failing", "raised ValueError: no [idea]"), ("nonsense", "come in"), ("slow", "Verdict")]
)
def test_a_policy_that_fails_ends_the_run_with_one_line(mine: str, name: str, word: str) -> None:
    with pytest.raises(PolicyError) as error:
        ask([100], [LONG], policy=f"{mine}:{name}")
    assert word in str(error.value)
    assert "\n" not in str(error.value)


def test_an_unknown_policy_is_told_with_what_was_meant() -> None:
    with pytest.raises(PolicyNotFound, match="did you mean 'queue'"):
        ask([100], [LONG], policy="queu")
