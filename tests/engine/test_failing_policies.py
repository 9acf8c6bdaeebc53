"""A policy that raises or never returns ends the run with one message, and the log so far stands."""

import signal
import threading
import time
from time import perf_counter, sleep
from typing import Any

import numpy as np
import pytest

from sim.engine.deadline import DeadlineExceeded, deadline
from sim.engine.log import Log
from sim.engine.referee import PolicyError
from sim.engine.simulate import simulate
from sim.entities import Wave
from sim.events import Kind
from sim.policies.registry import PolicyNotFound
from tests.engine.toy import play, scripted, toy_city, toy_scenario, want


def failure(policy: Any, **dispatch: Any) -> PolicyError:
    with pytest.raises(PolicyError) as error:
        play(toy_city([want(100)]), policy, dispatch=dispatch)
    return error.value


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (ValueError("no rider left"), "raised ValueError: no rider left"),
        (KeyError(3), "raised KeyError: 3"),
        (ZeroDivisionError(), "raised ZeroDivisionError"),
        (StopIteration(), "raised StopIteration"),
        (RecursionError("deep"), "raised RecursionError: deep"),
        (GeneratorExit(), "raised GeneratorExit"),
        (MemoryError(), "raised MemoryError"),
        (AssertionError("no"), "raised AssertionError: no"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_a_policy_raises_is_told(error: BaseException, says: str) -> None:
    def policy(wave: Wave, rng: np.random.Generator) -> Any:
        raise error

    caught = failure(policy)
    assert str(caught) == f"policy toy, wave 0: {says}"
    assert caught.__cause__ is error, "the traceback leads to the policy"


@pytest.mark.parametrize(
    ("block", "key"),
    [
        ({"incentive": {"policy": "pek"}}, r"incentive.policy: unknown policy 'pek' \(did you mean 'peak'"),
        (
            {"incentive": {"policy": "peak", "params": {"yan": 1}}},
            "incentive.params.yan: policy 'peak' has no parameter 'yan'",
        ),
        ({"intake": {"policy": "queu"}}, "intake.policy: unknown policy 'queu'"),
        ({"checkout": {"screening": {"policy": "strict"}}}, "checkout.screening.policy: unknown policy 'strict'"),
        ({"promise": {"policy": "fixd"}}, "promise.policy: unknown policy 'fixd'"),
        ({"reposition": {"policy": "hom"}}, "reposition.policy: unknown policy 'hom'"),
        ({"crew": {"cup": {"rule": "star"}}}, "crew.cup.rule: unknown policy 'star'"),
        ({"pay": {"rules": {"rain": {"rule": "wether"}}}}, "pay.rules.rain.rule: unknown policy 'wether'"),
        (
            {"response": {"on": True}, "membership": {"rules": {"x": {"rule": "ern"}}}},
            "membership.rules.x.rule: unknown",
        ),
    ],
)
def test_a_policy_that_cannot_be_found_is_told_with_its_key(block: dict[str, Any], key: str) -> None:
    with pytest.raises(PolicyNotFound, match=f"^{key}"):
        play(toy_city([want(100)]), scripted(), **block)


@pytest.mark.parametrize("policy", [list, lambda wave: [], 7], ids=["no arguments", "one argument", "no callable"])
def test_a_policy_with_other_arguments_is_told(policy: Any) -> None:
    assert failure(policy).rule.startswith("raised TypeError: ")


def test_a_policy_that_recurses_without_end_is_told() -> None:
    def policy(wave: Wave, rng: np.random.Generator) -> Any:
        return policy(wave, rng)

    assert failure(policy).rule.startswith("raised RecursionError")


def test_the_wave_is_named_at_which_it_failed() -> None:
    def policy(wave: Wave, rng: np.random.Generator) -> Any:
        return [] if wave.index < 3 else 1 / 0

    assert str(failure(policy)) == "policy toy, wave 3: raised ZeroDivisionError: division by zero"


def test_the_log_so_far_stands() -> None:
    log = Log()
    with pytest.raises(PolicyError):
        simulate(toy_scenario(), toy_city([want(100)]), lambda wave, rng: None, log)  # type: ignore[arg-type]
    assert [Kind(kind).name for kind in log.events()["kind"]][-2:] == ["READY", "WAVE"] or len(log.events()) > 3
    assert log.events()["t"].max() == 120


def for_ever(wave: Wave, rng: np.random.Generator) -> Any:
    while True:
        pass


def asleep(wave: Wave, rng: np.random.Generator) -> Any:
    sleep(60)


@pytest.mark.parametrize("policy", [for_ever, asleep])
def test_a_policy_that_never_returns_is_stopped(policy: Any) -> None:
    begun = perf_counter()
    error = failure(policy, time_limit_s=0.1)
    assert str(error) == "policy toy, wave 0: took longer than the time limit of 0.1 s"
    assert perf_counter() - begun < 5


def test_the_limit_is_for_one_wave_and_not_for_all() -> None:
    def slow(wave: Wave, rng: np.random.Generator) -> Any:
        sleep(0.02)
        return []

    events = play(toy_city([want(100, patience_s=400)]), slow, dispatch={"time_limit_s": 0.2})
    assert (events["kind"] == Kind.WAVE).sum() == 13


def test_no_timer_is_left_behind() -> None:
    before = signal.getsignal(signal.SIGALRM)
    failure(for_ever, time_limit_s=0.05)
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert signal.getsignal(signal.SIGALRM) is before


def test_a_deadline_in_another_thread_sets_no_limit_and_harms_nobody() -> None:
    done: list[bool] = []

    def work() -> None:
        with deadline(0.01):
            sleep(0.03)
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]


def test_a_deadline_of_zero_is_none() -> None:
    with deadline(0):
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    with deadline(5):
        assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] <= 5


def test_a_time_out_of_the_policys_own_is_told_as_such() -> None:
    def policy(wave: Wave, rng: np.random.Generator) -> Any:
        raise TimeoutError("the server does not answer")

    assert "the server does not answer" in str(failure(policy))


def test_a_policy_cannot_end_the_program() -> None:
    def policy(wave: Wave, rng: np.random.Generator) -> Any:
        raise SystemExit(0)

    assert failure(policy).rule.startswith("raised SystemExit")


def test_the_message_is_one_line_whatever_was_raised() -> None:
    def policy(wave: Wave, rng: np.random.Generator) -> Any:
        raise ValueError("first\nsecond")

    assert "\n" not in str(failure(policy))


def test_the_shortest_limit_ends_the_wave_and_not_the_program() -> None:
    for _ in range(20):
        with pytest.raises(DeadlineExceeded), deadline(1e-5):
            time.sleep(5)
