"""A real city: addresses along the streets of OpenStreetMap, merchants where food places and shops are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.city.files import content_key, find_data, kept_arrays
from sim.city.model import LandUse, Map, Places
from sim.city.road_travel import Network, RoadTravel, RowTravel
from sim.city.roads import Roads
from sim.city.zones import zone_grid
from sim.entities import Bools, Floats, Ints
from sim.scenario.city import TravelSpeed
from sim.scenario.roads import Osm

CREDIT = "© OpenStreetMap contributors, ODbL"
KERB_M = 20.0
"""Distance between the points of a road to which a food place or shop may belong."""
Fronts = Mapping[str, Ints]
"""Places where merchants of each class open."""


def build_osm(city: Osm, speed: TravelSpeed) -> tuple[Places, tuple[str, ...], RoadTravel | RowTravel, Map, Fronts]:
    """Lay out a real place: its addresses, the zones' names, travel along its roads, the map, merchants' addresses.

    Raises
    ------
    ValueError
        When the map cannot be read or has no streets where people live or work, or too many.
    """
    arrays = _survey(city)
    roads, once = Roads.of(arrays), Roads.of(arrays).once()
    homes, offices = (_addresses(roads, once, kinds, city) for kinds in (city.homes, city.offices))
    shops, fits = _shops(roads, once, arrays, city)
    x, y, at = (np.concatenate(columns) for columns in zip(homes, offices, shops, strict=True))
    sizes = [len(group[0]) for group in (homes, offices, shops)]
    if not 2 <= len(x) <= city.most_places:
        raise ValueError(_amount(city, len(x)))
    use = np.repeat([LandUse.HOUSING, LandUse.OFFICE, LandUse.SHOPFRONT], sizes)
    fronts = {name: sizes[0] + sizes[1] + np.flatnonzero(fit) for name, fit in fits.items()}
    zone, names = zone_grid(x, y, city.zone_m)
    travel = Network(roads, at, speed.whole_minutes, city.table_gb).travel()
    return Places(x, y, zone, use), names, travel, Map(roads.segments(once), credit=CREDIT), fronts


def _survey(city: Osm) -> Mapping[str, NDArray[np.generic]]:
    """Roads, food places and shops in metres, from the cache where the same map was read before."""
    path, csv_path = (find_data(name) if name else None for name in (city.file, city.pois))
    vehicle, tags = city.vehicles[city.vehicle].model_dump_json(), str(list(city.merchants.items()))
    told = (vehicle, tags, f"{city.signal_s:g}", city.place)
    contents = (found.read_bytes() if found else b"" for found in (path, csv_path))
    suffix = path.suffix if path else ""
    return kept_arrays(f"map-{content_key('3', *told, suffix, *contents)}", lambda: _read(city, path, csv_path))


def _read(city: Osm, path: Path | None, csv_path: Path | None) -> dict[str, NDArray[np.generic]]:
    from pyproj import Transformer

    from sim.city.osm_graph import read_roads
    from sim.city.pois import read_pois

    roads, crs, (west, south) = read_roads(city, path)
    pois = read_pois(city, csv_path, path)
    x, y = Transformer.from_crs("epsg:4326", crs, always_xy=True).transform(pois.longitude, pois.latitude)
    where = {"poi_x": np.asarray(x) - west, "poi_y": np.asarray(y) - south}
    fits = [pois.matching(tags) for tags in city.merchants.values()]
    return roads.columns() | where | {"poi_fits": np.array(fits, dtype=np.bool_).reshape(len(fits), len(pois.tags))}


def _addresses(roads: Roads, once: Ints, kinds: list[str], city: Osm) -> tuple[Floats, Floats, Ints]:
    return roads.along(once[np.isin(roads.kind[once], kinds)], city.address_m)


def _shops(
    roads: Roads, once: Ints, arrays: Mapping[str, NDArray[np.generic]], city: Osm
) -> tuple[tuple[Floats, Floats, Ints], dict[str, Bools]]:
    """Addresses of food places and shops near a road, and which of them suit each class of merchants."""
    from scipy.spatial import KDTree  # a slow import, and not every city needs it

    x, y = np.asarray(arrays["poi_x"], np.float64), np.asarray(arrays["poi_y"], np.float64)
    fits = np.asarray(arrays["poi_fits"], np.bool_)
    road_x, road_y, road_at = roads.along(once, KERB_M)
    far, nearest = map(np.asarray, KDTree(np.column_stack([road_x, road_y])).query(np.column_stack([x, y])))
    kept = fits.any(axis=0) & (far <= city.snap_m) if len(fits) else np.zeros(len(x), np.bool_)
    named = dict(zip(city.merchants, fits[:, kept], strict=True))
    return (x[kept], y[kept], road_at[nearest[kept]]), {name: fit for name, fit in named.items() if fit.any()}


def _amount(city: Osm, places: int) -> str:
    if places < 2:
        kinds = ", ".join([*city.homes, *city.offices])
        return f"{city.file or city.place}: no addresses along its streets; city.homes and city.offices name {kinds}"
    wider = int(city.address_m * places / city.most_places / 5 + 1) * 5 + 5
    return (
        f"{city.file or city.place}: {places:,} addresses, and city.most_places is {city.most_places:,}; "
        f"set city.address_m to {wider} or take a smaller place"
    )
