"""Group buying, a shared task and the bargaining ladder: what the platform offers; people decide."""

from typing import Any

import numpy as np
import pytest

from sim.entities import Coupons, Rally
from sim.policies.membership.together import Bargain, GroupBuying, Sharing, without_coupon
from tests.policies.membership.nights import members, night


def rally(rule: Any) -> Rally:
    given = rule(night(), np.random.default_rng(1)).rally
    assert isinstance(given, Rally)
    return given


def test_three_pay_half() -> None:
    given = rally(GroupBuying())
    assert given.rungs == ((2, 1500),), "the one who begins needs two others"
    assert (given.thanks, given.percent, given.asks, given.days) == (1500, 50, 4, 2)
    assert given.together == 3, "and all three have to order"


def test_a_shared_task_pays_who_shares() -> None:
    given = rally(Sharing(friends=3, yuan=2.5))
    assert (given.rungs, given.thanks, given.together) == (((3, 250),), 0, 0)


def test_the_ladder_climbs_with_the_helpers() -> None:
    given = rally(Bargain(rungs=[[1, 2], [4, 8.5]], thanks_yuan=1))
    assert (given.rungs, given.thanks) == (((1, 200), (4, 850)), 100)


def test_who_holds_a_coupon_does_not_begin() -> None:
    coupons = Coupons.none(4)
    coupons.value[:3, 2] = 500
    coupons.until[:3, 2] = 9, 5, 4
    of = members(4, registered=[True, True, True, False])
    of.coupons = coupons
    seen = night(of, day=4)
    assert without_coupon(seen).tolist() == [False, False, True, False]
    assert np.array_equal(rally_of(seen).who, without_coupon(seen))


def rally_of(seen: Any) -> Rally:
    given = Bargain()(seen, np.random.default_rng(1)).rally
    assert given is not None
    return given


@pytest.mark.parametrize(
    ("rule", "params"),
    [
        (GroupBuying, {"size": 1}),
        (GroupBuying, {"percent": 0}),
        (Sharing, {"friends": 0}),
        (Sharing, {"yuan": -1}),
        (Bargain, {"rungs": [[3, 5], [1, 2]]}),
        (Bargain, {"rungs": [[0, 5]]}),
        (Bargain, {"rungs": [[1, -5]]}),
        (Bargain, {"asks": 0}),
    ],
)
def test_nonsense_is_refused(rule: Any, params: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must"):
        rule(**params)
