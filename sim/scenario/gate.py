"""Gates: what a candidate policy must show before it may replace the baseline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from sim.scenario.errors import ScenarioError
from sim.scenario.fields import Section, quantity
from sim.scenario.load import FOLDERS, find, load
from sim.scenario.schema import Scenario
from sim.scenario.study import Settings, beside, with_settings
from sim.scenario.written import Written
from sim.scenario.yaml12 import Loc, read

Label = Annotated[str, Field(max_length=80, pattern=r"^(\w[\w.\- ]*)?$")]
Margin = Annotated[float, Field(gt=0)]
Lead = Annotated[float, Field(ge=0)]


class Pin(Section):
    """A scenario that the gate runs, with its seed pinned."""

    scenario: str
    """A file beside the gate, or a built-in's name."""
    name: Label = ""
    """What results call it; the scenario's file name when empty."""
    seed: int = quantity(..., "1", 0, 2**63 - 1)
    """Base seed of all random streams; replications 0, 1, ... are drawn from it."""
    settings: Settings = Field(default_factory=dict)
    """Values of this scenario by dotted path, such as ``population.users: 3000``."""

    @property
    def label(self) -> str:
        """What results call it."""
        return self.name or Path(self.scenario).stem


class Looks(Section):
    """When the gate looks at its results: at `first`, then every `step` more, at last at `budget` replications."""

    first: int = quantity(6, "replications", 2, 10000)
    """Replications of baseline and candidate before the first look."""
    step: int = quantity(6, "replications", 1, 10000)
    """Replications added while the verdict is open."""
    budget: int = quantity(24, "replications", 2, 10000)
    """Most replications; the gate fails closed when the verdict is still open then."""

    @property
    def counts(self) -> tuple[int, ...]:
        """Replications at each look."""
        return (*range(self.first, self.budget, self.step), self.budget)

    @model_validator(mode="after")
    def _in_order(self) -> Looks:
        if self.first > self.budget:
            raise ValueError(f"first is {self.first}, which is more than the budget of {self.budget}")
        if len(self.counts) > 50:
            raise ValueError(f"{len(self.counts)} looks are too many, expected at most 50: take a larger step")
        return self


class Gate(Written):
    """Baseline and candidate on pinned scenarios, and what decides between them."""

    name: str = Field(default="gate", min_length=1, max_length=80, pattern=r"^[\w.\- ]+$")
    """Name of the gate."""
    description: str = ""
    """One paragraph for whoever meets its verdict."""
    scenarios: list[Pin] = Field(min_length=1)
    """Where the two are compared; each check is made in each of them."""
    settings: Settings = Field(default_factory=dict)
    """Values that baseline and candidate share in all scenarios, by dotted path."""
    baseline: Settings = Field(default_factory=dict)
    """Values of the baseline by dotted path, such as ``dispatch.policy: nearest``."""
    candidate: Settings = Field(default_factory=dict)
    """Values of the candidate; ``--candidate POLICY`` takes the place of its dispatch policy."""
    success: dict[str, Lead] = Field(default_factory=dict)
    """KPI to the improvement (KPI's unit, 0 or more) that the candidate must be shown to exceed."""
    guardrails: dict[str, Margin] = Field(default_factory=dict)
    """KPI to the loss (KPI's unit, more than 0) that the candidate must be shown to stay within."""
    replications: Looks = Looks()
    """When it looks."""
    alpha: float = quantity(0.05, "1", 0.0001, 0.2)
    """Error of each kind that the gate may make."""
    blessed: str = ""
    """JSON file beside the gate with stored KPIs of the baseline for the exact back-test; none when empty."""
    blessed_replications: int = quantity(2, "replications", 1, 100)
    """Replications of each scenario that the back-test stores."""

    @model_validator(mode="after")
    def _can_decide(self) -> Gate:
        labels = [pin.label for pin in self.scenarios]
        twice = {label for label in labels if labels.count(label) > 1} or self.success.keys() & self.guardrails.keys()
        if twice:
            raise ValueError(f"{min(twice)!r} stands twice; give each scenario a name and each KPI one role")
        if not self.success and not self.guardrails:
            raise ValueError("nothing to decide: name a KPI under success or guardrails")
        if any(path in ("seed", "calendar.start") for path in (*self.baseline, *self.candidate)):
            raise ValueError("baseline and candidate must meet the same days: pin the seed under scenarios")
        if self.blessed_replications > self.replications.first:
            raise ValueError("blessed_replications are more than the replications of the first look")
        return self


def read_gate(name: str | Path) -> tuple[Gate, Path]:
    """A gate and its file: a path, or the name of a shipped gate.

    Raises
    ------
    ScenarioError
        When there is none or it says something else than a gate may.
    """
    shipped = [folder / "gates" / f"{Path(name).stem}.yaml" for folder in FOLDERS]
    known = Path(name).is_file() or Path(name).name != str(name)
    path = next((file for file in shipped if file.is_file() and not known), None) or find(str(name))
    return load(path, Gate), path


def pair_of(gate: Gate, pin: Pin, folder: Path) -> tuple[Scenario, Scenario]:
    """Baseline and candidate of one of the gate's scenarios.

    Raises
    ------
    ScenarioError
        When the scenario cannot be read or a value does not fit.
    """
    shared = [gate.settings, pin.settings, {"seed": pin.seed}]
    here = gate.places(("settings",)) | gate.places(("scenarios", gate.scenarios.index(pin), "settings"))
    file, sides = beside(folder, pin.scenario), {"baseline": gate.baseline, "candidate": gate.candidate}
    baseline, candidate = (
        with_settings(file, [*shared, own], f"{pin.label}, {side}", here | gate.places((side,)))
        for side, own in sides.items()
    )
    return baseline, candidate


def with_candidate(gate: Gate, policy: str) -> Gate:
    """The gate with another dispatch policy as its candidate, with that policy's own parameters."""
    kept = {path: value for path, value in gate.candidate.items() if not path.startswith("dispatch.params")}
    return gate.model_copy(update={"candidate": kept | {"dispatch.policy": policy, "dispatch.params": {}}})


def places_of(path: Path) -> dict[Loc, tuple[int, int]]:
    """Line and column of each key of a gate's file."""
    return read(path).marks


def unknown(path: Path, loc: Loc, problem: str) -> ScenarioError:
    """The error of a key of a gate's file, with its line and column."""
    marks = places_of(path)
    line, column = marks.get(loc, marks[()])
    return ScenarioError(f"{path}:{line}:{column}: {'.'.join(map(str, loc))}: {problem}")
