"""Food places and shops: from a CSV, an OpenStreetMap file, or a place's name."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.city.osm_graph import online, plain, settings
from sim.city.ways import listed
from sim.entities import Bools, Floats
from sim.scenario.roads import Osm


@dataclass(frozen=True, slots=True)
class Pois:
    """Food places and shops: degrees east and north, and tags as in ``;amenity=cafe;shop=bakery;``."""

    longitude: Floats
    latitude: Floats
    tags: NDArray[np.str_]

    def matching(self, wanted: Sequence[str]) -> Bools:
        """Which of them carry one of the tags; ``shop=*`` is any shop."""
        found = np.zeros(len(self.tags), dtype=np.bool_)
        for tag in wanted:
            key, _, value = tag.partition("=")
            found |= np.char.find(self.tags, f";{key}=" if value == "*" else f";{tag};") >= 0
        return found


def read_pois(city: Osm, csv_path: Path | None, map_path: Path | None) -> Pois:
    """Food places and shops of a city: from the CSV where there is one, else from the map.

    Raises
    ------
    ValueError
        When they cannot be read, with file and line.
    """
    keys = sorted({tag.partition("=")[0] for tags in city.merchants.values() for tag in tags})
    if csv_path:
        return _pois(_from_csv(csv_path, keys))
    if map_path and map_path.suffix.lower() == ".graphml":
        return _pois(())
    return _pois(_from_map(city, map_path, keys))


Row = tuple[float, float, Mapping[str, object]]
"""Longitude, latitude and tags."""


def _pois(rows: Iterable[Row]) -> Pois:
    found = [(longitude, latitude, label) for longitude, latitude, tags in rows if (label := _label(tags))]
    longitude, latitude = (np.array([row[axis] for row in found], dtype=np.float64) for axis in (0, 1))
    return Pois(longitude, latitude, np.array([row[2] for row in found], dtype=np.str_))


def _label(tags: Mapping[str, object]) -> str:
    pairs = [f"{key}={value}" for key, values in tags.items() for value in listed(values)]
    return f";{';'.join(pairs)};" if pairs else ""


def _from_csv(path: Path, keys: Sequence[str]) -> Iterator[Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if missing := {"lat", "lon"} - set(rows.fieldnames or ()):
                raise ValueError(f"{path}:1: no column {' and no column '.join(sorted(missing))}")
            for row in rows:
                yield *_degrees(row, f"{path}:{rows.line_num}"), {key: row.get(key) or None for key in keys}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{path}: not a readable CSV ({' '.join(str(error).split())})") from None


def _degrees(row: Mapping[str, str | None], where: str) -> tuple[float, float]:
    try:
        longitude, latitude = float(row["lon"] or ""), float(row["lat"] or "")
    except ValueError:
        raise ValueError(f"{where}: lat {row['lat']!r}, lon {row['lon']!r}: expected degrees") from None
    if not (abs(longitude) <= 180 and abs(latitude) <= 90):
        raise ValueError(f"{where}: lat {latitude:g}, lon {longitude:g}: outside the world")
    return longitude, latitude


def _from_map(city: Osm, path: Path | None, keys: Sequence[str]) -> Iterator[Row]:
    wanted: dict[str, bool | list[str]] = dict.fromkeys(keys, True)
    with settings() as osmnx:
        try:
            if path:
                with plain(path) as readable:
                    frame = osmnx.features_from_xml(readable, tags=wanted)
            else:
                frame = online(city.place, lambda: osmnx.features_from_place(city.place, tags=wanted))
        except osmnx._errors.InsufficientResponseError:
            return
    yield from _of_frame(frame, keys)


def _of_frame(frame: Any, keys: Sequence[str]) -> Iterator[Row]:
    inside = frame.geometry.representative_point()
    columns = [frame[key] if key in frame else [None] * len(frame) for key in keys]
    for point, *values in zip(inside, *columns, strict=True):
        yield point.x, point.y, dict(zip(keys, values, strict=True))
