"""``paotui schema``."""

from __future__ import annotations

import json

import typer

from sim.scenario.schema import Scenario


def schema() -> None:
    """Print the JSON Schema of a scenario, for editors that complete YAML."""
    document = Scenario.model_json_schema()
    document["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    document["properties"]["extends"] = {
        "type": "string",
        "description": "A parent scenario: a file beside this one, or a built-in's name.",
    }
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
