"""Levers: settings by a name of one's own that are tried against a run as it was."""

from __future__ import annotations

from functools import reduce
from typing import Any

from pydantic import Field

from sim.scenario.errors import ScenarioError
from sim.scenario.fields import Section, quantity
from sim.scenario.load import FOLDERS
from sim.scenario.schema import Scenario
from sim.scenario.study import Settings
from sim.scenario.written import Written

SHIPPED = "levers/weekly.yaml"
RELATIVE = ("times", "plus")
"""A value ``{times: 1.1}`` or ``{plus: 5}`` is of what the scenario has."""


class Lever(Section):
    """One thing that the platform could do otherwise."""

    settings: Settings = Field(min_length=1)
    """Values by dotted path, such as ``riders.count: {times: 1.1}``."""
    needs: list[str] = Field(default_factory=list)
    """Switches by dotted path that must be on in the scenario, such as ``response.on``."""
    note: str = ""
    """What the books of a run leave out of its cost, in a clause for the page."""


class Levers(Written):
    """What to try, and how often."""

    replications: int = quantity(8, "replications", 2, 1000)
    """Replications of the week with each lever and without any."""
    levers: dict[str, Lever] = Field(min_length=1)
    """Levers by name."""


def shipped() -> str:
    """The file of the shipped levers, in a checkout or an installed package."""
    return str(next(folder / SHIPPED for folder in FOLDERS if (folder / SHIPPED).is_file()))


def settings_of(name: str, lever: Lever, scenario: Scenario) -> Settings:
    """The values that a lever sets in a scenario.

    Raises
    ------
    ScenarioError
        When a relative value is not of a number.
    """
    return {path: _value(name, path, value, scenario) for path, value in lever.settings.items()}


def lacking(lever: Lever, scenario: Scenario) -> list[str]:
    """Switches that a lever needs and the scenario has off."""
    return [path for path in lever.needs if not value_at(scenario, path)]


def value_at(scenario: Scenario, path: str) -> Any:
    """What a scenario has at a dotted path; None where it has nothing there."""
    return reduce(_inside, path.split("."), scenario)


def _inside(block: Any, key: str) -> Any:
    return block.get(key) if isinstance(block, dict) else getattr(block, key, None)


def _value(name: str, path: str, value: Any, scenario: Scenario) -> Any:
    if not (isinstance(value, dict) and len(value) == 1 and set(value) <= set(RELATIVE)):
        return value
    (how, by), base = next(iter(value.items())), value_at(scenario, path)
    if any(isinstance(number, bool) or not isinstance(number, int | float) for number in (base, by)):
        raise ScenarioError(f"lever {name}: {path}: {how} {by} needs a number to start from, the run has {base!r}")
    changed = base * by if how == "times" else base + by
    return round(changed) if _is_whole(scenario, path) else changed


def _is_whole(scenario: Scenario, path: str) -> bool:
    """Whether the schema asks for a whole number there: a default such as 40 minutes may be written as one."""
    parent, _, key = path.rpartition(".")
    block = value_at(scenario, parent) if parent else scenario
    if isinstance(block, Section):
        return type(block).model_fields[key].annotation is int
    return isinstance(value_at(scenario, path), int)
