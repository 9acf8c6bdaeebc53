"""OSMnx: from an OpenStreetMap file, or a place's name, to roads. The only file that imports it, and not at import."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree.ElementTree import ParseError

import numpy as np

from sim.city.files import cache_folder
from sim.city.roads import Roads
from sim.city.ways import both_ways, listed, speed_kmh
from sim.entities import Floats
from sim.scenario.roads import Osm, Vehicle
from sim.units import HOUR

Graph = Any
"""A networkx MultiDiGraph, whose library is imported late."""
DIFFERENT = ["highway", "name", "bridge", "tunnel"]
"""A road ends where one of these tags changes, so that it is closed by name, or has houses, as a whole."""
TAGS = ["access", "vehicle", "motor_vehicle", "motorcar", "motorcycle", "moped", "bicycle", "foot", "oneway:bicycle"]
"""Tags of a way that we need beside those that OSMnx keeps."""


@contextmanager
def settings() -> Iterator[Any]:
    """OSMnx, with our cache and our tags for as long as this lasts."""
    import osmnx

    ours = {
        "cache_folder": cache_folder() / "osmnx",
        "use_cache": True,
        "useful_tags_way": [*osmnx.settings.useful_tags_way, *TAGS],
    }
    before = {name: getattr(osmnx.settings, name) for name in ours}
    for name, value in ours.items():
        setattr(osmnx.settings, name, value)
    try:
        yield osmnx
    finally:
        for name, value in before.items():
            setattr(osmnx.settings, name, value)


def read_roads(city: Osm, path: Path | None) -> tuple[Roads, str, tuple[float, float]]:
    """Roads of a city for its vehicle, their projection, and where their origin lies in it.

    Parameters
    ----------
    city
        Says which vehicle, and which place when there is no file.
    path
        The file, or None to look the place up.

    Raises
    ------
    ValueError
        When the map cannot be read or found, or has no road for the vehicle; one line.
    """
    vehicle, source = city.vehicles[city.vehicle], str(path or city.place)
    with settings() as osmnx:
        whole = _from_file(osmnx, path) if path else _from_place(osmnx, city.place, vehicle)
        _keep_usable(whole, vehicle, city.signal_s)
        if not whole.number_of_edges():
            raise ValueError(f"{source}: no road that a vehicle {city.vehicle!r} may use")
        graph = osmnx.truncate.largest_component(whole, strongly=True)
        if not graph.number_of_edges():
            raise ValueError(f"{source}: no two crossings reach each other")
        if not graph.graph.get("simplified"):
            graph = osmnx.simplify_graph(graph, edge_attrs_differ=DIFFERENT)
        return _arrays(graph, osmnx.project_graph(graph))


def _from_file(osmnx: Any, path: Path) -> Graph:
    from networkx import NetworkXException

    broken = (OSError, EOFError, ParseError, NetworkXException, ValueError, KeyError, AttributeError, IndexError)
    try:
        if path.suffix.lower() == ".graphml":
            graph = osmnx.load_graphml(path)
            degrees = str(graph.graph["crs"]).lower() == "epsg:4326"
            return graph if degrees else osmnx.project_graph(graph, to_latlong=True)
        with plain(path) as readable:
            return osmnx.graph_from_xml(readable, simplify=False, retain_all=True)
    except broken as error:
        raise ValueError(f"{path}: not a readable OpenStreetMap file ({_line(error)})") from None
    except osmnx._errors.InsufficientResponseError:
        raise ValueError(f"{path}: holds no ways") from None


def _from_place(osmnx: Any, place: str, vehicle: Vehicle) -> Graph:
    wanted = "|".join(map(re.escape, sorted(vehicle.kmh)))
    return online(
        place,
        lambda: osmnx.graph_from_place(
            place, simplify=False, retain_all=True, custom_filter=f'["highway"~"^({wanted})$"]["area"!~"yes"]'
        ),
    )


def online(place: str, ask: Any) -> Any:
    """The answer of a map service.

    Raises
    ------
    ValueError
        When there is none, with what to do about it in one line.
    """
    import osmnx

    try:
        return ask()
    except osmnx._errors.InsufficientResponseError as error:
        raise ValueError(f"place {place!r}: not found on the map ({_line(error)}); try a longer name") from None
    except (OSError, osmnx._errors.ResponseStatusCodeError) as error:
        raise ValueError(
            f"place {place!r}: the map service cannot be reached ({type(error).__name__}); "
            "give city.file an .osm, .osm.gz or .graphml file instead"
        ) from None


@contextmanager
def plain(path: Path) -> Iterator[Path]:
    """The file itself, or for as long as this lasts an unpacked copy of it."""
    if path.suffix.lower() != ".gz":
        yield path
        return
    with TemporaryDirectory() as folder:
        copy = Path(folder) / path.stem
        with gzip.open(path) as packed, copy.open("wb") as target:
            shutil.copyfileobj(packed, target)
        yield copy


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__


def _keep_usable(graph: Graph, vehicle: Vehicle, signal_s: float) -> None:
    """Drop what the vehicle cannot use, add the way back where one-way does not bind it, time the rest."""
    signals = {node for node, kind in graph.nodes(data="highway") if kind == "traffic_signals"}
    for a, b, key, tags in list(graph.edges(keys=True, data=True)):
        kmh = speed_kmh(tags, vehicle)
        if not kmh:
            graph.remove_edge(a, b, key)
            continue
        tags["travel_time"] = float(tags["length"]) / kmh / 1000 * HOUR + signal_s * (b in signals)
        if tags.get("oneway") in (True, "True") and both_ways(tags, vehicle):
            graph.add_edge(b, a, **_turned(tags, signal_s * ((a in signals) - (b in signals))))


def _turned(tags: dict[str, Any], more_s: float) -> dict[str, Any]:
    line = {"geometry": tags["geometry"].reverse()} if "geometry" in tags else {}
    return {**tags, **line, "reversed": not tags.get("reversed"), "travel_time": tags["travel_time"] + more_s}


def _arrays(graph: Graph, projected: Graph) -> tuple[Roads, str, tuple[float, float]]:
    number = {node: index for index, node in enumerate(graph)}
    x, y = (np.array([at[axis] for _, at in projected.nodes(data=True)], dtype=np.float64) for axis in "xy")
    edges = graph.edges(keys=True)
    courses = [np.column_stack([_course(projected, *edge), _course(graph, *edge)]) for edge in edges]
    tags = [tags for _, _, tags in graph.edges(data=True)]
    course = np.concatenate(courses)
    west, south = course[:, :2].min(axis=0).tolist()
    course[:, :2] -= (west, south)
    roads = Roads(
        x=x - west,
        y=y - south,
        a=np.array([number[a] for a, _ in graph.edges()], dtype=np.int64),
        b=np.array([number[b] for _, b in graph.edges()], dtype=np.int64),
        metres=np.array([row["length"] for row in tags], dtype=np.float64),
        seconds=np.maximum(np.array([row["travel_time"] for row in tags], dtype=np.float64), 1e-3),
        kind=np.array([_kind(row) for row in tags], dtype=np.str_),
        name=np.array(["; ".join(listed(row.get("name"))) for row in tags], dtype=np.str_),
        corner=np.r_[0, np.cumsum([len(line) for line in courses])],
        course=course,
    )
    return roads, str(projected.graph["crs"]), (west, south)


def _kind(tags: dict[str, Any]) -> str:
    """The way's ``highway`` tag; none on a bridge or in a tunnel, where nobody lives."""
    built = {*listed(tags.get("bridge")), *listed(tags.get("tunnel"))} - {"no"}
    return "" if built else next(iter(listed(tags.get("highway"))), "")


def _course(graph: Graph, a: int, b: int, key: int) -> Floats:
    """Points of an edge from one end to the other, shape (points, 2)."""
    tags = graph.edges[a, b, key]
    ends = [(graph.nodes[node]["x"], graph.nodes[node]["y"]) for node in (a, b)]
    return np.array(tags["geometry"].coords if "geometry" in tags else ends, dtype=np.float64)
