"""An answer of a rule that cannot be carried out ends the run with one line that says why."""

from typing import Any

import numpy as np
import pytest

from sim.engine.night import live
from sim.engine.referee import PolicyError
from sim.engine.sound import fault_of
from sim.entities import Approach, Grants, Offer, Rally
from tests.engine.crowds import says, standing

N = 4
ONES, TRUE = np.ones(N, np.int64), np.ones(N, np.bool_)
SOUND: list[Grants] = [
    Grants(),
    Grants(points=ONES, expired=TRUE, tier=ONES, discount=ONES / 2, fee_off=ONES, priority=ONES, gift=ONES),  # type: ignore[arg-type]
    Grants(offer=Offer(ONES), approach=Approach(TRUE, by=-ONES), rally=Rally(TRUE, ((2, 500),), 4), steps=-ONES),  # type: ignore[arg-type]
    Grants(ladder=((100, 500), (500, 3000)), invite=(800, 500), touched=TRUE, plan_days=ONES, plan_fee=1500),
]
FAULTY: dict[str, tuple[Any, str]] = {
    "nothing": (None, "expected Grants"),
    "short": (Grants(points=ONES[:2]), "points: expected shape (4,), got (2,)"),
    "scalar": (Grants(gift=3), "gift: expected shape (4,), got ()"),  # type: ignore[arg-type]
    "halves": (Grants(points=ONES / 2), "points: expected whole numbers, got float64"),  # type: ignore[arg-type]
    "negative": (Grants(gift=-ONES), "gift: expected whole numbers from 0 to 1e+09, got -1"),
    "nan": (Grants(ease=np.full(N, np.nan)), "ease: expected numbers from 0 to 1e+09, got nan"),
    "huge": (Grants(spent=ONES << 60), "spent: expected whole numbers from 0 to 1e+09, got 1152921504606846976"),
    "names": (Grants(tier=np.array(["a"] * N)), "tier: expected whole numbers, got <U1"),
    "objects": (Grants(touched=np.array([None] * N)), "touched: expected truth values, got object"),
    "discount": (Grants(discount=2.0 * ONES), "discount: expected numbers from 0 to 1, got 2.0"),  # type: ignore[arg-type]
    "ladder": (Grants(ladder=((200, 1), (100, 2))), "ladder must be ascending"),
    "free points": (Grants(ladder=((0, 500),)), "ladder must be ascending"),
    "invite": (Grants(invite=(1.5, 0)), "invite: expected a whole number"),  # type: ignore[arg-type]
    "fee": (Grants(plan_fee=-1), "expected a whole number of 0 or more, got -1"),
    "reward": (Grants(reward_cost=float("nan")), "reward_cost"),
    "touch": (Grants(touch=99), "touch is no Touch"),  # type: ignore[arg-type]
    "offer": (Grants(offer=ONES), "offer must be Offer"),  # type: ignore[arg-type]
    "lapsed": (Grants(offer=Offer(ONES, days=0)), "offer must last a day"),
    "percent": (Grants(offer=Offer(ONES, percent=101)), "1 to 100 percent"),
    "who": (Grants(approach=Approach(ONES)), "approach.who: expected truth values, got int64"),  # type: ignore[arg-type]
    "by": (Grants(approach=Approach(TRUE, by=ONES * N)), "approach.by: expected whole numbers from -1 to 3, got 4"),
    "push": (Grants(approach=Approach(TRUE, push=float("inf"))), "approach.push"),
    "rally": (Grants(rally=Rally(TRUE, ((1, 500),), -1)), "rally: expected a whole number"),
    "rungs": (Grants(rally=Rally(TRUE, ((3, 5), (1, 9)), 2)), "rally.rungs must be ascending"),
}


@pytest.mark.parametrize("answer", SOUND)
def test_sound_answers_pass(answer: Grants) -> None:
    assert fault_of(answer, N) == ""


@pytest.mark.parametrize(("answer", "why"), FAULTY.values(), ids=FAULTY)
def test_a_fault_is_told_in_one_line(answer: Any, why: str) -> None:
    run, _ = standing(lambda night, rng: answer, users=N)
    with pytest.raises(PolicyError) as error:
        live(run)
    assert str(error.value).startswith("membership.rules.rule 0, day 0: answered ")
    assert "which cannot be carried out: " in str(error.value)
    assert why in str(error.value)
    assert "\n" not in str(error.value)


class Odd:
    def __len__(self) -> int:
        raise KeyError("no length")


@pytest.mark.parametrize("answer", [Grants(ladder=(3,)), Grants(invite=3), Grants(ladder=Odd())])  # type: ignore[arg-type]
def test_even_what_cannot_be_looked_at_ends_in_one_line(answer: Grants) -> None:
    run, _ = standing(lambda night, rng: answer, users=N)
    with pytest.raises(PolicyError, match=r"^membership\.rules\.rule 0, day 0: raised TypeError"):
        live(run)


def test_a_rule_that_raises_is_named() -> None:
    def rule(night: Any, rng: Any) -> Grants:
        raise ZeroDivisionError("no\nmembers")

    run, _ = standing(says(), rule, users=N)
    with pytest.raises(PolicyError, match=r"^membership\.rules\.rule 1, day 0: raised ZeroDivisionError: no members"):
        live(run)


def test_a_rule_cannot_write_to_what_it_sees() -> None:
    def rule(night: Any, rng: Any) -> Grants:
        night.members.points[:] = 100
        return Grants()

    run, people = standing(rule, users=N)
    with pytest.raises(PolicyError, match="read-only"):
        live(run)
    assert not people.members.points.any()
