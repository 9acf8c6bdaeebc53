"""Fastest ways: as networkx finds them, whole or in part."""

from itertools import pairwise

import networkx as nx
import numpy as np
import pytest

from sim.city import fastest
from sim.city.fastest import Ways
from sim.city.roads import Roads
from tests.city.test_roads import RING, made


def random_roads(seed: int, size: int = 60) -> Roads:
    """A one-way ring through all crossings, so that each reaches each, and shortcuts."""
    rng = np.random.default_rng(seed)
    ring = rng.permutation(size)
    a, b = np.r_[ring, rng.integers(0, size, 3 * size)], np.r_[np.roll(ring, -1), rng.integers(0, size, 3 * size)]
    x, y = rng.uniform(0, 1000, (2, size))
    ends = np.stack([a, b], axis=1).ravel()
    course = np.column_stack([x[ends], y[ends], x[ends], y[ends]])
    names = np.full(len(a), "road")
    metres, seconds = rng.uniform(1, 100, (2, len(a)))
    return Roads(x, y, a, b, metres, seconds, names, names, 2 * np.arange(len(a) + 1), course)


@pytest.mark.parametrize("seed", range(3))
def test_times_and_lengths_are_those_of_the_fastest_way(seed: int) -> None:
    roads = random_roads(seed)
    graph = nx.MultiDiGraph()
    for a, b, seconds, metres in zip(roads.a, roads.b, roads.seconds, roads.metres, strict=True):
        graph.add_edge(a, b, seconds=seconds, metres=metres)
    found, lengths = Ways.of(roads, np.arange(60)).table()
    for origin in range(0, 60, 7):
        times, ways = nx.single_source_dijkstra(graph, origin, weight="seconds")
        for end in range(60):
            assert found[origin, end] == pytest.approx(times[end], rel=1e-5)
            steps = (graph[a][b].values() for a, b in pairwise(ways[end]))
            legs = [min(step, key=lambda road: road["seconds"]) for step in steps]
            assert lengths[origin, end] == pytest.approx(sum(leg["metres"] for leg in legs), rel=1e-5)


def test_a_part_of_the_crossings_has_a_part_of_the_table() -> None:
    roads, stops = random_roads(4), np.array([3, 8, 20, 59])
    np.testing.assert_array_equal(
        Ways.of(roads, stops).table(), Ways.of(roads, np.arange(60)).table()[:, stops[:, None], stops]
    )


def test_chunks_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    ways = Ways.of(random_roads(5), np.arange(60))
    whole = ways.table()
    monkeypatch.setattr(fastest, "CHUNK", 7)
    np.testing.assert_array_equal(ways.table(), whole)
    np.testing.assert_array_equal(ways.rows(np.array([11, 3])), whole[:, [11, 3]])


def test_the_fastest_way_may_be_the_longer_one() -> None:
    """Straight over the slow bridge, or three times as long on fast roads."""
    slow = [(*row[:2], 400, row[3]) if row[3] == "East Bridge" else row for row in RING]
    seconds, metres = Ways.of(made(*slow), np.arange(4)).table()
    assert (seconds[1, 2], metres[1, 2]) == (100, 1000)
    assert np.diag(metres).tolist() == np.diag(seconds).tolist() == [0] * 4
