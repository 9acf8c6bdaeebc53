"""Every field of the scenario: its value, unit, range, meaning and source, and whether it was changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sim.report.wording import MISSING
from sim.scenario.fields import Section
from sim.scenario.roads import Osm
from sim.scenario.schema import Scenario

HOURS = 24
LABELS = ("name", "description")
"""Fields that name the scenario and assume nothing; they head the page."""
HUGE = 10**15
PLAIN_UNITS = ("1", "share")


@dataclass(frozen=True, slots=True)
class Assumption:
    """One field; ``curve`` holds 24 heights in per cent when the value is a curve over the day."""

    name: str
    value: str
    unit: str
    allowed: str
    meaning: str
    source: str
    changed: bool
    default: str
    curve: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """The fields of one block of the scenario, such as ``riders.shifts.lunch``."""

    path: str
    rows: list[Assumption] = field(default_factory=list)


def blocks(scenario: Scenario) -> list[Block]:
    """All assumptions, block by block, compared with a scenario that says nothing."""
    defaults = {path: value for path, _, value in _fields(_silent(scenario), "")}
    found: dict[str, Block] = {}
    for path, schema, value in _fields(scenario, ""):
        if path in LABELS:
            continue
        block, _, name = path.rpartition(".")
        found.setdefault(block, Block(block)).rows.append(_assumption(name, schema, value, path, defaults))
    return list(found.values())


def _silent(scenario: Scenario) -> Scenario:
    """A scenario that says nothing but which real place it is about, if it is about one."""
    city = scenario.city
    return Scenario(city=Osm(place=city.place, file=city.file)) if isinstance(city, Osm) else Scenario()


def changed(all_blocks: Sequence[Block]) -> int:
    """How many fields differ from their default."""
    return sum(row.changed for block in all_blocks for row in block.rows)


def values(scenario: Scenario) -> dict[str, str]:
    """Every value by its dotted path, in words."""
    return {path: _text(value) for path, _, value in _fields(scenario, "") if path not in LABELS}


def _fields(section: Section, prefix: str) -> Iterator[tuple[str, Mapping[str, Any], Any]]:
    """Path, JSON schema and value of every field; nested blocks follow the fields of their own block."""
    schemas = _schemas(type(section))
    nested: dict[str, Section] = {}
    for attribute, info in type(section).model_fields.items():
        name, value = info.alias or attribute, getattr(section, attribute)
        inside = {f"{prefix}{name}.{key}.": child for key, child in _sections(value).items()}
        nested |= {f"{prefix}{name}.": value} if isinstance(value, Section) else inside
        if not isinstance(value, Section) and not inside:
            yield prefix + name, _flat(schemas[name]), value
    for path, child in nested.items():
        yield from _fields(child, path)


@cache
def _schemas(section: type[Section]) -> Mapping[str, Mapping[str, Any]]:
    return section.model_json_schema()["properties"]


def _sections(value: object) -> dict[str, Section]:
    """Blocks by name, or by number, of a field that holds several."""
    items: Iterator[tuple[Any, Any]] = iter(())
    if isinstance(value, Mapping):
        items = iter(value.items())
    elif isinstance(value, list | tuple):
        items = iter(enumerate(value, 1))
    return {str(key): child for key, child in items if isinstance(child, Section)}


def _flat(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of an optional field, with the keys of its alternatives."""
    merged = {key: value for option in schema.get("anyOf", ()) for key, value in option.items()}
    return merged | dict(schema)


def _assumption(
    name: str, schema: Mapping[str, Any], value: object, path: str, defaults: Mapping[str, object]
) -> Assumption:
    default = defaults.get(path, schema.get("default"))
    unit = str(schema.get("unit", ""))
    is_changed = value != default
    return Assumption(
        name=name,
        value=_text(value),
        unit="" if unit in PLAIN_UNITS else unit,
        allowed=_allowed(schema),
        meaning=str(schema.get("description", "")),
        source=str(schema.get("source", "")),
        changed=is_changed,
        default=_text(default) if is_changed and default is not None else "",
        curve=_curve(value),
    )


def _allowed(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return " or ".join(map(str, schema["enum"]))
    low, high = schema.get("minimum"), schema.get("maximum")
    low_text = _text(low) if low is not None else f"above {_text(schema.get('exclusiveMinimum'))}"
    if high is not None:
        return f"{low_text} to {_text(high)}"
    return "" if "minimum" not in schema and "exclusiveMinimum" not in schema else f"from {low_text}"


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,}" if isinstance(value, int) and value < HUGE else f"{value:,.6g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_text(item)}" for key, item in value.items()) or MISSING
    if isinstance(value, list | tuple):
        return " ".join(_text(item) for item in value) or MISSING
    return MISSING if value is None or value == "" else str(value)


def _curve(value: object) -> tuple[float, ...]:
    if not (isinstance(value, list | tuple) and len(value) == HOURS and all(isinstance(v, int | float) for v in value)):
        return ()
    top = max(map(abs, value)) or 1
    return tuple(round(100 * abs(v) / top, 1) for v in value)
