"""Batching and matching: the whole wave at once, batches where riders are short, orders moved while nobody goes."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import numpy as np
from hypothesis import given

from sim.entities import Assignment, Orders, Stop, StopKind, Wave
from sim.policies.batch_match import BatchMatch
from sim.policies.outlook import outlook_of
from tests.policies.waves import NOW, RNG, objects, order, random_waves, wave

LINE = [0.0, 600.0, 700.0, 1500.0, 5000.0]
FIRST = np.array([0])
P, D, R = StopKind


def decided(made: Wave, **params: Any) -> dict[int, str]:
    """Route of each rider, such as p7d7."""
    answer = BatchMatch(**params)(made, RNG)
    return {a.rider: "".join("pdr"[s.kind] + str(s.order) for s in a.route) for a in answer}


def bundled(made: Wave, route: tuple[Stop, ...], orders: Orders, row: int = 0, carries: int = 0) -> Wave:
    """The wave with one rider who is under way with a route to drop off `carries` and fetch orders."""
    made.riders.route[row], made.riders.on_board[row] = route, frozenset({5} if carries else ())
    made.riders.load[row], made.riders.under_way[row] = len(orders) + carries, True
    return replace(made, assigned=orders)


def test_pairs_are_those_of_the_least_total() -> None:
    """Orders at 100 and 0 m, riders at 0 and 1,000 m: to each his nearest is dearer by far."""
    made = wave([order(1, 1), order(2, 0)], [0, 2], [0.0, 100.0, 1000.0])
    assert decided(made, loss_s=0) == {10: "p2d2", 11: "p1d1"}


def test_a_rider_alone_takes_a_batch() -> None:
    made = wave([order(1, 0, 3), order(2, 0, 3)], [0], LINE)
    assert decided(made, loss_s=60)[10] in {"p1p2d1d2", "p2p1d2d1"}
    assert len(decided(made, loss_s=0)[10]) == 4
    assert len(decided(made, batch_size=1)[10]) == 4


def test_the_more_riders_the_less_a_batch_may_cost() -> None:
    """Two orders lose two minutes: with two riders 60 s a batch are not enough, with one they count double."""
    orders = [order(1, 0, 3), order(2, 0, 3)]
    assert decided(wave(orders, [0, 0], LINE), loss_s=60).keys() == {10, 11}
    assert decided(wave(orders, [0], LINE), loss_s=60).keys() == {10}
    assert decided(wave(orders, [0, 0], LINE), loss_s=121).keys() <= {10}


def test_a_batch_may_come_from_two_merchants_where_the_rules_allow() -> None:
    made = wave([order(1, 1, 3), order(2, 2, 3)], [1], LINE)
    assert decided(made, loss_s=200)[10] in {"p1p2d1d2", "p1p2d2d1"}
    strict = replace(made, rules=replace(made.rules, single_merchant=True))
    assert decided(strict, loss_s=200)[10] in {"p1d1", "p2d2"}


def test_who_need_not_leave_yet_is_not_told() -> None:
    """600 s of way and a minute of service: he leaves in the wave in which a minute more would be too late."""
    for ready_s, told in ((719, True), (721, False)):
        made = wave([order(1, 1, 3, NOW + ready_s)], [0], LINE)
        assert bool(decided(made)) is told
    assert decided(wave([order(1, 1, 3, NOW + 721)], [0], LINE), early_min=2)


def test_a_busy_rider_who_will_be_near_is_waited_for() -> None:
    """He is free at the stove in 30 s; the idle one would come from 5,000 m."""
    made = wave([order(1, 0, 3)], [0, 4], LINE, load=[1, 0], free_at=[NOW + 300, NOW], available=[False, True])
    assert decided(made) == {}
    late = wave([order(1, 0, 3)], [0, 4], LINE, load=[1, 0], free_at=[NOW + 9000, NOW], available=[False, True])
    assert decided(late) == {11: "p1d1"}


def passing() -> Wave:
    """Rider 10 goes from place 0 to 3 with order 5 on board; rider 11 idles far away; order 7 is on the way."""
    made = wave([order(7, 1, 2)], [3, 4], LINE, load=[1, 0], free_at=[NOW + 1620, NOW])
    return bundled(made, (Stop(D, 4, 0), Stop(D, 5, 3)), Orders([]), carries=1)


def test_an_order_on_the_way_goes_along() -> None:
    assert decided(passing()) == {10: "d4p7d7d5"}
    assert 10 not in decided(passing(), tries=0)


def fetching() -> Wave:
    """Rider 10 makes for order 1 at 0 m and has order 2, at 5,000 m, in his route; rider 11 stands there."""
    route = (Stop(P, 1, 0), Stop(P, 2, 4), Stop(D, 1, 1), Stop(D, 2, 3))
    made = wave([], [3, 4], LINE, load=[2, 0], free_at=[NOW + 9000, NOW])
    return bundled(made, route, Orders([order(1, 0, 1), order(2, 4, 3)]))


def test_an_order_nobody_makes_for_moves_to_a_better_rider() -> None:
    assert decided(fetching()) == {10: "p1d1", 11: "p2d2"}


def test_without_reshuffling_orders_stay_where_they_are() -> None:
    assert decided(fetching(), reshuffle=False) == {}
    firm = fetching()
    assert decided(replace(firm, rules=replace(firm.rules, diversion=False))) == {}


def test_an_order_that_is_best_where_it_is_stays() -> None:
    made = fetching()
    made.riders.available[1] = False
    here = replace(made, assigned=Orders([order(1, 0, 1), order(2, 0, 3)]))
    here.riders.route[0] = (Stop(P, 1, 0), Stop(P, 2, 0), Stop(D, 1, 1), Stop(D, 2, 3))
    here.riders.free_at[0] = NOW + 2000
    assert decided(here) == {}


def test_the_outlook_knows_when_a_rider_without_his_second_order_is_free() -> None:
    """Fetching order 1 he is under way until now: 120 s, 600 m and 120 s more."""
    made = fetching()
    outlook = outlook_of(made, [], 0.0, reshuffle=True)
    assert [one.id for one in outlook.released] == [2]
    assert outlook.cut == {0: (Stop(P, 1, 0), Stop(D, 1, 1))}
    assert outlook.route(0) == outlook.table.routes(FIRST, FIRST)[0] == outlook.cut[0]
    assert outlook.route(1) == ()
    assert outlook.at.tolist() == [1, 4]
    assert outlook.free_at[0] < NOW + 9000
    assert made.riders.at.tolist() == [3, 4]


def test_refusals_capacity_and_skills_are_respected() -> None:
    made = wave([order(7, 0, 3)], [0], LINE)
    assert decided(replace(made, refused={7: frozenset({10})})) == {}
    rules = replace(made.rules, match_skills=True)
    needy = replace(made, rules=rules, orders=Orders([order(7, 0, 3)._replace(needs=2)]))
    for skills, told in ((1, False), (3, True)):
        able = replace(needy, riders=replace(needy.riders, skills=np.array([skills])))
        assert bool(decided(able)) is told
    assert len(decided(wave([order(1, 0, 3), order(2, 0, 3)], [0], LINE, capacity=[1]), loss_s=200)) == 0


def test_off_time_is_kept_where_it_is_a_rule() -> None:
    for rule in (True, False):
        made = wave([order(7, 1)], [0], LINE, late=rule, off_at=[NOW + 650])
        assert bool(decided(made)) is not rule


def test_the_urgent_come_first_when_riders_are_short() -> None:
    made = wave([order(1, 0, 3), order(2, 1, 3)._replace(priority=2)], [0], LINE)
    assert decided(made, loss_s=0) == {10: "p2d2"}


def test_nobody_or_nothing_gives_nothing() -> None:
    for made in (wave([], [0], LINE), wave([order(7)], [], LINE), wave([order(7)], [0], LINE, available=[False])):
        assert decided(made) == {}


@given(made=random_waves())
def test_answers_are_feasible_and_dice_do_not_matter(made: Wave) -> None:
    answer, other = (BatchMatch()(made, np.random.default_rng(seed)) for seed in (1, 2))
    assert list(answer) == list(other)
    before = dict(zip(made.riders.id.tolist(), range(len(made.riders)), strict=True))
    picked = [stop.order for a in answer for stop in a.route if stop.kind == P]
    assert len(set(picked)) == len(picked)
    assert set(picked) <= {one.id for one in made.orders.rows}
    for assignment in answer:
        _feasible(made, before[assignment.rider], assignment)


def _feasible(made: Wave, row: int, answer: Assignment) -> None:
    riders, old = made.riders, made.riders.route[row]
    assert riders.available[row]
    assert answer.route[: len(old[:1])] == old[:1]
    assert [stop for stop in answer.route if stop in old] == list(old)
    board = set(riders.on_board[row])
    for stop in answer.route:
        (board.add if stop.kind == P else board.remove)(stop.order)
        assert len(board) <= riders.capacity[row]
    assert not board


@given(made=random_waves(most=4))
def test_without_batches_nobody_matches_better(made: Wave) -> None:
    """All orders ready and riders idle at one wave: total delay is least over all ways to pair them."""
    n = min(len(made.orders), len(made.riders))
    ready = [one._replace(ready_at=NOW - 900) for one in made.orders.rows[:n]]
    at = made.riders.at.tolist()[:n]
    x, y = made.travel.x.tolist(), made.travel.y.tolist()  # type: ignore[attr-defined]
    scene = wave(ready, at, x, y)
    way = scene.travel.times(np.array(at, dtype=np.int64)[:, None], np.array([one.pickup for one in ready], int))
    answer = BatchMatch(batch_size=1, thrift=0)(scene, RNG)
    total = sum(way[a.rider - 10, a.route[0].order] for a in answer)
    assert np.isclose(total, min(sum(way[list(p), range(n)]) for p in permutations(range(n))))


def test_objects_of_a_wave_are_left_alone() -> None:
    made = fetching()
    routes = objects(list(made.riders.route))
    decided(made)
    assert list(routes) == list(made.riders.route)


def test_a_batch_that_nobody_may_take_as_a_whole_is_taken_apart() -> None:
    """The only rider has a box but is not fit for stairs: the order that needs a box goes with him."""
    orders = [order(1, 0, 3)._replace(needs=1), order(2, 0, 3)._replace(needs=2)]
    made = wave(orders, [0], LINE, skills=[1])
    assert len(decided(made, loss_s=600)[10]) == 8  # needs are no rule: both at once
    strict = replace(made, rules=replace(made.rules, match_skills=True))
    assert decided(strict, loss_s=600) == {10: "p1d1"}
    refused = replace(made, refused={2: frozenset({10})})
    assert decided(refused, loss_s=600) == {10: "p1d1"}
