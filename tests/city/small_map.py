"""A small OpenStreetMap file: two streets, two bridges between them, and things that must be left out.

North Road   (2,0) ----- (2,1) ----- (2,2)
               |           :           ^
          West Bridge   private   East Bridge (one-way, but not for bicycles)
               |           :           |
South Road   (0,0) ----- (0,1) ----- (0,2)      (0,1) has a signal; South Road is limited to 30 km/h
"""

import gzip
from math import cos, radians
from pathlib import Path

WEST, SOUTH, STEP = 117.0, 39.0, 0.002
TALL_M = STEP * 111_195
WIDE_M = TALL_M * cos(radians(SOUTH))
WAYS: tuple[tuple[str, tuple[str, ...], dict[str, str]], ...] = (
    ("South Road", ("00", "01", "02"), {"highway": "tertiary", "maxspeed": "30"}),
    ("North Road", ("20", "21", "22"), {"highway": "residential"}),
    ("West Bridge", ("00", "10", "20"), {"highway": "tertiary", "bridge": "yes"}),
    ("East Bridge", ("02", "12", "22"), {"highway": "tertiary", "oneway": "yes", "oneway:bicycle": "no"}),
    ("Yard", ("01", "21"), {"highway": "residential", "access": "private"}),
    ("Expressway", ("00", "22"), {"highway": "motorway", "maxspeed": "50 mph"}),
    ("Exit", ("22", "33"), {"highway": "residential", "oneway": "yes"}),
    ("Island Road", ("70", "71"), {"highway": "residential"}),
)
POIS: tuple[tuple[float, float, dict[str, str]], ...] = (
    (0.1, 0.5, {"amenity": "restaurant", "name": "Dumplings"}),
    (0.1, 1.5, {"amenity": "cafe"}),
    (1.9, 0.5, {"shop": "bakery;florist"}),
    (2.1, 1.5, {"shop": "bicycle"}),
    (40, 40, {"amenity": "restaurant", "name": "far away"}),
)


def degrees(row: float, column: float) -> tuple[float, float]:
    """Latitude and longitude of a crossing."""
    return SOUTH + row * STEP, WEST + column * STEP


def xml(ways: tuple = WAYS, pois: tuple = POIS) -> str:
    """The file's text."""
    names = sorted({name for _, nodes, _ in ways for name in nodes})
    lines = ["<?xml version='1.0' encoding='UTF-8'?>", '<osm version="0.6">']
    for name in names:
        signal = {"highway": "traffic_signals"} if name == "01" else {}
        lines.append(node(int(name) + 1, *degrees(int(name[0]), int(name[1])), signal))
    lines += [node(500 + index, *degrees(row, column), tags) for index, (row, column, tags) in enumerate(pois)]
    for index, (name, nodes, tags) in enumerate(ways):
        refs = "".join(f'<nd ref="{int(ref) + 1}"/>' for ref in nodes)
        lines.append(f'<way id="{900 + index}" version="1">{refs}{tagged({"name": name, **tags})}</way>')
    return "\n".join([*lines, "</osm>"])


def node(number: int, latitude: float, longitude: float, tags: dict[str, str]) -> str:
    return f'<node id="{number}" version="1" lat="{latitude:.6f}" lon="{longitude:.6f}">{tagged(tags)}</node>'


def tagged(tags: dict[str, str]) -> str:
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())


def write(path: Path, text: str | None = None) -> Path:
    """The map as a file, packed when its name says so."""
    data = (xml() if text is None else text).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path
