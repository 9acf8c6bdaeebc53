"""Cheapest insertion: on the way is better than far away, a promise is better kept, busy riders keep what they have."""

from typing import Any

import numpy as np
from hypothesis import given

from sim.entities import Assignment, Orders, Stop, StopKind, Wave
from sim.policies.insertion import Insertion
from tests.policies.waves import NOW, RNG, order, random_waves, wave

LINE = [0.0, 600.0, 700.0, 1500.0, 5000.0]
P, D, R = StopKind


def decided(made: Wave, **params: Any) -> dict[int, str]:
    """Route of each rider, such as p7d7."""
    answer = Insertion(**params)(made, RNG)
    return {a.rider: "".join("pdr"[s.kind] + str(s.order) for s in a.route) for a in answer}


def two(**columns: Any) -> Wave:
    """Rider 10 goes from place 0 to 3 with order 5 on board; rider 11 idles far away; order 7 is on the way."""
    made = wave([order(7, 1, 2)], [3, 4], LINE, load=[1, 0], free_at=[NOW + 1620, NOW], **columns)
    made.riders.route[0], made.riders.on_board[0] = (Stop(D, 4, 0), Stop(D, 5, 3)), frozenset({4, 5})
    made.riders.load[0] = 2
    return made


def test_an_order_on_the_way_goes_along() -> None:
    assert decided(two()) == {10: "d4p7d7d5"}
    assert decided(two(), tries=0) == {11: "p7d7"}


def test_who_refused_or_is_full_or_not_available_is_left_alone() -> None:
    refused = two()
    refused.__dict__["refused"] = {7: frozenset({10})}
    for made in (refused, two(capacity=[2, 4]), two(available=[False, True])):
        assert decided(made) == {11: "p7d7"}


def test_busy_riders_are_left_alone_where_the_off_time_is_a_rule() -> None:
    assert decided(two(late=True)) == {11: "p7d7"}


def test_an_idle_rider_near_by_spares_the_others_the_detour() -> None:
    made = two()
    made.riders.at[1] = 1
    assert decided(made) == {11: "p7d7"}


def test_orders_of_one_wave_may_share_a_rider() -> None:
    made = wave([order(7, 1, 3), order(8, 2, 3)], [0], LINE)
    assert decided(made)[10].startswith("p7p8")


def test_the_earliest_promised_is_inserted_first() -> None:
    """One place in the box, one rider: who comes first gets him, and the other waits for its turn in the route."""
    first = order(8, 2, 3)._replace(promised_at=NOW + 60)
    made = wave([order(7, 1, 3), first], [2], LINE, capacity=[1])
    assert decided(made) == {10: "p8d8p7d7"}


def test_lateness_keeps_a_detour_away_from_who_is_late_already() -> None:
    """Order 6 lies 1,500 m ahead; the meal of order 7 waits 300 m beside the way and is bound for further on."""
    x, y = [0.0, 1500.0, 700.0, 3000.0], [0.0, 0.0, 300.0, 0.0]
    for promised_at, route in ((NOW + 9000, "p6p7d6d7"), (NOW - 400, "p6d6p7d7")):
        made = wave([order(7, 2, 3)._replace(promised_at=NOW + 9000)], [1], x, y, load=[1], free_at=[NOW + 1740])
        made.riders.route[0], made.riders.on_board[0] = (Stop(P, 6, 0), Stop(D, 6, 1)), frozenset()
        made.__dict__["assigned"] = Orders([order(6, 0, 1)._replace(promised_at=promised_at)])
        assert decided(made) == {10: route}


def test_an_order_is_not_given_away_too_early() -> None:
    made = wave([order(7, 1, 2, NOW + 601)], [0], LINE)
    assert decided(made) == {}
    assert decided(made, lead_min=11) == {10: "p7d7"}


def test_nobody_or_nothing_gives_nothing() -> None:
    for made in (wave([], [0], LINE), wave([order(7)], [], LINE), wave([order(7)], [0], LINE, available=[False])):
        assert decided(made) == {}


@given(made=random_waves())
def test_everybody_due_is_served_while_somebody_may_come(made: Wave) -> None:
    """Without off-time rules every due order finds a place: routes may grow as long as they need."""
    answer = Insertion()(made, RNG)
    picked = [s.order for a in answer for s in a.route if s.kind == P]
    assert len(set(picked)) == len(picked)
    due = {one.id for one in made.orders.rows if one.ready_at <= NOW + 600}
    assert set(picked) <= due
    if made.riders.available.any() and not made.rules.pickup_by_off:
        assert set(picked) == due
    _keeps_what_it_has(made, list(answer))


def _keeps_what_it_has(made: Wave, answer: list[Assignment]) -> None:
    before = dict(zip(made.riders.id.tolist(), made.riders.route.tolist(), strict=True))
    for rider, route in answer:
        assert [stop for stop in route if stop in before[rider]] == list(before[rider])
        assert route[: len(before[rider][:1])] == before[rider][:1]


@given(made=random_waves())
def test_dice_do_not_matter(made: Wave) -> None:
    one, other = (Insertion()(made, np.random.default_rng(seed)) for seed in (1, 2))
    assert list(one) == list(other)
