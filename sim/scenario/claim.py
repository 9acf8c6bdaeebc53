"""Claims: a quoted number, the study that tests it, and the assumptions it may hang on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from sim.scenario.errors import ScenarioError
from sim.scenario.fields import Section, quantity
from sim.scenario.load import FOLDERS, load
from sim.scenario.study import Settings
from sim.scenario.written import Written
from sim.scenario.yaml12 import Loc
from sim.spelling import did_you_mean


class Assumption(Section):
    """Something taken for granted that may carry a claim; the claim is measured anew over its range."""

    path: str = Field(min_length=1)
    """Dotted path in the scenario."""
    values: tuple[Any, ...] = Field(default=(), strict=False)
    """Values to try, or else `low` and `high`."""
    low: int | float | None = None
    """Lowest value to try."""
    high: int | float | None = None
    """Highest value to try."""
    sentence: str = Field(min_length=1)
    """Why the claim may hang on it."""
    source: str = Field(min_length=1)
    """Where the range comes from, or `assumption`."""

    @model_validator(mode="after")
    def _has_a_range(self) -> Assumption:
        ends = (self.low is not None) + (self.high is not None)
        if ends == 1 or bool(self.values) == bool(ends):
            raise ValueError(f"{self.path}: expected either values, or low and high")
        return self

    @property
    def tried(self) -> tuple[Any, ...]:
        """The values to try, in order."""
        return self.values or (self.low, self.high)


class Claim(Written):
    """One quantified claim: an effect of a variant over a baseline, or a level that is reached."""

    id: str = Field(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9][\w\-]*$")
    """Short name, such as B-delivery-time."""
    row: str
    """Row of the mission that quotes it."""
    sentence: str = Field(min_length=1)
    """The claim in words, with its number."""
    quoted: float
    """The number; of an effect, its sign is the claimed direction."""
    unit: str
    """``%`` (of the baseline's mean, or of a whole), ``points`` of a share, the KPI's unit, or ``% per %``."""
    kpi: str
    """What is measured: a KPI of a run, or a gauge of a city that is not run, ``package.module:NAME``."""
    per: str = ""
    """The KPI for each percent of whose rise the effect is claimed; ``%`` of the baseline's mean when empty."""
    note: str = ""
    """How the sentence is read as a measurement."""
    scenario: str
    """A file beside the claim, or a built-in's name."""
    settings: Settings = Field(default_factory=dict)
    """Values of every run, by dotted path."""
    baseline: Settings | None = None
    """Values of the baseline, for an effect."""
    variant: Settings | None = None
    """Values of the variant, for an effect."""
    level: Literal["at_least", "at_most", "about"] | None = None
    """For a level: on which side of the quoted number it is claimed to be."""
    replications: int = quantity(12, "replications", 2, 100000)
    """Replications of every reading."""
    assumptions: tuple[Assumption, ...] = Field(min_length=1, strict=False)
    """What may carry the claim; the one that matters most a priori first."""

    @model_validator(mode="after")
    def _effect_or_level(self) -> Claim:
        arms = (self.baseline is not None) + (self.variant is not None)
        if (arms, self.level is None) not in {(2, True), (0, False)}:
            raise ValueError("expected either baseline and variant (an effect), or level (a level)")
        if arms and not self.quoted:
            raise ValueError("quoted: an effect of 0 has no direction")
        if self.level and self.per:
            raise ValueError("per: a level is not told for each percent of something else")
        return self

    @model_validator(mode="after")
    def _assumptions_are_not_decisions(self) -> Claim:
        decided = {*(self.baseline or ()), *(self.variant or ())}
        for assumption in self.assumptions:
            if assumption.path in decided:
                raise ValueError(f"{assumption.path}: baseline and variant set it, so it is no assumption")
        return self

    @property
    def kpis(self) -> list[str]:
        """All that is measured, first the claim's own."""
        return [self.kpi, *([self.per] if self.per else [])]

    @property
    def arms(self) -> dict[str, Settings]:
        """What is run: baseline and variant, or the one setting whose level is claimed."""
        if self.baseline is None or self.variant is None:
            return {"level": self.settings}
        return {"baseline": self.settings | self.baseline, "variant": self.settings | self.variant}

    def places_of(self, arm: str, changed: Collection[str]) -> dict[Loc, str]:
        """Printed location of each setting of an arm, where assumptions of some paths are changed."""
        tried = {a.path: self.place(("assumptions", at)) for at, a in enumerate(self.assumptions) if a.path in changed}
        own = self.places(("settings",)) | self.places((arm,))
        return own | {(path,): place for path, place in tried.items() if place}


def built_in_claims() -> dict[str, Path]:
    """Files of the shipped claims by id, in alphabetical order."""
    return {path.stem: path for folder in reversed(FOLDERS) for path in sorted(folder.glob("claims/*.yaml"))}


def read_claims(ids: Sequence[str] = ()) -> list[tuple[Claim, Path]]:
    """Claims with the folders that their file names are relative to.

    Parameters
    ----------
    ids
        Ids of shipped claims or YAML files; all shipped claims when empty.

    Raises
    ------
    ScenarioError
        When there is no such claim, a file cannot be read as one, or two share an id.
    """
    paths = [_path(name) for name in dict.fromkeys(ids or built_in_claims())]
    found = {path: load(path, Claim) for path in paths}
    names = [claim.id for claim in found.values()]
    if double := {name for name in names if names.count(name) > 1}:
        raise ScenarioError(f"two claims share the id {min(double)!r}")
    return [(claim, path.parent) for path, claim in found.items()]


def _path(name: str) -> Path:
    if name.endswith((".yaml", ".yml")):
        return Path(name)
    known = built_in_claims()
    if name not in known:
        hint = did_you_mean(name, known) or f"; there are: {', '.join(known)}, or FILE.yaml"
        raise ScenarioError(f"unknown claim {name!r}{hint}")
    return known[name]
