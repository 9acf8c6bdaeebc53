"""``paotui schema`` completes the YAML in an editor, and every number in it is explained."""

import json
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml

from sim.cli.schema import schema as print_schema
from sim.scenario.load import load, resolved
from sim.scenario.schema import Scenario
from sim.scenario.yaml12 import read
from tests.cli.command import Paotui

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))
TYPES = {"object", "array", "string", "number", "integer", "boolean", "null"}
WORDS = {
    *{"$defs", "$ref", "$schema", "title", "description", "type", "properties", "required", "additionalProperties"},
    *{"items", "default", "const", "enum", "format", "pattern", "discriminator", "oneOf", "anyOf", "allOf"},
    *{"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "minProperties", "unit", "source"},
}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    with redirect_stdout(StringIO()) as printed:
        print_schema()
    document = json.loads(printed.getvalue())
    assert isinstance(document, dict)
    return document


def test_the_command_prints_it(schema: dict[str, Any], paotui: Paotui) -> None:
    answer = paotui("schema")
    assert (answer.code, answer.err, json.loads(answer.out)) == (0, "", schema)


def fields(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for title, block in [("Scenario", schema), *schema["$defs"].items()]:
        for name, field in block["properties"].items():
            yield f"{title}.{name}", field


def nodes(node: Any, name: bool = False) -> Iterator[dict[str, Any]]:
    """Every schema inside a schema; the keys of ``properties`` and ``$defs`` are names, not words."""
    if not name:
        yield node
    for word, value in node.items():
        if name or word in {"items", "additionalProperties"}:
            if isinstance(value, dict):
                yield from nodes(value)
        elif word in {"properties", "$defs"}:
            yield from nodes(value, name=True)
        elif word in {"oneOf", "anyOf", "allOf"}:
            for choice in value:
                yield from nodes(choice)


def complaints(value: Any, node: dict[str, Any], root: dict[str, Any], at: str = "") -> Iterator[str]:
    """A reader of the part of JSON Schema that is used here."""
    if "$ref" in node:
        yield from complaints(value, root["$defs"][node["$ref"].rpartition("/")[2]], root, at)
    for word in ("oneOf", "anyOf"):
        if word in node and all(list(complaints(value, choice, root, at)) for choice in node[word]):
            yield f"{at}: fits no choice"
    if "const" in node and value != node["const"]:
        yield f"{at}: is not {node['const']}"
    if "enum" in node and value not in node["enum"]:
        yield f"{at}: is none of {node['enum']}"
    if isinstance(value, dict):
        known, extra = node.get("properties", {}), node.get("additionalProperties", True)
        yield from (f"{at}.{name}: missing" for name in node.get("required", []) if name not in value)
        for name, item in value.items():
            if name in known:
                yield from complaints(item, known[name], root, f"{at}.{name}")
            elif extra is False:
                yield f"{at}.{name}: unknown"
            elif isinstance(extra, dict):
                yield from complaints(item, extra, root, f"{at}.{name}")
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and not node.get("minimum", value) <= value <= node.get("maximum", value):
        yield f"{at}: {value} is out of range"
    if "type" in node and not fits(value, node["type"]):
        yield f"{at}: {value!r} is no {node['type']}"


def fits(value: Any, kind: str) -> bool:
    of = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": int | float,
          "null": type(None)}  # fmt: skip
    return isinstance(value, of[kind]) and (kind == "boolean" or not isinstance(value, bool))


def test_it_is_a_json_schema(schema: dict[str, Any]) -> None:
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for node in nodes(schema):
        assert set(node) <= WORDS, set(node) - WORDS
        assert {node["type"]} <= TYPES if "type" in node else True
        assert "$ref" not in node or node["$ref"].removeprefix("#/$defs/") in schema["$defs"]
    assert sum(1 for _ in nodes(schema)) > 80


def test_every_number_has_a_unit_a_range_a_source_and_a_sentence(schema: dict[str, Any]) -> None:
    numbers = {name: field for name, field in fields(schema) if field.get("type") in ("number", "integer")}
    assert len(numbers) > 40
    for name, field in numbers.items():
        assert field["unit"], name
        assert field["minimum"] < field["maximum"], name
        assert field["source"], name
        assert field["description"].endswith("."), name
        assert field["minimum"] <= field.get("default", field["minimum"]) <= field["maximum"], name


def test_every_field_has_a_sentence(schema: dict[str, Any]) -> None:
    """Pydantic leaves it out where the block it refers to says the same."""

    def sentence(field: dict[str, Any]) -> str:
        block = schema["$defs"].get(field.get("$ref", "").rpartition("/")[2], {})
        return field.get("description") or block.get("description", "")

    assert [name for name, field in fields(schema) if not sentence(field).endswith(".")] == []


def test_unknown_keys_are_refused_in_every_block(schema: dict[str, Any]) -> None:
    assert schema["additionalProperties"] is False
    assert all(block["additionalProperties"] is False for block in schema["$defs"].values())


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_it_accepts_the_shipped_scenarios(path: Path, schema: dict[str, Any]) -> None:
    document = json.loads(json.dumps(read(path).data, default=str))  # not yaml.safe_load, for which `on` is true
    assert list(complaints(document, schema, schema)) == []


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_it_accepts_what_a_run_writes(path: Path, schema: dict[str, Any]) -> None:
    written = yaml.safe_load(resolved(load(path, Scenario)))
    assert list(complaints(json.loads(json.dumps(written, default=str)), schema, schema)) == []


@pytest.mark.parametrize(
    "document",
    [
        {"ridders": {}},
        {"riders": {"count": -1}},
        {"riders": {"count": "many"}},
        {"riders": {"shifts": {"a": {"start": "10:00", "share": 1}}}},
        {"city": {"kind": "globe"}},
    ],
)
def test_it_refuses_what_the_program_refuses(document: dict[str, Any], schema: dict[str, Any]) -> None:
    assert list(complaints(document, schema, schema))
    with pytest.raises(ValueError, match="validation error"):
        Scenario.model_validate(document)


def test_a_parent_may_be_named(schema: dict[str, Any]) -> None:
    assert schema["properties"]["extends"]["type"] == "string"
    assert "extends" not in Scenario.model_fields
