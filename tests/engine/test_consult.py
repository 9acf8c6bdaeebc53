"""Asking a policy for one small decision: an error names the policy and the wave, or the rule's key and the day."""

import pickle
from types import SimpleNamespace
from typing import Any

import pytest

from sim.engine.consult import consult
from sim.engine.referee import PolicyError
from sim.units import DAY

RUN: Any = SimpleNamespace(env=SimpleNamespace(now=3.5 * DAY), world=SimpleNamespace(wave=7))


def fault(policy: Any, fits: Any, **how: bool) -> PolicyError:
    with pytest.raises(PolicyError) as error:
        consult(RUN, "pay.rules.k", policy, 2, fits, **how)
    return error.value


def test_a_sound_answer_is_handed_on() -> None:
    assert consult(RUN, "k", lambda seen: seen + 1, 2, lambda answer: True) == 3


@pytest.mark.parametrize(
    ("how", "where"), [({}, "policy pay.rules.k, wave 7"), ({"by_day": True}, "pay.rules.k, day 3")]
)
def test_a_fault_is_told_with_where_and_why(how: dict[str, bool], where: str) -> None:
    told = f"{where}: answered '3', which cannot be carried out"
    assert str(fault(lambda seen: 3, lambda answer: False, **how)) == told
    assert str(fault(lambda seen: 3, lambda answer: "too much", **how)) == f"{told}: too much"
    assert str(fault(lambda seen: seen / 0, bool, **how)) == f"{where}: raised ZeroDivisionError: division by zero"


@pytest.mark.parametrize("by_day", [False, True])
def test_it_comes_back_from_another_process_as_it_was(by_day: bool) -> None:
    error = fault(lambda seen: 3, lambda answer: False, by_day=by_day)
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error)
    assert (again.policy, again.wave, again.day) == ("pay.rules.k", 7, 3 if by_day else None)
