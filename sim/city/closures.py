"""Closed roads: the ways that are left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.random import Generator
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

from sim.city.disruptions import road_sets
from sim.city.district import street_travel
from sim.city.road_travel import travel_without
from sim.city.roads import Box
from sim.city.streets import Streets, lay_streets, over_the_river
from sim.entities import Bools, Travel
from sim.scenario.city import District
from sim.scenario.disruptions import RoadClosed
from sim.scenario.errors import ScenarioError
from sim.scenario.schema import Scenario

MOST_TABLES = 8
"""Each set of roads that are closed at once has a travel table of its own."""


def closed_travels(scenario: Scenario, travel: Travel, rng: Generator) -> list[Travel]:
    """Travel with each set of closed roads, in the order of :func:`~sim.city.disruptions.road_sets`.

    Parameters
    ----------
    travel
        Travel on normal roads.
    rng
        A fresh generator of the stream that a district's streets were laid with.

    Raises
    ------
    ValueError
        When there is no such road, a part of the city is cut off, or there are too many sets.
    """
    sets, city = road_sets(scenario.disruptions), scenario.city
    if len(sets) > MOST_TABLES:
        raise ScenarioError(f"disruptions: {len(sets)} different sets of closed roads; at most {MOST_TABLES} fit")
    closed = [{n: spec for n, spec in enumerate(scenario.disruptions) if n in numbers} for numbers in sets]
    roads = [{n: spec for n, spec in specs.items() if isinstance(spec, RoadClosed)} for specs in closed]
    if isinstance(city, District) and roads:
        streets = lay_streets(city, rng)
        return [street_travel(_without(streets, specs), scenario.travel) for specs in roads]
    return [_real_travel(travel, specs) for specs in roads]


def _real_travel(travel: Travel, specs: Mapping[int, RoadClosed]) -> Travel:
    """Travel along a real place's roads without some of them."""
    closed: list[str | Box] = []
    for number, spec in specs.items():
        if spec.bridges:
            raise ScenarioError(f"disruptions.{number}.bridges: only a generated district numbers its bridges")
        closed += [*spec.streets, *([_box(spec)] if spec.box else [])]
    try:
        return travel_without(travel, closed)
    except ValueError as error:
        raise ScenarioError(f"disruptions.{max(specs)}: {error}") from error


def _box(spec: RoadClosed) -> Box:
    west, south, east, north = spec.box
    return west, south, east, north


def _without(streets: Streets, specs: Mapping[int, RoadClosed]) -> Streets:
    shut = np.zeros(len(streets.segments), np.bool_)
    entered, barred = shut.copy(), shut.copy()
    for number, spec in specs.items():
        hit = _closed(streets, number, spec)
        shut |= hit
        entered |= hit & bool(spec.box)
        barred |= hit & bool(spec.bridges)
    entered &= ~barred
    kept = ~shut | (entered & _access(streets, shut, entered))
    rest = replace(streets, segments=streets.segments[kept])
    parts, part = connected_components(_graph(rest), directed=False)
    if parts > 1:
        cut = len(part) - np.bincount(part).max()
        raise ScenarioError(f"disruptions.{max(specs)}: with these roads closed, {cut} of {len(part)} crossings "
                            "cannot be reached; leave a bridge open")  # fmt: skip
    return rest


def _closed(streets: Streets, number: int, spec: RoadClosed) -> Bools:
    """Segments that one disruption closes."""
    if spec.streets:
        raise ScenarioError(f"disruptions.{number}.streets: the streets of a generated district have no names")
    shut = np.zeros(len(streets.segments), np.bool_)
    if spec.bridges:
        bridges = over_the_river(streets)
        if (last := max(spec.bridges)) > len(bridges):
            raise ScenarioError(f"disruptions.{number}.bridges: no bridge {last}, there are {len(bridges)}")
        shut[bridges[np.array(spec.bridges) - 1]] = True
        return shut
    west, south, east, north = spec.box
    x, y = (column[streets.segments].mean(axis=1) for column in (streets.x, streets.y))
    shut = (west <= x) & (x <= east) & (south <= y) & (y <= north)
    if not shut.any():
        raise ScenarioError(f"disruptions.{number}.box: no street's middle is inside")
    return shut


def _access(streets: Streets, shut: Bools, entered: Bools) -> Bools:
    """Closed segments that must be entered to reach every address: a shortest tree between the parts left.

    A tree offers no way through.
    """
    usable = ~shut | entered
    open_m = streets.lengths()
    weights = np.where(shut, open_m.sum() + open_m, open_m)
    a, b = streets.segments[usable].T
    graph = coo_array((weights[usable], (a, b)), shape=(len(streets.x),) * 2).tocsr()
    tree = minimum_spanning_tree(graph).tocoo()
    size = len(streets.x)
    chosen = np.minimum(tree.row, tree.col).astype(np.int64) * size + np.maximum(tree.row, tree.col)
    low, high = streets.segments.min(axis=1), streets.segments.max(axis=1)
    return usable & np.isin(low * size + high, chosen)


def _graph(streets: Streets) -> coo_array:
    a, b = streets.segments.T
    return coo_array((np.ones(len(a)), (a, b)), shape=(len(streets.x),) * 2)
