"""Roads as arrays: points along them, pieces for the map, and closing some."""

import numpy as np
import pytest

from sim.city.roads import ON_FOOT, Roads, close


def made(*rows: tuple[int, int, float, str]) -> Roads:
    """Roads between crossings at (0, 0), (300, 0), (300, 400), (0, 400): from, to, seconds, name."""
    x, y = np.array([0.0, 300, 300, 0]), np.array([0.0, 0, 400, 400])
    a, b = (np.array([row[end] for row in rows]) for end in (0, 1))
    ends = np.stack([a, b], axis=1).ravel()
    course = np.column_stack([x[ends], y[ends], x[ends] / 1e5, y[ends] / 1e5])
    metres = np.hypot(x[a] - x[b], y[a] - y[b])
    seconds, name = np.array([row[2] for row in rows]), np.array([row[3] for row in rows])
    kind = np.where(np.char.find(name, "Bridge") >= 0, "primary", "residential")
    return Roads(x, y, a, b, metres, seconds, kind, name, 2 * np.arange(len(rows) + 1), course)


RING = [(0, 1, 30, "South"), (1, 0, 30, "South"), (1, 2, 40, "East Bridge"), (2, 1, 40, "East Bridge"),
        (2, 3, 30, "North"), (3, 2, 30, "North"), (3, 0, 40, "West Bridge"), (0, 3, 40, "West Bridge")]  # fmt: skip


def test_columns_make_the_same_roads_again() -> None:
    roads = made(*RING)
    again = Roads.of(roads.columns())
    for name, column in roads.columns().items():
        np.testing.assert_array_equal(column, getattr(again, name))


def test_the_graph_holds_the_fastest_of_parallel_roads() -> None:
    roads = made((0, 1, 50, "slow"), (0, 1, 20, "fast"), (1, 0, 30, "back"))
    graph = roads.graph()
    assert graph.nnz == 2
    assert roads.name[graph[0, 1] - 1] == "fast"


def test_a_two_way_street_is_drawn_once() -> None:
    roads = made(*RING)
    assert roads.name[roads.once()].tolist() == ["South", "East Bridge", "North", "West Bridge"]
    assert roads.segments(roads.once()).tolist() == [
        [0, 0, 300, 0], [300, 0, 300, 400], [300, 400, 0, 400], [0, 400, 0, 0],
    ]  # fmt: skip


def test_points_lie_at_equal_distances_and_know_the_nearer_crossing() -> None:
    x, y, at = made(*RING).along(np.array([0, 2]), 100)
    np.testing.assert_allclose(np.column_stack([x, y])[:4], [[50, 0], [150, 0], [250, 0], [300, 50]])
    assert at.tolist()[:5] == [0, 1, 1, 1, 1]
    assert at.tolist()[-2:] == [2, 2]
    assert len(x) == 7


def test_addresses_are_as_many_as_the_street_is_long() -> None:
    roads = made(*RING)
    sizes = [len(roads.along(np.array([road]), 20)[0]) for road in (0, 2)]
    assert sizes == [15, 20]
    assert [len(column) for column in roads.along(np.empty(0, np.int64), 20)] == [0, 0, 0]


def test_a_closed_bridge_is_gone_and_the_rest_stays() -> None:
    roads = close(made(*RING), ["east bridge"])
    assert set(roads.name.tolist()) == {"South", "North", "West Bridge"}
    np.testing.assert_array_equal(roads.corner, 2 * np.arange(7))
    assert roads.graph().nnz == 6


def test_what_would_be_cut_off_is_reached_on_foot() -> None:
    roads = close(made(*RING), ["East Bridge", "West Bridge"])
    pushed = np.isin(roads.name, ["East Bridge", "West Bridge"])
    np.testing.assert_allclose(roads.seconds[pushed], 400 / ON_FOOT)
    assert roads.graph().nnz == 8
    assert roads.seconds[~pushed].tolist() == [30] * 4


def test_a_one_way_ring_stays_connected_on_foot() -> None:
    ring = made((0, 1, 30, "South"), (1, 2, 40, "East"), (2, 3, 30, "North"), (3, 0, 40, "West"))
    roads = close(ring, ["North"])
    assert {(a, b) for a, b in zip(roads.a.tolist(), roads.b.tolist(), strict=True)} >= {(2, 3), (3, 2)}


def test_a_box_closes_what_passes_through_it() -> None:
    """East Bridge leads from (0.003, 0) to (0.003, 0.004) degrees; the box holds none of its corners."""
    middle = (0.0029, 0.0019, 0.0031, 0.0021)
    assert "East Bridge" not in close(made(*RING), [middle]).name
    assert len(close(made(*RING), [middle]).a) == 6
    with pytest.raises(ValueError, match="no road touches the box"):
        close(made(*RING), [(0.001, 0.001, 0.002, 0.002)])


def test_an_unknown_name_is_answered_with_a_close_one() -> None:
    with pytest.raises(ValueError, match=r"no road is named 'East Brigde' \(did you mean 'East Bridge'\?\)"):
        close(made(*RING), ["East Brigde"])
