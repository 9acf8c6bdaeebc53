"""What rules give takes effect: for those to whom they apply, the better of two, and never out of nothing."""

from typing import Any

import numpy as np
import pytest

from sim.engine.night import live
from sim.engine.referee import PolicyError
from sim.entities import Grants, Offer, Touch
from sim.events import Kind, Purpose
from sim.policies.membership.referral import Referral
from sim.policies.membership.tiers import Tiers
from tests.engine.crowds import paid, rows, says, standing

N = 6
ONES = np.ones(N, np.int64)
SOME = np.arange(N) < 2


def night(*rules: Any, **more: Any) -> tuple[Any, Any]:
    run, people = standing(*rules, users=N, **more)
    live(run)
    return run, people


def test_points_are_credited_and_taken_oldest_first() -> None:
    run, people = standing(says(points=10 * ONES), users=N)
    people.members.points[:, 3] = 5
    live(run)
    assert people.members.points[0, [0, 3]].tolist() == [10, 5]
    run, people = standing(says(expired=7 * ONES), users=N)
    people.members.points[:, [0, 3]] = 5
    live(run)
    assert people.members.points[0, [0, 3]].tolist() == [3, 0]
    assert rows(run, Kind.EXPIRED)["amount"].tolist() == [7] * N


def test_nobody_loses_more_points_than_he_has() -> None:
    run, people = standing(says(spent=9 * ONES, reward_cost=0.5), users=N)
    people.members.points[:2, 0] = 4
    live(run)
    assert people.members.balance.tolist() == [0] * N
    assert rows(run, Kind.BURNT)["amount"].tolist() == [4, 4]
    assert paid(run, Purpose.REWARD) == 4
    assert rows(run, Kind.SPENT)["amount"].tolist() == [4]


def test_who_is_asked_what_he_will_order_is_asked_for_one_day() -> None:
    def once(seen: Any, rng: Any) -> Grants:
        return Grants(touch=Touch.QUESTION, touched=SOME & (seen.day < 0))

    run, people = night(once, says(touch=Touch.CALL, touched=ONES > 0))
    assert people.asked.tolist() == SOME.tolist()
    assert len(rows(run, Kind.TOUCHED)) == N + 2
    live(run)
    assert not people.asked.any()


def test_of_two_terms_the_better_holds_and_ease_adds_up() -> None:
    first = says(discount=0.1 * ONES, fee_off=300 * ONES, priority=0 * ONES, ease=0.5 * ONES)
    second = says(discount=0.05 * ONES, fee_off=400 * ONES, priority=2 * ONES, ease=0.25 * ONES)
    _, people = night(first, second)
    assert (people.discount[0], people.fee_off[0]) == (0.1, 400)
    assert (people.priority[0], people.ease[0]) == (2, 0.75)


def test_terms_hold_for_a_day_and_levels_until_a_rule_says_otherwise() -> None:
    def once(seen: Any, rng: Any) -> Grants:
        given = seen.day < 0
        return Grants(discount=0.1 * ONES, tier=2 * ONES, invite=(100, 200)) if given else Grants()  # type: ignore[arg-type]

    run, people = night(once)
    assert (people.discount[0], people.members.tier[0], people.to_inviter[0]) == (0.1, 2, 200)
    live(run)
    assert (people.discount[0], people.members.tier[0], people.to_inviter[0]) == (0, 2, 0)
    assert len(rows(run, Kind.TIER)) == N


def test_the_higher_of_two_levels_counts_once() -> None:
    run, people = night(says(tier=2 * ONES), says(tier=ONES))
    assert people.members.tier.tolist() == [2] * N
    assert rows(run, Kind.TIER)[["amount", "detail"]].tolist() == [(2, 0)] * N


def test_who_is_lifted_gets_there_a_night_later_and_stays_as_long_as_he_is_lifted() -> None:
    def for_two_nights(seen: Any, rng: Any) -> Grants:
        return Grants(lift=2 * SOME if seen.day < 1 else None)

    run, people = standing(for_two_nights, says(tier=ONES), users=N)
    levels = []
    for _ in range(5):
        live(run)
        levels.append(people.members.tier[[0, 5]].tolist())
    assert levels == [[1, 1], [2, 1], [2, 1], [1, 1], [1, 1]]


def test_who_is_lifted_by_friends_has_his_terms_through_reviews() -> None:
    levels = Tiers(least=(90, 91, 92), discount=(0.1, 0.2, 0.3), welcome_yuan=(3, 3, 3), review_days=2)
    run, people = standing(levels, Referral(lift_every=1, points_share=0), users=N)
    people.members.friends[:2] = 1, 2
    terms = []
    for _ in range(7):
        live(run)
        terms.append(people.discount[:3].tolist())
    assert terms == [[0, 0, 0], *[[0.1, 0.2, 0]] * 6]
    assert rows(run, Kind.COUPON)["user"].tolist() == [0, 1]


def test_a_lift_is_enough_where_no_rule_gives_levels() -> None:
    run, people = night(says(lift=2 * SOME))
    live(run)
    assert people.members.tier.tolist() == (2 * SOME).tolist()


@pytest.mark.parametrize("rule", [lambda seen, rng: 1 / 0, lambda seen, rng: "points"])
def test_a_rule_that_fails_is_named_by_its_key_and_the_day(rule: Any) -> None:
    run, _ = standing(lambda seen, rng: rule(seen, rng) if seen.day == 0 else Grants())
    with pytest.raises(PolicyError, match=r"^membership\.rules\.rule 0, day 1: ") as failure:
        run.env.run()
    assert "\n" not in str(failure.value)


EVERYTHING: dict[str, Any] = {
    "points": 10 * ONES,
    "tier": ONES,
    "discount": 0.1 * ONES,
    "fee_off": 100 * ONES,
    "priority": ONES,
    "ease": 0.5 * ONES,
    "steps": 0.5 * ONES,
    "gift": 100 * ONES,
    "offer": Offer(500 * ONES),
    "touched": ONES > 0,
    "touch_cost": 5,
    "invite": (300, 400),
    "ladder": ((5, 100),),
}


def test_a_rule_that_is_tried_out_reaches_nobody_outside_its_arm() -> None:
    run, people = night(says(**EVERYTHING), arms=(SOME,))
    members = people.members
    columns = [members.points[:, 0], members.tier, people.discount, people.fee_off, people.priority, people.ease]
    columns += [members.coupons.value[:, 0], people.attention, people.to_friend, people.to_inviter, ~people.plain]
    for column in columns:
        assert np.array_equal(np.asarray(column) > 0, SOME)
    assert people.inviting.tolist() == [0, 0, -1, -1, -1, -1]
    events = run.log.events()
    gave = np.isin(events["kind"], [Kind.EARNED, Kind.TIER, Kind.COUPON, Kind.TOUCHED, Kind.PAID])
    assert set(events["user"][gave].tolist()) == {0, 1}


def test_who_has_no_account_gets_nothing() -> None:
    run, people = standing(says(**EVERYTHING), users=N)
    people.members.registered[2:] = False
    live(run)
    assert people.members.balance.tolist() == [10, 10, 0, 0, 0, 0]
    assert (people.members.coupons.value[2:] == 0).all()


def test_what_a_rule_costs_is_paid_and_summed_up() -> None:
    run, _ = night(says(**EVERYTHING))
    assert (paid(run, Purpose.GIFT), paid(run, Purpose.CONTACT)) == (100 * N, 5 * N)
    assert rows(run, Kind.SPENT)[["amount", "detail"]].tolist() == [(105 * N, 0)]


def test_a_coupon_that_finds_no_room_is_not_told_as_given() -> None:
    values = [says(offer=Offer(value * ONES)) for value in (500, 600, 700, 400)]
    run, _ = night(*values)
    assert rows(run, Kind.COUPON)["detail"].tolist() == [0] * N + [1] * N + [2] * N


@pytest.mark.parametrize("steps", [-2.0, 0.0, 3.0])
def test_a_step_is_worth_what_people_think(steps: float) -> None:
    run, people = night(says(steps=steps * ONES))
    assert people.ease[0] == pytest.approx(steps * run.crowd.step_yuan)
    assert people.worth[0] == pytest.approx(people.ease[0])


def test_many_touches_in_a_night_cannot_be_worth_more_than_attention_can() -> None:
    calls = [says(touch=Touch.CALL, touched=ONES > 0)] * 40
    run, people = night(*calls)
    one, _ = night(calls[0])
    assert one.world.people.attention[0] < people.attention[0] <= run.crowd.attention_yuan


def test_rules_see_the_points_of_the_night_before() -> None:
    seen = []

    def rule(night: Any, rng: Any) -> Grants:
        seen.append(night.members.earned.copy())
        return Grants(points=(night.day + 2) * ONES)

    run, _ = night(rule, says(points=ONES))
    live(run)
    live(run)
    assert [column.tolist() for column in seen] == [[0] * N, [2] * N, [3] * N]
