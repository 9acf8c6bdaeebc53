"""Roads as arrays: a strongly connected graph of crossings, with names, courses and travel times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from sim.entities import Bools, Floats, Ints
from sim.spelling import did_you_mean
from sim.units import HOUR

Box = tuple[float, float, float, float]
"""West, south, east and north in degrees."""
Closed = Iterable[str | Box]
"""Roads that are closed: by name as on the map, or all that touch a box."""
ON_FOOT = 4000 / HOUR
"""Metres a second of a rider who pushes (OSRM bicycle.lua: 4 km/h)."""


@dataclass(frozen=True, slots=True)
class Roads:
    """A street graph for one vehicle: every crossing can reach every other.

    Parameters
    ----------
    x, y
        Crossings in metres east and north of the south-west corner, shape (crossings,).
    a, b
        From which crossing to which a road leads; a two-way street is two roads; shape (roads,).
    metres, seconds
        Length of each road and time along it.
    kind, name
        Its ``highway`` tag, empty on bridges and in tunnels, and its name, empty where it has none.
    corner
        Where the course of each road begins in `course`; shape (roads + 1,).
    course
        The points of all courses one after the other, as x, y, longitude, latitude; shape (points, 4).
    """

    x: Floats
    y: Floats
    a: Ints
    b: Ints
    metres: Floats
    seconds: Floats
    kind: NDArray[np.str_]
    name: NDArray[np.str_]
    corner: Ints
    course: Floats

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Roads:
        """Roads from their columns by name."""
        return cls(**{field.name: arrays[field.name] for field in fields(cls)})  # type: ignore[arg-type]

    def columns(self) -> dict[str, NDArray[np.generic]]:
        """The columns by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def graph(self) -> csr_array:
        """Number + 1 of the fastest road from crossing to crossing; sorted by row and column."""
        order = np.lexsort((self.seconds, self.b, self.a))
        _, first = np.unique(self.a[order] * len(self.x) + self.b[order], return_index=True)
        kept = order[first]
        return csr_array((kept + 1, (self.a[kept], self.b[kept])), shape=(len(self.x),) * 2)

    def once(self) -> Ints:
        """Roads with each two-way street counted once."""
        low, high = np.minimum(self.a, self.b), np.maximum(self.a, self.b)
        same = np.column_stack([low, high, self.metres.round()])
        return np.sort(np.unique(same, axis=0, return_index=True)[1])

    def segments(self, roads: Ints) -> Floats:
        """Straight pieces of the courses of some roads, for a picture; shape (pieces, 4) in metres."""
        points = _points(self.corner, roads)
        last = np.isin(points, self.corner[1:] - 1)
        begin = points[~last]
        return np.column_stack([self.course[begin, :2], self.course[begin + 1, :2]])

    def along(self, roads: Ints, every_m: float) -> tuple[Floats, Floats, Ints]:
        """Points at equal distances along some roads: x, y, and the nearer crossing of each one's road."""
        if not len(roads):
            return np.empty(0), np.empty(0), np.empty(0, np.int64)
        points = _points(self.corner, roads)
        x, y = self.course[points, :2].T
        step = np.hypot(np.diff(x, prepend=x[:1]), np.diff(y, prepend=y[:1]))
        starts = np.isin(points, self.corner[:-1])
        step[starts] = 0  # from the end of one road to the beginning of the next
        run = np.cumsum(step)
        at = np.arange(every_m / 2, run[-1], every_m)
        begin = run[starts]
        index = np.searchsorted(begin, at, side="right") - 1
        middle = (begin + np.r_[begin[1:], run[-1:]])[index] / 2
        road = roads[index]
        return np.interp(at, run, x), np.interp(at, run, y), np.where(at < middle, self.a[road], self.b[road])


def _points(corner: Ints, roads: Ints) -> Ints:
    """Points of the courses of some roads, one road after the other."""
    sizes = corner[roads + 1] - corner[roads]
    ends = np.cumsum(sizes)
    return np.arange(sizes.sum()) - np.repeat(ends - sizes - corner[roads], sizes)


def close(roads: Roads, closed: Closed) -> Roads:
    """The same crossings without some roads; what this would cut off is still reached on foot.

    Raises
    ------
    ValueError
        When no road has that name, or none touches that box.
    """
    shut = np.zeros(len(roads.a), dtype=np.bool_)
    for what in closed:
        hit = _named(roads, what) if isinstance(what, str) else _touching(roads, what)
        if not hit.any():
            raise ValueError(_unknown(roads, what))
        shut |= hit
    rest = _only(roads, ~shut)
    pushed = shut & ((cut := _cut_off(rest))[roads.a] | cut[roads.b])
    walked = _only(replace(roads, seconds=roads.metres / ON_FOOT), pushed)
    return _joined(_joined(rest, walked), replace(walked, a=walked.b, b=walked.a))


def _named(roads: Roads, name: str) -> Bools:
    return np.char.lower(roads.name) == name.strip().lower()


def _touching(roads: Roads, box: Box) -> Bools:
    west, south, east, north = box
    begin, end = roads.course[:, 2:], np.roll(roads.course[:, 2:], -1, axis=0)
    near = (np.minimum(begin, end) <= (east, north)).all(axis=1) & (np.maximum(begin, end) >= (west, south)).all(axis=1)
    (dx, dy), (x, y) = (end - begin).T, begin.T
    sides = [dx * (v - y) - dy * (u - x) for u in (west, east) for v in (south, north)]
    touched = near & (np.min(sides, axis=0) <= 0) & (np.max(sides, axis=0) >= 0)
    touched[roads.corner[1:] - 1] = False  # the last point of a road begins no piece
    return np.logical_or.reduceat(touched, roads.corner[:-1])


def _unknown(roads: Roads, what: str | Box) -> str:
    if not isinstance(what, str):
        return f"no road touches the box {what} (west, south, east, north in degrees)"
    return f"no road is named {what!r}{did_you_mean(what, sorted(set(roads.name.tolist()) - {''}))}"


def _cut_off(roads: Roads) -> Bools:
    """Crossings outside the largest part in which each reaches each."""
    _, part = connected_components(roads.graph(), connection="strong")
    return part != np.bincount(part).argmax()


def _only(roads: Roads, kept: Bools) -> Roads:
    index = np.flatnonzero(kept)
    columns = {name: getattr(roads, name)[index] for name in ("a", "b", "metres", "seconds", "kind", "name")}
    corner = np.r_[0, np.cumsum(roads.corner[index + 1] - roads.corner[index])]
    return replace(roads, **columns, corner=corner, course=roads.course[_points(roads.corner, index)])


def _joined(one: Roads, two: Roads) -> Roads:
    names: Sequence[str] = ("a", "b", "metres", "seconds", "kind", "name", "course")
    columns = {name: np.concatenate([getattr(one, name), getattr(two, name)]) for name in names}
    return replace(one, **columns, corner=np.r_[one.corner, two.corner[1:] + len(one.course)])
