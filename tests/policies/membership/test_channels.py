"""Ground promotion and property managers: who is talked to, and on which terms."""

from typing import Any

import numpy as np
import pytest

from sim.entities import Approach
from sim.policies.membership.channels import Channel
from tests.policies.membership.nights import members, night

N = 3000
SEEN = night(members(N, zone=np.arange(N) % 3, registered=np.arange(N) % 2 == 0), zones=("A1", "B1", "C1"))


def approach(**params: Any) -> Approach:
    given = Channel(**params)(SEEN, np.random.default_rng(1)).approach
    assert given is not None
    return given


def test_a_share_of_those_without_account_is_reached_in_the_chosen_zones() -> None:
    who = approach(zones=("B1",), reach=0.3).who
    fit = ~SEEN.members.registered & (SEEN.members.zone == 1)
    assert not who[~fit].any()
    assert who[fit].mean() == pytest.approx(0.3, abs=0.05)


def test_everywhere_where_no_zone_is_named() -> None:
    assert np.array_equal(approach(reach=1).who, ~SEEN.members.registered)
    assert not approach(reach=0).who.any()


def test_terms_are_in_fen() -> None:
    given = approach(offer_yuan=8, cost_yuan=1.5, reward_yuan=5, push_yuan=2)
    assert (given.offer, given.cost, given.reward, given.push, given.by) == (800, 150, 500, 2, None)


def test_a_zone_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match="no zone 'Q7'"):
        approach(zones=("A1", "Q7"))


@pytest.mark.parametrize("params", [{"reach": 1.1}, {"cost_yuan": -1}, {"push_yuan": 99}])
def test_nonsense_is_refused(params: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be"):
        Channel(**params)  # type: ignore[arg-type]
