"""What would have made a week better: the same week with one lever at a time, on the same cities.

Each run is one week by itself. It starts from the people of the scenario's first day, not from those whom the run
had by then, so what a lever does to them is what it does within a week.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import isfinite
from typing import Any

from sim.experiment.bookkeeping import CONTRIBUTION, jobs
from sim.experiment.compare import Effect, effects
from sim.experiment.folder import write_json
from sim.experiment.pool import Pool
from sim.experiment.replicate import Row
from sim.experiment.run import Progress, RunResult
from sim.experiment.store import Store
from sim.kpi.kpis import KPIS
from sim.kpi.span import WEEK_DAYS
from sim.scenario.errors import ScenarioError
from sim.scenario.levers import Levers, lacking, settings_of
from sim.scenario.load import scenario_hash
from sim.scenario.schema import Scenario
from sim.scenario.study import Settings, with_settings

AS_IT_WAS = "as it was"
FAVOURED = 3
"""How many levers are favoured at most."""
CERTAIN = 0.05
"""An effect is certain when its p value, by Holm over all levers and outcomes, is below this."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One lever, tried.

    Parameters
    ----------
    settings
        What it sets.
    effects
        By outcome, the week with it less the week as it was.
    note
        What the books of the run leave out; empty where they tell all.
    """

    name: str
    settings: Settings
    effects: dict[str, Effect]
    note: str = ""

    @property
    def gain(self) -> float:
        """Contribution that it brings in a week, mean, in yuan."""
        return self.effects[CONTRIBUTION].difference.estimate.mean

    @property
    def is_certain(self) -> bool:
        """Whether its contribution differs from that of the week as it was beyond chance."""
        return certain(self.effects[CONTRIBUTION])

    @property
    def harms(self) -> list[str]:
        """Outcomes that it certainly makes worse."""
        return [name for name, effect in self.effects.items() if certain(effect) and worse(effect)]


@dataclass(frozen=True, slots=True)
class LeverTest:
    """What the levers did to a week; `left_out` says why others were not tried."""

    week: int
    replications: int
    outcomes: tuple[str, ...]
    trials: list[Trial]
    left_out: dict[str, str]

    @property
    def favoured(self) -> list[Trial]:
        """At most three that bring contribution and certainly harm nothing: the certain ones first, then by gain."""
        good = [trial for trial in self.trials if trial.gain > 0 and not trial.harms]
        return sorted(good, key=lambda trial: (not trial.is_certain, -trial.gain))[:FAVOURED]


def certain(effect: Effect) -> bool:
    """Whether an effect is beyond chance."""
    return isfinite(effect.adjusted_p) and effect.adjusted_p < CERTAIN


def worse(effect: Effect) -> bool:
    """Whether it points the wrong way."""
    lower = effect.kpi in KPIS and KPIS[effect.kpi].better == "lower"
    mean = effect.difference.estimate.mean
    return mean > 0 if lower else mean < 0


def outcomes_of(scenario: Scenario) -> tuple[str, ...]:
    """What the levers are judged by: money, punctuality and, where users respond, who stays and who orders."""
    return (
        CONTRIBUTION,
        "on_time_share",
        *(("drop_out_rate", "active_users") if scenario.response.on else ("orders",)),
    )


def week_scenarios(
    file: str, scenario: Scenario, week: int, asked: Levers
) -> tuple[dict[str, Scenario], dict[str, str]]:
    """The week as it was and with each lever.

    Parameters
    ----------
    file
        Where the scenario stands.
    scenario
        The same, loaded.
    week
        From 0. Disruptions are given by the day of the run; all but those of the first week are left out. Rules that
        begin or end on a day of the run do so in the week.
    asked
        The levers.

    Returns
    -------
    dict, dict
        Scenario by variant, the week as it was among them; why levers are left out, by name.

    Raises
    ------
    ScenarioError
        When a lever does not fit the scenario, or none is left.
    """
    alone: Settings = {
        "calendar.days": WEEK_DAYS,
        "calendar.start": (scenario.calendar.start + timedelta(days=WEEK_DAYS * week)).isoformat(),
    } | (_passed(scenario, WEEK_DAYS * week) if week else {})
    found, left_out = {AS_IT_WAS: with_settings(file, [alone], "the week")}, dict[str, str]()
    for name, lever in asked.levers.items():
        if missing := lacking(lever, scenario):
            left_out[name] = f"{', '.join(missing)} is off in this run"
            continue
        own, places = settings_of(name, lever, scenario), asked.places(("levers", name, "settings"))
        changed = with_settings(file, [alone, own], f"lever {name}", places)
        if scenario_hash(changed) == scenario_hash(found[AS_IT_WAS]):
            left_out[name] = "the run has it already"
        else:
            found[name] = changed
    if len(found) == 1:
        raise ScenarioError("no lever is left to try: " + "; ".join(f"{n}: {why}" for n, why in left_out.items()))
    return found, left_out


def _passed(scenario: Scenario, days: int) -> Settings:
    """Settings under which a scenario begins so many days later, for what it counts by the day of the run."""
    settings: Settings = {"disruptions": []}
    for name, rule in scenario.membership.rules.items():
        path, left = f"membership.rules.{name}", rule.until_day - days
        settings |= {f"{path}.share": 0} if left < 0 else {f"{path}.until_day": left}
        settings[f"{path}.from_day"] = max(rule.from_day - days, 0)
    for name, spec in scenario.pay.rules.items():
        if "from_day" in spec.params:
            settings[f"pay.rules.{name}.params.from_day"] = max(spec.params["from_day"] - days, 0)
    return settings


def try_levers(
    result: RunResult,
    week: int,
    asked: Levers,
    pool: Pool | None = None,
    progress: Progress | None = None,
) -> LeverTest:
    """Run a week of a finished run again, as it was and with each lever, on the same cities.

    Replications and ``week_N.json`` are kept in ``levers/`` of the run directory, so that the same again resumes.

    Raises
    ------
    ScenarioError, PolicyNotFound, PolicyError, ValueError
        When a lever cannot be run; replications finished before are kept.
    """
    if result.folder is None:
        raise ValueError("the run has no directory; give run() an `out`")
    out = result.folder / "levers"
    file, scenario = str(result.folder / "scenario.yaml"), result.scenario
    scenarios, left_out = week_scenarios(file, scenario, week, asked)
    store = Store(out / f"week_{week + 1}")
    (pool or Pool()).run(jobs(scenarios, asked.replications), store, progress)
    rows = {name: list(store.rows(name, asked.replications)) for name in scenarios}
    settings = {name: settings_of(name, asked.levers[name], scenario) for name in scenarios if name != AS_IT_WAS}
    notes = {name: lever.note for name, lever in asked.levers.items()}
    found = judged(rows, week, outcomes_of(scenario), settings, left_out, notes)
    write_json(out / f"week_{week + 1}.json", lever_document(found))
    return found


def judged(
    rows: dict[str, list[Row]],
    week: int,
    outcomes: tuple[str, ...],
    settings: dict[str, Settings],
    left_out: dict[str, str],
    notes: Mapping[str, str],
) -> LeverTest:
    """Every lever against the week as it was, with Holm's adjustment over all levers and outcomes."""
    found = effects(rows, AS_IT_WAS, outcomes)
    trials = [
        Trial(name, own, {e.kpi: e for e in found if e.variant == name}, notes.get(name, ""))
        for name, own in settings.items()
    ]
    return LeverTest(week, len(rows[AS_IT_WAS]), outcomes, trials, left_out)


def lever_document(test: LeverTest) -> dict[str, Any]:
    """As JSON: equal tests give equal bytes."""
    return {
        "week": test.week + 1,
        "replications": test.replications,
        "favoured": [trial.name for trial in test.favoured],
        "levers": [
            {
                "name": t.name,
                "settings": t.settings,
                "note": t.note,
                "effects": {name: _numbers(e) for name, e in t.effects.items()},
            }
            for t in test.trials
        ],
        "left_out": test.left_out,
    }


def _numbers(effect: Effect) -> dict[str, float]:
    value = effect.difference.estimate
    return {"mean": value.mean, "low": value.low, "high": value.high, "adjusted_p": effect.adjusted_p}
