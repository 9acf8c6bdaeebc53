"""Screening policies, asked directly."""

import pickle

import pytest

from sim.policies.registry import load_policy
from sim.policies.screening import SCREENING, ExpectedLoss, Suspect, Threshold


def suspect(score: float, basket: int = 3000) -> Suspect:
    return Suspect(40000.0, 7, basket, score)


@pytest.mark.parametrize("name", SCREENING)
def test_every_policy_says_yes_or_no_and_the_more_suspicious_the_sooner(name: str) -> None:
    policy = load_policy(SCREENING, name)
    answers = [policy(suspect(score)) for score in (-3, 0, 1, 2, 3, 4, 6)]
    assert answers == sorted(answers)
    assert all(type(answer) is bool for answer in answers)
    assert [pickle.loads(pickle.dumps(policy))(suspect(s)) for s in (-3, 0, 1, 2, 3, 4, 6)] == answers


def test_none_trusts_everybody() -> None:
    assert not load_policy(SCREENING, "none")(suspect(99))


def test_a_threshold_is_a_threshold() -> None:
    assert [Threshold(2)(suspect(score)) for score in (2, 2.001)] == [False, True]


def test_expected_loss_weighs_odds_against_margins() -> None:
    """Odds of 1 to 4 at a score of shift / 2; loss 82% of the basket and a ride, gain 18% of it."""
    policy = ExpectedLoss(share=0.2, auc=0.9, commission=0.18, cost_yuan=0)
    middle = 0.906  # half of sqrt(2) * 1.2816
    assert policy(suspect(middle)), "0.25 * 0.82 > 0.18"
    assert not ExpectedLoss(share=0.1, auc=0.9, commission=0.18, cost_yuan=0)(suspect(middle)), "0.11 * 0.82 < 0.18"


def test_a_ride_in_vain_counts_more_for_a_small_basket() -> None:
    policy = ExpectedLoss(share=0.01, cost_yuan=10)
    assert policy(suspect(2.3, basket=500)) > policy(suspect(2.3, basket=50000))
