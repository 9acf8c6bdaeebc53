"""What each policy is there for, on waves and days at random: the property that another one would not have."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.city.build import build_city
from sim.engine.log import Log
from sim.engine.simulate import simulate
from sim.entities import Assignment, Order, Orders, Stop, StopKind, Wave
from sim.events import Kind
from sim.experiment.stats import estimate
from sim.kpi.kpis import KPIS
from sim.kpi.tables import Tables
from sim.policies.batch_loops import late
from sim.policies.batch_match import BatchMatch
from sim.policies.batches import asked_of, batches_of
from sim.policies.candidates import due, idle, pair_costs
from sim.policies.cluster_loops import clusters
from sim.policies.dispatch import DispatchPolicy
from sim.policies.fair import Fair
from sim.policies.insertion import Insertion
from sim.policies.learned import Learned
from sim.policies.matching import Matching
from sim.policies.nearest import Nearest
from sim.policies.postpone import Postpone
from sim.policies.priority import Priority
from sim.policies.rolling_horizon import RollingHorizon
from sim.units import MINUTE
from tests.engine.towns import town
from tests.policies.waves import NOW, RNG, order, pairs, random_waves, wave

UNSERVED_S = 1e7
"""What an order without a rider counts in a wave's cost, in seconds."""


def wave_cost(made: Wave, answer: Sequence[Assignment]) -> float:
    """Cost of the pairs that are made, in seconds, and of the due orders that are left."""
    orders, riders = due(made, 10.0), idle(made)
    if not orders or not len(riders):
        return 0.0
    row = {one.id: at for at, one in enumerate(orders)}
    column = {rider: at for at, rider in enumerate(made.riders.id[riders].tolist())}
    costs = pair_costs(made, orders, riders)
    made_pairs = pairs(answer)
    return sum(costs[row[number], column[rider]] for rider, number in made_pairs) + UNSERVED_S * (
        len(orders) - len(made_pairs)
    )


@given(made=random_waves(), urgency=st.sampled_from([0.0, 1.0]))
def test_matching_is_never_worse_than_the_nearest_rider(made: Wave, urgency: float) -> None:
    """By the costs alone without urgency; with it, it serves no fewer."""
    ours, greedy = Matching(urgency=urgency)(made, RNG), Nearest()(made, RNG)
    assert len(ours) >= len(greedy)
    if not urgency:
        assert wave_cost(made, ours) <= wave_cost(made, greedy) + 1e-6


def test_matching_is_better_where_the_nearest_is_wanted_twice() -> None:
    x = [0.0, 100.0, 1000.0]
    made = wave([order(1, 1), order(2, 0)], [0, 2], x)
    assert wave_cost(made, Matching()(made, RNG)) < wave_cost(made, Nearest()(made, RNG))


def crowded(seed: int) -> Wave:
    """More orders than riders, who carry at most two; some carry one already, some make for one."""
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 1500, (2, 10)).astype(float).tolist()
    orders = [order(n, *rng.choice(10, 2, replace=False).tolist(), NOW + 60 * n) for n in range(9)]  # type: ignore[call-arg]
    load = rng.integers(0, 2, 3).tolist()
    made = wave(orders, rng.integers(0, 10, 3).tolist(), x, y, load=load, capacity=rng.integers(1, 3, 3).tolist())
    fetching = [row for row in range(3) if load[row] and rng.random() < 0.5]
    for row in fetching:
        made.riders.route[row] = Stop(StopKind.PICKUP, 900 + row, 1), Stop(StopKind.DROPOFF, 900 + row, 2)
        made.riders.on_board[row], made.riders.at[row] = frozenset(), 2
    return replace(made, assigned=Orders([order(900 + row, 1, 2) for row in fetching]))


def loads(route: Sequence[Stop], on_board: frozenset[int]) -> list[int]:
    """Orders on board after each stop; fails where one is dropped off that is not there or fetched twice."""
    carried, history = set(on_board), []
    for stop in route:
        if stop.kind == StopKind.PICKUP:
            assert stop.order not in carried
            carried.add(stop.order)
        else:
            carried.remove(stop.order)
        history.append(len(carried))
    assert not carried
    return history


def test_insertion_keeps_precedence_and_capacity() -> None:
    full, several = 0, 0
    for seed in range(60):
        made = crowded(seed)
        for rider, route in Insertion()(made, RNG):
            row = rider - 10
            history = loads(route, made.riders.on_board[row])
            assert max(history) <= made.riders.capacity[row]
            assert [stop for stop in route if stop in made.riders.route[row]] == list(made.riders.route[row])
            full += max(history) == 2
            several += len({stop.order for stop in route}) > 2
    assert full > 20
    assert several > 20


def gini(policy: DispatchPolicy, replication: int) -> float:
    """Inequality of riders' incomes on a day of a small district with riders to choose from."""
    scenario, log = town("district", riders={"count": 25}), Log()
    simulate(scenario, build_city(scenario), policy, log, replication)
    return KPIS["income_gini"].value(Tables(log.events()))


def test_fair_lowers_the_inequality_of_incomes() -> None:
    """Paired, with a 95% interval; a price of 0 is matching."""
    changes = [gini(Fair(), day) - gini(Matching(), day) for day in range(8)]
    assert estimate(changes).high < 0
    assert gini(Fair(seconds_per_yuan=0), 0) == gini(Matching(), 0)


@given(seed=st.integers(0, 10_000), reserve=st.sampled_from([0.2, 0.5, 0.9]), vips=st.integers(0, 8))
def test_reserved_riders_serve_only_the_vip_lane(seed: int, reserve: float, vips: int) -> None:
    """Who is kept back is told by a flood of usual orders: it gets everybody else."""
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 5000, (2, 12)).astype(float).tolist()
    usual = [order(n, int(rng.integers(12)), int(rng.integers(12))) for n in range(20)]
    top = [order(100 + n, int(rng.integers(12)))._replace(priority=2) for n in range(vips)]
    policy, at = Priority(reserve=reserve), rng.integers(0, 12, 8).tolist()
    kept = set(range(10, 18)) - {rider for rider, _ in pairs(policy(wave(usual, at, x, y), RNG))}
    assert len(kept) == np.floor(8 * reserve)
    answer = pairs(policy(wave([*usual, *top], at, x, y), RNG))
    assert all(number >= 100 for rider, number in answer if rider in kept)
    assert {number for _, number in answer if number >= 100} == {one.id for one in top}


def merchants_busy(seed: int) -> Wave:
    """Ten orders from three merchants, and riders for some of them."""
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 3000, (2, 12)).astype(float).tolist()
    orders = [order(n, n % 3, int(rng.integers(3, 12)), NOW + float(rng.integers(-300, 900))) for n in range(10)]
    return wave(orders, rng.integers(0, 12, int(rng.integers(2, 9))).tolist(), x, y)


@pytest.mark.parametrize("allowed", [0.0, 60.0, 300.0])
def test_batches_cost_no_more_than_is_allowed_over_single_orders(allowed: float) -> None:
    """At an allowance of nothing no batch is worse than its orders singly, by the policy's own cost."""
    made = [merchants_busy(seed) for seed in range(40)]
    sizes: Counter[int] = Counter()
    for each in made:
        orders = each.orders.rows
        starts = each.travel.times(each.riders.at, np.array([[one.pickup] for one in orders])).min(axis=1) + NOW
        asked = asked_of(each, orders, starts)
        batches = batches_of(asked, 3)
        rows = clusters(3, allowed, asked, batches).tolist()
        members = [batches.dropoffs[row, : batches.size[row]].tolist() for row in rows]
        costs = [late(row, starts[batches.pickups[row, 0]], asked, batches) for row in range(max(rows) + 1)]
        lost = [costs[row] - sum(costs[one] for one in some) for row, some in zip(rows, members, strict=True)]
        assert sum(lost) <= allowed * len(rows) + 1e-6
        assert allowed or max(lost) <= 1e-6
        assert sorted(one for some in members for one in some) == list(range(len(orders)))
        sizes.update(map(len, members))
    assert (sizes[2] + sizes[3] > 40) == (allowed > 0)


def test_batch_match_bundles_more_the_more_it_may_lose() -> None:
    made = [merchants_busy(seed) for seed in range(40)]
    bundled = [sum(bundles(BatchMatch(loss_s=loss)(each, RNG)) for each in made) for loss in (0.0, 60.0, 600.0)]
    assert bundled[0] < bundled[1] < bundled[2]


def bundles(answer: Sequence[Assignment]) -> int:
    """Routes with several pickups."""
    return sum(len({stop.order for stop in a.route}) > 1 for a in answer)


def test_an_order_that_is_planned_may_still_go_to_another_rider() -> None:
    """Rider 10, 360 s away, is meant for it; while he sits there rider 11 comes free, 110 s away."""
    line = [0.0, 300.0, 50.0, 2000.0]

    def sent(ready_in: float, at: list[int]) -> list[tuple[int, int]]:
        return pairs(RollingHorizon()(wave([order(7, 0, 3, NOW + ready_in)], at, line), RNG))

    assert sent(900, [1]) == []
    assert pairs(Matching(lead_min=15)(wave([order(7, 0, 3, NOW + 900)], [1], line), RNG)) == [(10, 7)]
    assert sent(350, [1]) == [(10, 7)]
    assert sent(350, [1, 2]) == []
    assert sent(160, [1, 2]) == [(11, 7)]


def test_hardly_anybody_who_is_sent_waits_at_the_stove() -> None:
    """A rider stands there for the wave he leaves early; for longer only where a queue came otherwise than foreseen."""
    scenario, long = town("benchmark"), []
    for policy in (RollingHorizon(), Matching()):
        log = Log()
        simulate(scenario, build_city(scenario), policy, log)
        rows = log.events()
        long.append((rows["amount"][rows["kind"] == Kind.PICKED_UP] > MINUTE).mean())
    assert long[0] < 0.05
    assert long[1] > 3 * long[0]


@given(seed=st.integers(0, 10_000), size=st.integers(1, 4))
def test_a_bundle_is_no_larger_than_the_load(seed: int, size: int) -> None:
    made = merchants_busy(seed)
    capacity = np.random.default_rng(seed).integers(1, 4, len(made.riders))
    made = replace(made, riders=replace(made.riders, capacity=capacity))
    for rider, route in RollingHorizon(trip_size=size, early_min=60)(made, RNG):
        assert max(loads(route, frozenset())) <= min(size, capacity[rider - 10])


def reasons(made: Wave, one: Order, nearer_min: float) -> bool:
    """Whether a busy rider will be at the stove in time to save so much of the way of the nearest idle one."""
    riders = made.riders
    way = min((made.travel.time(riders.at.item(row), one.pickup) for row in idle(made).tolist()), default=np.inf)
    late = one.promised_at - 8 * MINUTE - made.travel.time(one.pickup, one.dropoff)
    until = min(late, one.ready_at + 5 * MINUTE) - made.rules.pickup_s - made.rules.dropoff_s / 2
    busy = np.flatnonzero((riders.load > 0) & (riders.off_at > riders.free_at)).tolist()
    ways = [made.travel.time(riders.at.item(row), one.pickup) for row in busy]
    in_time = [w for w, row in zip(ways, busy, strict=True) if w + riders.free_at.item(row) <= until]
    return min(in_time, default=np.inf) <= way - nearer_min * MINUTE and until - way > NOW


@given(made=random_waves(), nearer_min=st.sampled_from([0.5, 2.0]), longer_s=st.sampled_from([0.0, 300.0, 900.0]))
def test_an_order_waits_only_while_a_rider_comes_who_saves_way(made: Wave, nearer_min: float, longer_s: float) -> None:
    """Without partners to wait for; some of those who are busy come in time, and some do not."""
    made.riders.free_at[made.riders.load > 0] += longer_s
    held = Postpone(partners=np.inf, nearer_min=nearer_min).held(made)
    for one, waits in zip(made.orders.rows, held.tolist(), strict=True):
        assert not waits or reasons(made, one, nearer_min)


@given(made=random_waves())
def test_nothing_that_will_be_late_anyway_waits(made: Wave) -> None:
    """Not even by who waits always."""
    late = [one._replace(promised_at=NOW + 60) for one in made.orders.rows]
    assert not Postpone(partners=0.0).held(replace(made, orders=Orders(late))).any()


@pytest.mark.parametrize(("free_in", "waits"), [(200.0, True), (1400.0, False)])
def test_an_order_waits_where_it_can_improve(free_in: float, waits: bool) -> None:
    """The other way round; the rider at the stove is of no use when he comes too late."""
    far = order(7, 0, 3, NOW + 600)._replace(promised_at=NOW + 9000)
    made = wave([far], [1, 0], [0.0, 600.0, 700.0, 1500.0], load=[0, 1], free_at=[NOW, NOW + free_in])
    assert Postpone(partners=np.inf).held(made).tolist() == [reasons(made, far, 2.0)] == [waits]


@given(made=random_waves(), dice=st.lists(st.integers(0, 2**32 - 1), min_size=2, max_size=2))
def test_learned_decides_alike_whatever_the_dice(made: Wave, dice: list[int]) -> None:
    """One model, two copies of the policy, and a wave that was decided before."""
    assume(len(made.orders))
    policy = Learned()
    answers = [list(each(made, np.random.default_rng(d))) for each, d in ((policy, dice[0]), (Learned(), dice[1]))]
    assert answers[0] == answers[1] == list(policy(made, RNG))
