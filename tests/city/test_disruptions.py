"""Disruptions in a city: which hold when, and whom they hit."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from sim.city.disruptions import Disruptions, road_sets, span
from sim.city.model import Merchants, Places, Riders
from sim.scenario.errors import ScenarioError
from sim.scenario.schema import Scenario
from sim.streams import Streams
from sim.units import DAY, HOUR

N = 400
ZONES = ("A1", "A2", "B1", "B2")
KINDS = ("restaurant", "shop")


def town(*specs: dict[str, Any], begin: str = "0 11:00", end: str = "0 13:00") -> Disruptions:
    """Four hundred merchants and riders, a quarter of them in each zone; every second merchant is a shop."""
    index = np.arange(N)
    ones = np.ones(N)
    places = Places(ones, ones, index % 4, index * 0)
    merchants = Merchants(index, index // 4 % 2, index, ones, ones, 0 * ones, 9e9 * ones, ones)
    spanned = [{"from": begin, "to": end, **spec} for spec in specs]
    read = Scenario.model_validate({"disruptions": spanned}).disruptions
    return Disruptions(tuple(read), KINDS, ZONES, places, merchants, Riders(index, index * 0, index))


def closed(share: float = 1.0, streams: Streams = Streams(1), **only: str) -> set[int]:  # noqa: B008
    return set(town({"kind": "merchant_closed", "share": share, **only}).closed(12 * HOUR, streams))


def away(share: float, on: float = 11, off: float = 15, streams: Streams = Streams(1), **only: str) -> set[int]:  # noqa: B008
    """Riders away whose shift lasts from hour to hour; the window is from 11 to 13."""
    riders = np.arange(N)
    spec = town({"kind": "riders_absent", "share": share, **only})
    return set(np.flatnonzero(spec.away(riders, np.full(N, on * HOUR), np.full(N, off * HOUR), streams)).tolist())


def test_a_disruption_holds_from_its_begin_and_not_at_its_end() -> None:
    wrong = town({"kind": "outage"}, {"kind": "storm", "travel": 2.0})
    for hour, holds in ((10.99, False), (11, True), (12.99, True), (13, False), (24 + 12, False)):
        assert wrong.outage(hour * HOUR) is holds
        assert wrong.travel(hour * HOUR) == (2.0 if holds else 1.0)


def test_a_disruption_may_last_for_days() -> None:
    wrong = town({"kind": "outage"}, begin="1 22:00", end="3 02:00")
    assert [wrong.outage(day * DAY + 12 * HOUR) for day in range(4)] == [False, False, True, False]
    assert span(wrong.specs[0]) == (DAY + 22 * HOUR, 3 * DAY + 2 * HOUR)


def test_storms_that_meet_multiply() -> None:
    wrong = town({"kind": "storm", "travel": 2.0}, {"kind": "storm", "travel": 1.5, "to": "12:00"})
    assert [wrong.travel(hour * HOUR) for hour in (10, 11.5, 12.5)] == [1, 3, 2]


def test_a_storm_moves_demand_by_its_part_of_the_hour() -> None:
    factor = town({"kind": "storm", "demand": 3.0}, begin="0 11:30", end="0 13:15").demand(0)
    assert factor[11:14].tolist() == [2, 3, 1.5]
    assert (np.delete(factor, [11, 12, 13]) == 1).all()
    over = town({"kind": "storm", "demand": 0.5}, begin="0 23:30", end="1 01:00")
    assert [over.demand(day)[[0, 23]].tolist() for day in (0, 1, 2)] == [[1, 0.75], [0.5, 1], [1, 1]]


def test_a_storm_keeps_those_at_home_whose_shift_starts_in_it() -> None:
    on = np.array([10.9, 11, 12.9, 13]) * HOUR
    assert town({"kind": "storm", "turnout": 0.5}).turnout(on).tolist() == [1, 0.5, 0.5, 1]


def test_all_merchants_of_a_class_in_a_zone_are_closed() -> None:
    assert closed() == set(range(N))
    assert closed(merchant_class="shop") == {m for m in range(N) if m // 4 % 2 == 1}
    assert closed(zone="B1") == set(range(2, N, 4))
    assert closed(zone="B1", merchant_class="shop") == set(range(6, N, 8))
    assert closed(0.0) == set()


def test_outside_the_window_nobody_is_closed() -> None:
    spec = town({"kind": "merchant_closed"})
    assert [len(spec.closed(hour * HOUR, Streams(1))) for hour in (10.9, 11, 12.9, 13)] == [0, N, N, 0]


def test_a_larger_share_closes_more_and_the_same_ones() -> None:
    shares = [closed(share) for share in (0.1, 0.3, 0.3001, 0.9)]
    assert all(few <= many for few, many in pairwise(shares))
    assert 0.2 * N < len(shares[1]) < 0.4 * N


def test_who_is_closed_is_drawn_in_each_replication_and_each_disruption() -> None:
    assert closed(0.5) == closed(0.5)
    assert closed(0.5) != closed(0.5, Streams(1, 1))
    twice = town({"kind": "merchant_closed", "share": 0.5}, {"kind": "merchant_closed", "share": 0.5, "to": "12:00"})
    assert set(twice.closed(12.5 * HOUR, Streams(1))) == closed(0.5) < set(twice.closed(11 * HOUR, Streams(1)))


@pytest.mark.parametrize(
    ("on", "off", "hit"), [(8, 11, False), (8, 11.1, True), (12.9, 20, True), (13, 20, False), (9, 22, True)]
)
def test_riders_are_absent_whose_shift_touches_the_window(on: float, off: float, hit: bool) -> None:
    assert bool(away(1.0, on, off)) is hit


def test_a_larger_share_of_riders_is_away_and_the_same_ones() -> None:
    shares = [away(share) for share in (0, 0.2, 0.5, 1)]
    assert all(few < many for few, many in pairwise(shares))
    assert (shares[0], len(shares[3])) == (set(), N)
    assert away(0.5) != away(0.5, streams=Streams(1, 4))


def test_only_riders_who_start_in_the_zone_are_away() -> None:
    assert away(1.0, zone="A2") == set(range(1, N, 4))


def test_conditions_may_change_at_the_edges_of_all_but_absences() -> None:
    wrong = town(
        {"kind": "outage"}, {"kind": "storm", "from": "12:00"}, {"kind": "riders_absent", "share": 1, "from": "10:00"}
    )
    assert (wrong.edges() / HOUR).tolist() == [11, 12, 13]
    assert not len(town().edges())


def test_roads_that_are_closed_at_once_are_one_set() -> None:
    roads = {"kind": "road_closed", "bridges": [1]}
    specs = town(
        {**roads, "from": "10:00", "to": "14:00"},
        {"kind": "outage"},
        {**roads, "from": "12:00", "to": "16:00"},
        {**roads, "from": "20:00", "to": "21:00"},
        {**roads, "from": "20:00", "to": "21:00"},
    )
    assert road_sets(specs.specs) == [{0}, {0, 2}, {2}, {3, 4}]
    assert [specs.roads(hour * HOUR) for hour in (9, 10, 12, 14, 16, 20, 21)] == [0, 1, 2, 3, 0, 4, 0]
    assert road_sets(town({"kind": "outage"}).specs) == []


def test_an_unknown_name_is_told_with_its_number() -> None:
    wrong = town({"kind": "outage"}, {"kind": "merchant_closed", "zone": "B11", "merchant_class": "shops"})
    with pytest.raises(ScenarioError) as error:
        wrong.check()
    assert str(error.value).splitlines() == [
        "disruptions.1.zone: no 'B11' in this city (did you mean 'B1'?)",
        "disruptions.1.merchant_class: no 'shops' in this city (did you mean 'shop'?)",
    ]
    town({"kind": "riders_absent", "share": 1, "zone": "B2"}).check()
