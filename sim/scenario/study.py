"""Studies: what is compared on the same cities, and how often."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, model_validator

from sim.scenario.errors import ScenarioError
from sim.scenario.fields import Section, quantity
from sim.scenario.load import Setting, find, load, shortened
from sim.scenario.schema import Scenario
from sim.scenario.written import Written
from sim.scenario.yaml12 import Loc, YamlError, parse

Settings = dict[str, Any]
"""Values of a scenario by dotted path, such as ``dispatch.policy: nearest``."""


class Replications(Section):
    """How many replications: a fixed number, or as many as a precision needs."""

    count: int = quantity(20, "replications", 2, 100000)
    """Replications of each variant; with `half_width` the first ones."""
    half_width: dict[str, float] = Field(default_factory=dict)
    """KPI to the half-width of the 95% interval (KPI's unit) that its paired differences must reach."""
    budget: int = quantity(200, "replications", 2, 100000)
    """Most replications of each variant when a precision is asked for."""


class Study(Written):
    """Variants of a scenario, compared replication by replication."""

    name: str = Field(default="study", min_length=1, max_length=80, pattern=r"^[\w.\- ]+$")
    """Name of the study, used for its folder."""
    description: str = ""
    """One paragraph for the page."""
    scenario: str
    """The scenario all variants share: a file beside the study, or a built-in's name."""
    settings: Settings = Field(default_factory=dict)
    """Values that all variants share, by dotted path."""
    variants: dict[str, Settings] = Field(min_length=2)
    """Values of each variant, by dotted path."""
    baseline: str = ""
    """The variant that the others are compared with; the first when empty."""
    replications: Replications = Replications()
    """How many."""
    kpis: list[str] = Field(default_factory=list)
    """KPIs to compare; all when empty."""
    pareto: Annotated[tuple[str, str], Field(strict=False)] = ("click_to_door_mean", "contribution_per_order")
    """Two KPIs for the Pareto view."""

    @model_validator(mode="after")
    def _baseline_exists(self) -> Study:
        if self.baseline and self.baseline not in self.variants:
            raise ValueError(f"baseline {self.baseline!r} is none of the variants: {', '.join(self.variants)}")
        return self

    @property
    def reference(self) -> str:
        """Name of the variant that the others are compared with."""
        return self.baseline or next(iter(self.variants))


def scenarios_of(study: Study, folder: Path) -> dict[str, Scenario]:
    """The scenario of each variant of a study read from a folder.

    Raises
    ------
    ScenarioError
        When the scenario cannot be read or a variant's value does not fit; names the variant.
    """
    return {
        name: with_settings(
            beside(folder, study.scenario),
            [study.settings, own],
            f"variant {name}",
            study.places(("settings",)) | study.places(("variants", name)),
        )
        for name, own in study.variants.items()
    }


def with_settings(
    scenario: str, settings: Sequence[Mapping[str, Any]], whose: str, places: Mapping[Loc, str] | None = None
) -> Scenario:
    """A scenario with values set by dotted path; later ones count, a section more than what stood in it.

    Parameters
    ----------
    scenario
        A file, or a built-in's name.
    settings
        Values by dotted path.
    whose
        What errors call them.
    places
        Printed location of each setting that was read from a file, and of what stands in it, by its path there.

    Raises
    ------
    ScenarioError
        With file, line and `whose` before each problem that a value is to blame for.
    """
    merged: dict[str, Any] = {}
    for block in settings:
        within = tuple(f"{path}." for path in block)
        merged = {path: value for path, value in merged.items() if not path.startswith(within)} | dict(block)
    return load(scenario, Scenario, [_setting(*each, whose, places or {}) for each in merged.items()])


def _setting(path: str, value: Any, whose: str, places: Mapping[Loc, str]) -> Setting:
    text = f"{path}={json.dumps(value, ensure_ascii=False)}"
    found = {loc[1:]: f"{place}: {whose}" for loc, place in places.items() if loc[0] == path}
    return Setting.of(text, {(): f"{whose}: {shortened(text)}"} | found)


def beside(folder: Path, name: str) -> str:
    """A file named relative to a folder, or else a built-in's name, as it is."""
    return str(folder / name) if (folder / name).is_file() else str(find(name))


def study_of(scenario: str, policies: Sequence[str], settings: Sequence[str], replications: int | None) -> Study:
    """The study that compares dispatch policies on one scenario.

    Parameters
    ----------
    scenario
        A file, or a built-in's name.
    policies
        Dispatch policies; the first is the baseline.
    settings
        ``a.b=value`` each, for all variants.
    replications
        How many; the default when None.

    Raises
    ------
    ScenarioError
        When there are fewer than two policies, or a value does not fit.
    """
    if len(set(policies)) < 2:
        raise ScenarioError(f"--dispatch: expected two policies or more, such as nearest,matching; got {policies[0]!r}")
    title = f"{find(scenario).stem}-{'-'.join(policy.rpartition(':')[2] for policy in policies)}"
    variants: dict[str, Settings] = {policy: {"dispatch.policy": policy} for policy in dict.fromkeys(policies)}
    return unwritten(str(find(scenario)), title, variants, settings, replications)


def with_given(study: Study, settings: Sequence[str]) -> Study:
    """A study with values for all its variants, ``a.b=value`` each; what a variant says itself counts more.

    Raises
    ------
    ScenarioError
        When one is not ``a.b=value``.
    """
    given = {}
    for setting in settings:
        path, equals, text = setting.partition("=")
        if not equals:
            raise ScenarioError(f"--set {setting}: expected key.key=value")
        try:
            given[path] = parse(text).data if text.strip() else None
        except YamlError as error:
            raise ScenarioError(f"--set {setting}: {error}") from None
    return study.model_copy(update={"settings": study.settings | given})


def unwritten(
    scenario: str, title: str, variants: dict[str, Settings], settings: Sequence[str], replications: int | None
) -> Study:
    """A study that stands in no file; without a number of replications it has the default."""
    study = Study(
        name=re.sub(r"[^\w.\- ]", "_", title)[:80],
        scenario=scenario,
        variants=variants,
        replications=Replications() if replications is None else Replications(count=replications),
    )
    return with_given(study, settings)
