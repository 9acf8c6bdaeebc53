"""Admission policies, asked directly: pure answers to what the platform sees."""

import pickle
from typing import Any

import pytest

from sim.policies.admission import ADMISSION, CircuitBreaker, Degrade, Load, Queue, Verdict
from sim.policies.registry import load_policy


def load(wait_s: float, now: float = 1000.0, answered: int = 0, timed_out: int = 0, memory: Any = None) -> Load:
    return Load(now, wait_s, 0.5, answered, timed_out, memory)


@pytest.mark.parametrize("name", ADMISSION)
def test_every_policy_answers_twice_the_same_and_can_be_pickled(name: str) -> None:
    policy = load_policy(ADMISSION, name)
    for wait_s in (0.0, 30.0, 1e6):
        verdict = policy(load(wait_s))
        assert isinstance(verdict, Verdict)
        assert policy(load(wait_s)) == verdict == pickle.loads(pickle.dumps(policy))(load(wait_s))


@pytest.mark.parametrize("name", ADMISSION)
def test_without_a_backlog_everybody_is_let_in(name: str) -> None:
    verdict = load_policy(ADMISSION, name)(load(0.0))
    assert (verdict.admitted, verdict.work, verdict.extra_s, verdict.plain_s) == (True, 1, 0, 0)


def test_nobody_is_ever_turned_away_by_none() -> None:
    assert load_policy(ADMISSION, "none")(load(1e9)) == Verdict()


def test_a_queue_has_as_much_room_as_it_says() -> None:
    queue = Queue(room_s=60)
    assert [queue(load(wait_s)).admitted for wait_s in (0, 60, 60.1)] == [True, True, False]
    assert queue(load(0)).announced


def test_a_degraded_platform_gives_everybody_less() -> None:
    degrade = Degrade(from_s=10, room_s=60, work=0.4, radius_km=2, extra_min=5, plain_min=3)
    assert degrade(load(10)) == Verdict(announced=True)
    assert degrade(load(11)) == Verdict(True, True, 0.4, 2000, 300, 180)
    assert not degrade(load(61)).admitted


class Breaker:
    """A breaker and its memory."""

    def __init__(self, **params: Any) -> None:
        self.policy, self.memory = CircuitBreaker(**params), None

    def __call__(self, now: float, answered: int, timed_out: int) -> bool:
        verdict = self.policy(load(5.0, now, answered, timed_out, self.memory))
        self.memory = verdict.memory
        return verdict.admitted


def test_a_breaker_stays_closed_below_its_threshold_and_before_it_has_seen_enough() -> None:
    breaker = Breaker(threshold=0.5, least=10)
    assert breaker(0, 0, 0)
    assert breaker(1, 0, 9)
    assert breaker(2, 6, 5)
    assert not breaker(3, 6, 6)


def test_a_breaker_forgets_what_was_before_its_window() -> None:
    breaker = Breaker(threshold=0.5, least=10, window_s=30)
    assert breaker(0, 0, 0)
    assert breaker(31, 20, 9)
    assert breaker(32, 25, 13), "9 of these answers and timeouts are of this window"
    assert not breaker(33, 25, 19)


def test_an_open_breaker_lets_probes_in_and_closes_when_they_are_answered() -> None:
    breaker = Breaker(threshold=0.5, least=2, open_s=30, probes=2)
    assert breaker(0, 0, 0)
    assert not breaker(1, 0, 2)
    assert not breaker(30, 0, 8), "open for 30 s; timeouts of those let in before change nothing"
    assert [breaker(t, 0, 8) for t in (31, 32, 33)] == [True, True, False], "two probes"
    assert not breaker(40, 1, 8)
    assert breaker(41, 2, 8)
    assert breaker(42, 2, 9), "closed"


def test_a_probe_that_times_out_opens_it_again() -> None:
    breaker = Breaker(threshold=0.5, least=2, open_s=30, probes=2)
    assert breaker(0, 0, 0)
    assert not breaker(1, 0, 2)
    assert breaker(31, 0, 2)
    assert not breaker(40, 1, 3)
    assert not breaker(69, 1, 3)
    assert breaker(70, 1, 3)
