"""The scenario's block about a real place: where its OpenStreetMap roads come from and how fast they are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from sim.scenario.fields import Section, quantity
from sim.spelling import did_you_mean

STREETS = (
    "primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link", "unclassified",
    "residential", "living_street", "road", "service",
)  # fmt: skip
"""Values of `highway` that are open to all vehicles."""
PATHS = {"cycleway": 13.5, "track": 12.0, "path": 13.0, "pedestrian": 4.0}
OSRM_CAR = {
    "motorway": 90.0, "motorway_link": 75.0, "trunk": 85.0, "trunk_link": 70.0, "primary": 65.0, "primary_link": 60.0,
    "secondary": 55.0, "secondary_link": 50.0, "tertiary": 40.0, "tertiary_link": 30.0, "unclassified": 25.0,
    "residential": 25.0, "living_street": 10.0, "service": 15.0, "road": 10.0,
}  # fmt: skip
SPEEDS = (
    "OSRM profiles/car.lua, bicycle.lua, foot.lua; e-bike 17.1 and bicycle 13.5 km/h as observed in Hangzhou "
    "(doi 10.1177/1687814015616918)"
)
LIMITS = "OSRM profiles/car.lua: speed_reduction 0.8; a bicycle's own speed is below any limit"
TOPS = "motorcycle: a moped's 45 km/h (EU 168/2013, L1e); others: the speeds above"

Kmh = Annotated[float, Field(ge=0.1, le=200, json_schema_extra={"unit": "km/h"})]
Access = Literal["foot", "bicycle", "moped", "motorcycle", "motorcar", "motor_vehicle", "vehicle", "access"]


def _a_tag(text: str) -> str:
    key, equals, value = text.partition("=")
    if not (key and equals and value):
        raise ValueError(f"expected key=value or key=*, got {text!r}")
    return text


Tag = Annotated[str, AfterValidator(_a_tag)]


class Vehicle(Section):
    """What riders travel with on real roads."""

    kmh: dict[str, Kmh] = Field(min_length=1, json_schema_extra={"unit": "km/h", "source": SPEEDS})
    """Speed by value of `highway` where no limit is signed; a value that is missing is not travelled."""
    top_kmh: float = quantity(..., "km/h", 1, 200, TOPS)
    """No signed limit makes the vehicle faster than this."""
    limit_share: float = quantity(1.0, "share of the signed limit", 0.1, 1.5, LIMITS)
    """Speed on a road whose limit is signed, between its crossings and lights."""
    oneway: bool = True
    """Whether one-way streets bind."""
    access: list[Access] = Field(min_length=1)
    """Tags that tell whether a road may be used; the first one that a road has decides."""


def _vehicles() -> dict[str, Vehicle]:
    bicycle: list[Access] = ["bicycle", "vehicle", "access"]
    motor: list[Access] = ["motor_vehicle", "vehicle", "access"]
    walked = dict.fromkeys((*STREETS, *PATHS, "footway", "steps"), 5.0)
    ridden = {"bicycle": dict.fromkeys(STREETS, 13.5) | PATHS, "e-bike": dict.fromkeys(STREETS, 17.1) | PATHS}
    moped = {name: min(kmh, 45.0) for name, kmh in OSRM_CAR.items() if "motorway" not in name}
    return {
        "walk": Vehicle(kmh=walked, top_kmh=5.0, oneway=False, access=["foot", "access"]),
        "bicycle": Vehicle(kmh=ridden["bicycle"], top_kmh=13.5, access=bicycle),
        "e-bike": Vehicle(kmh=ridden["e-bike"], top_kmh=17.1, access=bicycle),
        "motorcycle": Vehicle(kmh=moped, top_kmh=45.0, limit_share=0.8, access=["moped", "motorcycle", *motor]),
        "car": Vehicle(kmh=dict(OSRM_CAR), top_kmh=130.0, limit_share=0.8, access=["motorcar", *motor]),
    }


def _merchant_tags() -> dict[str, list[str]]:
    food = ("restaurant", "fast_food", "cafe", "food_court", "ice_cream")
    shops = (
        "supermarket", "convenience", "greengrocer", "bakery", "butcher", "deli", "cheese", "confectionery",
        "alcohol", "beverages", "kiosk", "chemist", "florist",
    )  # fmt: skip
    return {
        "restaurant": [f"amenity={value}" for value in food],
        "shop": [*(f"shop={value}" for value in shops), "amenity=pharmacy"],
    }


class Osm(Section):
    """A real place: roads, food places and shops of OpenStreetMap, from a file or online by name."""

    kind: Literal["osm"] = "osm"
    """The real place; `city: {osm: {place: ...}}` is the short form."""
    place: str = Field(default="", max_length=200)
    """A place by name, such as `Nankai, Tianjin`; needs a network once, then comes from the cache."""
    file: str = Field(default="", pattern=r"(?i)^$|\.(osm|osm\.gz|graphml)$")
    """An extract: `.osm`, `.osm.gz` or `.graphml`; beside the scenario, or in the folder `PAOTUI_DATA`."""
    pois: str = Field(default="", pattern=r"(?i)^$|\.csv$")
    """Food places and shops, a CSV with `lat`, `lon` and a column per tag; without it those of place or file."""
    vehicle: str = "e-bike"
    """What riders travel with: one of `vehicles`."""
    vehicles: dict[str, Vehicle] = Field(default_factory=_vehicles, min_length=1)
    """Speeds and rules by vehicle; they stand in place of `travel.metres_per_minute`."""
    signal_s: float = quantity(11, "s", 0, 120, "assumption: uniform delay at a 90 s cycle, half red: 45^2 / 180 s")
    """Mean wait at each traffic signal on the way."""
    homes: list[str] = Field(default=["residential", "living_street"], json_schema_extra={"source": "assumption"})
    """Values of `highway` along which people live."""
    offices: list[str] = Field(
        default=["primary", "secondary", "tertiary", "unclassified"], json_schema_extra={"source": "assumption"}
    )
    """Values of `highway` along which people work."""
    address_m: float = quantity(60, "m", 5, 1000)
    """Distance between two addresses along those streets."""
    merchants: dict[str, list[Tag]] = Field(default_factory=_merchant_tags, json_schema_extra={"source": "assumption"})
    """Tags of the addresses where each class of merchants opens; other classes open at any of them."""
    snap_m: float = quantity(150, "m", 1, 2000)
    """A food place or shop farther than this from every road is left out."""
    zone_m: float = quantity(500, "m", 100, 20000)
    """Side of a square zone."""
    most_places: int = quantity(20000, "places", 2, 200000)
    """No more addresses than this; what an address may order takes memory for each merchant."""
    table_gb: float = quantity(2.0, "GB", 0, 256)
    """Memory for the tables of times and distances, 8 bytes a pair; beyond it, rows are found when needed."""

    @field_validator("file", "pois")
    @classmethod
    def _beside_the_scenario(cls, name: str, info: ValidationInfo) -> str:
        """A file that lies beside the scenario keeps its whole path, so that the run can be read back from anywhere."""
        for folder in (info.context or {}).get("folders", ()):
            if name and (Path(folder) / name).is_file():
                return str((Path(folder) / name).resolve())
        return name

    @model_validator(mode="after")
    def _one_source(self) -> Osm:
        if bool(self.place.strip()) == bool(self.file):
            raise ValueError("osm: expected either place (a name, found online) or file (.osm, .osm.gz, .graphml)")
        return self

    @model_validator(mode="after")
    def _known_vehicle(self) -> Osm:
        if self.vehicle not in self.vehicles:
            known = ", ".join(self.vehicles)
            hint = did_you_mean(self.vehicle, self.vehicles)
            raise ValueError(f"vehicle: expected one of {known}, got {self.vehicle!r}{hint}")
        return self


def long_form(city: object) -> object:
    """``{osm: {...}}`` as ``{kind: osm, ...}``; anything else as it is.

    Raises
    ------
    ValueError
        When there is another ``kind`` beside ``osm``.
    """
    if not isinstance(city, dict) or not isinstance(city.get("osm"), dict):
        return city
    rest = {key: value for key, value in city.items() if key != "osm"}
    if rest.get("kind", "osm") != "osm":
        raise ValueError(f"both kind: {rest['kind']} and osm; with a parent of another kind write `kind: osm, ...`")
    return {"kind": "osm", **rest, **city["osm"]}
