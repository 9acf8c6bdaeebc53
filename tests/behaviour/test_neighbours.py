"""Being told, asked and called together: monotone in what helps, and never more than there is room for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.behaviour.neighbours import Together, begin_chance, help_chance, noticed, turn

TOGETHER = Together(begins=0.1, reward_yuan=10, helps=0.2, hands_on=0.5)
worths = st.floats(0, 1000)


@given(st.floats(0, 4), worths, worths)
def test_attention_grows_with_what_is_told_and_never_over_its_most(before: float, one: float, more: float) -> None:
    small, large = (float(noticed(4, np.array(before), np.array(worth))) for worth in (one, one + more))
    assert before <= small <= large <= 4 + 1e-9


def test_the_same_word_adds_less_the_second_time() -> None:
    first = noticed(4, np.zeros(1), np.ones(1))
    second = noticed(4, first, np.ones(1))
    assert 0 < second - first < first
    assert first == pytest.approx(4 * (1 - np.exp(-0.25)))


def test_nothing_told_changes_nothing() -> None:
    assert noticed(4, np.array([1.5]), np.zeros(1)) == 1.5


@pytest.mark.parametrize("again", [1, 7, 30])
def test_everybody_thinks_anew_once_in_so_many_days_and_not_all_at_once(again: int) -> None:
    people = np.arange(100)
    turns = np.array([turn(night, people, again) for night in range(3 * again)])
    changes = (np.diff(turns, axis=0) > 0).sum(axis=1)
    assert (np.diff(turns, axis=0) >= 0).all()
    assert changes.max() <= -(-100 // again)
    assert (turns[again] - turns[0] == 1).all()


@given(worths, worths)
def test_a_larger_reward_never_keeps_people_from_beginning_or_helping(one: float, more: float) -> None:
    assert 0 <= begin_chance(TOGETHER, one) <= begin_chance(TOGETHER, one + more) <= TOGETHER.begins
    low, high = help_chance(TOGETHER, one, 6), help_chance(TOGETHER, one + more, 6)
    assert TOGETHER.helps - 1e-9 <= low <= high <= 1


def test_without_a_reward_nobody_begins_and_some_help() -> None:
    assert begin_chance(TOGETHER, 0) == 0
    assert help_chance(TOGETHER, 0, 6) == pytest.approx(0.2)
    assert begin_chance(TOGETHER, 10) == pytest.approx(0.1 * (1 - np.exp(-1)))
