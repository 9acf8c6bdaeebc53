"""Coupons go in, are used once, come back, and never outlive their days."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.wallet import best, give_again, near_end, put, take, usable
from sim.entities import Coupons, Offer

ONE = np.array([0])


def give(held: Coupons, value: int, today: int = 0, rule: int = 0, **terms: int) -> bool:
    amount = np.array([value])
    return bool(put(held, ONE, amount, Offer(amount, **terms), today, rule)[0])  # type: ignore[arg-type]


def test_a_coupon_is_found_until_its_last_day() -> None:
    held = Coupons.none(2)
    assert give(held, 500, today=3, days=7)
    assert best(held, 0, 2000, 9) == (0, 500)
    assert best(held, 0, 2000, 10) == (-1, 0)
    assert best(held, 1, 2000, 3) == (-1, 0)


def test_the_one_that_takes_most_off_this_basket_is_used() -> None:
    held = Coupons.none(1)
    give(held, 900, floor=5000)
    give(held, 800, percent=50)
    give(held, 300)
    assert best(held, 0, 6000, 0) == (0, 900)
    assert best(held, 0, 1000, 0) == (1, 500)
    assert best(held, 0, 400, 0) == (2, 300)


def test_a_full_wallet_keeps_the_better_ones() -> None:
    held = Coupons.none(1)
    assert [give(held, value) for value in (300, 500, 400, 200, 600)] == [True, True, True, False, True]
    assert sorted(held.value[0].tolist()) == [400, 500, 600]


def test_a_lapsed_coupon_makes_room() -> None:
    held = Coupons.none(1)
    for value in (300, 500, 400):
        give(held, value, days=2)
    assert give(held, 100, today=2)
    assert best(held, 0, 9000, 2)[1] == 100


@given(
    st.lists(st.tuples(st.sampled_from(["give", "use", "cancel"]), st.integers(1, 900), st.integers(1, 4)), max_size=40)
)
def test_no_coupon_is_used_more_often_than_it_was_given(story: list[tuple[str, int, int]]) -> None:
    """Every coupon has a rule of its own: it is in the wallet, in use, or gone, and never in two places."""
    held, in_use, given_out = Coupons.none(1), {}, 0
    for day, (what, value, days) in enumerate(story):
        slot, _ = best(held, 0, 10_000, day)
        if what == "give":
            given_out += give(held, value, day, rule=day, days=days)
        elif what == "use" and slot >= 0:
            row = take(held, 0, slot)
            assert row[4] not in in_use
            in_use[row[4]] = row
        elif what == "cancel" and in_use:
            give_again(held, 0, in_use.pop(min(in_use)), day)
        rules = held.rule[0][held.value[0] > 0].tolist()
        assert len(set(rules)) == len(rules)
        assert not set(rules) & set(in_use)
        assert len(rules) + len(in_use) <= given_out


def test_what_is_given_back_is_what_was_taken() -> None:
    held = Coupons.none(1)
    give(held, 500, floor=1500, rule=4, percent=60, passes=True, days=9)
    row = take(held, 0, 0)
    assert not usable(held, 0).any()
    give_again(held, 0, row, 1)
    assert take(held, 0, 0) == row == (500, 1500, 0, 8, 4, 60, 1)


def test_only_some_coupons_are_handed_on_and_only_near_their_end() -> None:
    held = Coupons.none(1)
    give(held, 500, passes=True, days=10)
    give(held, 400, days=10)
    assert [near_end(held, day)[1].tolist() for day in (6, 7, 8)] == [[], [0], []]
