"""What every rule keeps, on any night: sound grants, nothing for strangers, no memory, no mutation."""

import pickle
import sys
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import default_rng

from sim.engine.sound import fault_of
from sim.entities import Grants, Night
from sim.policies.membership.registry import PROGRAMMES, RULES, compose
from sim.policies.membership.rule import Rule
from sim.policies.registry import load_policy
from tests.policies.membership.nights import night, random_nights

seeds = st.integers(0, 2**32 - 1)
every_rule = pytest.mark.parametrize("name", RULES)


def shipped(name: str) -> Rule:
    rule: Rule = load_policy(RULES, name)
    return rule


def columns(of: object) -> Iterator[np.ndarray]:
    """All arrays inside some nested dataclasses."""
    for column in fields(of):  # type: ignore[arg-type]
        value = getattr(of, column.name)
        if isinstance(value, np.ndarray):
            yield value
        elif hasattr(value, "__dataclass_fields__"):
            yield from columns(value)


def locked(seen: Night) -> Night:
    """The same night; whoever writes to it fails."""
    for column in columns(seen):
        column.flags.writeable = False
    return seen


@every_rule
@settings(max_examples=25)
@given(random_nights(), seeds)
def test_grants_are_sound_and_the_night_is_only_read(name: str, seen: Night, seed: int) -> None:
    answer = shipped(name)(locked(seen), default_rng(seed))
    assert fault_of(answer, len(seen.members)) == ""
    for taken in (answer.spent, answer.expired):
        assert taken is None or np.all(taken <= seen.members.balance)


@every_rule
@settings(max_examples=25)
@given(random_nights(), seeds)
def test_equal_nights_and_dice_give_equal_grants(name: str, seen: Night, seed: int) -> None:
    first, second = (shipped(name)(seen, default_rng(seed)) for _ in range(2))
    assert pickle.dumps(first) == pickle.dumps(second)


@every_rule
@settings(max_examples=25)
@given(random_nights(), seeds)
def test_who_has_no_account_is_given_nothing(name: str, seen: Night, seed: int) -> None:
    """The engine masks terms; what a rule hands out, it must not count for somebody who cannot have it."""
    given = shipped(name)(seen, default_rng(seed))
    outside = ~seen.members.registered
    offered = given.offer.value if given.offer is not None else None
    for column in (
        given.points,
        given.spent,
        given.expired,
        given.tier,
        given.gift,
        given.touched,
        given.plan_days,
        offered,
    ):
        assert column is None or not np.any(column[outside])


@every_rule
def test_a_night_on_which_nothing_has_happened_is_no_error(name: str) -> None:
    for day in (-1, 0, 29):
        given = shipped(name)(locked(night(day=day)), default_rng(1))
        assert given.points is None or not given.points.any()
        assert given.spent is None or not given.spent.any()


@every_rule
def test_it_says_what_it_is_and_what_its_parameters_mean(name: str) -> None:
    """In its own docstring, or in that of the rule beside it whose parameters it shares."""
    made: Any = RULES[name]
    assert made.__doc__
    beside = vars(sys.modules[made.__module__]).values()
    told = " ".join(str(it.__doc__) for it in beside if isinstance(it, type) and it.__module__ == made.__module__)
    assert [field for field in made.__annotations__ if field not in told] == []


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_shipped_programmes_are_made_of_shipped_rules(programme: str) -> None:
    for name, rule, share, _, _ in compose(programme, {}):
        assert isinstance(rule(night(), default_rng(1)), Grants)
        assert (name in RULES, share) == (True, 1.0)
