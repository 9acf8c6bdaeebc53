"""A/B of one rule: part of the users, everybody and nobody, on the same cities."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.city.build import build_city
from sim.events import Kind
from sim.experiment.ab_rule import (
    INSIDE,
    WITH,
    WITHOUT,
    RuleJob,
    RuleTest,
    pooled,
    rule_effect,
    rule_study,
    rule_test,
)
from sim.experiment.pool import Pool
from sim.experiment.replicate import Row
from sim.experiment.run import run
from sim.kpi.arms import METRICS
from sim.kpi.events import of
from sim.kpi.tables import Tables
from sim.scenario.errors import ScenarioError
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.units import DAY

ONE = Pool(1)
TOWN = """
name: town
seed: 5
calendar: {days: 15, drain_min: 30}
city: {kind: plane, places: 50, width_m: 2000, height_m: 2000}
population: {users: 250}
merchants: {classes: {restaurant: {count: 8}}}
riders: {count: 25}
response: {on: true}
membership:
  rules:
    earn: {rule: earn}
    half price:
      rule: tiers
      params: {least: [1], discount: [0.5], fee_off_yuan: [4], priority: [0], welcome_yuan: [10]}
    box: {rule: mystery_box, share: 0.3}
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("town") / "town.yaml"
    path.write_text(TOWN)
    return str(path)


@pytest.fixture(scope="module")
def tested(town: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[RuleTest, Path]:
    """A discount so large that it must be found, with riders enough that it spills over little."""
    out = tmp_path_factory.mktemp("out")
    return rule_test(rule_study(town, "half price", replications=3), "half price", out, ONE), out


def test_a_planted_effect_is_found_within_its_interval(tested: tuple[RuleTest, Path]) -> None:
    found = {effect.metric: effect for effect in tested[0].effects}
    assert list(found) == list(METRICS)
    orders = found["orders"]
    assert orders.inside.low > 0
    assert orders.whole.estimate.low > 0
    assert orders.inside.low <= orders.whole.estimate.mean <= orders.inside.high
    assert found["contribution"].inside.mean < found["spend"].inside.mean
    assert tested[0].ratio_p > 0.001
    assert tested[0].share == 0.5


def test_spill_over_is_inside_less_whole(tested: tuple[RuleTest, Path]) -> None:
    for effect in tested[0].effects:
        assert effect.spill_over.mean == pytest.approx(effect.inside.mean - effect.whole.estimate.mean)
        assert effect.spill_over.replications == effect.inside.replications == 3


def test_the_whole_cities_are_a_comparison_in_every_kpi(tested: tuple[RuleTest, Path]) -> None:
    result = tested[0].comparison
    assert list(result.rows) == [WITHOUT, WITH]
    conversion = next(effect for effect in result.effects if effect.kpi == "conversion")
    assert conversion.difference.estimate.mean > 0


def test_the_record_is_kept_and_taken_up_again(tested: tuple[RuleTest, Path], town: str) -> None:
    result, out = tested
    told = json.loads((out / "rule.json").read_text())
    assert (told["rule"], told["share"], told["replications"]) == ("half price", 0.5, 3)
    first = result.effects[0]
    assert told["effects"][0]["inside"] == [first.inside.mean, first.inside.low, first.inside.high]
    before = {path: path.stat().st_mtime_ns for path in out.rglob("0*.json")}
    assert len(before) == 9
    assert rule_test(rule_study(town, "half price", replications=3), "half price", out, ONE).effects == result.effects
    assert {path: path.stat().st_mtime_ns for path in out.rglob("0*.json")} == before


def boxes(tables: Tables) -> list[int]:
    """Users who found a box in the night after the first day."""
    found = of(tables.events, Kind.COUPON)
    first_night = (found["detail"] == 2) & (found["t"] < 1.5 * DAY)
    users: list[int] = found["user"][first_night].tolist()
    return users


def test_all_three_meet_the_same_city(town: str) -> None:
    """What is not the platform's to decide does not change with who has the rule."""
    study = rule_study(town, "box")
    logs = {}
    for share in (0, 0.3, 1):
        scenario = load(study.scenario, Scenario, [f"membership.rules.box.share={share}", "calendar.days=2"])
        logs[share] = run(scenario).tables
    openings = [set(tables.openings["order"][tables.openings["t"] < DAY]) for tables in logs.values()]
    assert openings[0] == openings[1] == openings[2]
    reached = [set(boxes(tables)) for tables in logs.values()]
    assert reached[0] == set()
    assert reached[1] < reached[2]  # who has it in part has it in whole, and gets the same box


@pytest.mark.parametrize(("rule", "share"), [("box", 0.3), ("half price", 0.5)])
def test_the_share_is_the_scenarios_or_a_half(rule: str, share: float, town: str) -> None:
    settings = ["calendar.days=1", "population.users=120"]
    found = rule_test(rule_study(town, rule, settings, 2), rule, pool=ONE)
    assert found.share == share
    assert found.ratio_p > 0.001


def test_the_row_of_a_part_counts_the_arm(town: str) -> None:
    scenario = load(town, Scenario, ["calendar.days=1"])
    row = RuleJob(INSIDE, scenario, "box", 0).run(build_city(scenario))
    named = of(run(scenario).tables.events, Kind.ARM)
    assert row.kpis["arm count"] == len(named)
    assert row.kpis["user count"] == 250
    whole = RuleJob(WITH, scenario, "box", 0).run(build_city(scenario))
    assert not [name for name in whole.kpis if name.startswith(("gap", "error", "arm"))]


def synthetic(effect: float, spill: float, seed: int, replications: int = 5) -> dict[str, list[Row]]:
    """Rows of a city of 400 users in which everything is known."""
    rng, rows = np.random.default_rng(seed), {name: [] for name in (WITHOUT, WITH, INSIDE)}  # type: ignore[var-annotated]
    for r in range(replications):
        base, users = rng.normal(10, 3, 400), rng.permutation(400) < 200
        told = {WITHOUT: {"user orders": base.mean()}, WITH: {"user orders": base.mean() + effect - spill}}
        got = base + effect * users
        error = np.sqrt(got[users].var(ddof=1) / 200 + got[~users].var(ddof=1) / 200)
        told[INSIDE] = {"gap orders": got[users].mean() - got[~users].mean(), "error orders": error}
        for name, kpis in told.items():
            rows[name].append(Row(name, r, "", {k: float(v) for k, v in kpis.items()}, ()))
    return rows


def test_intervals_cover_what_was_planted_at_their_nominal_rate() -> None:
    found = [rule_effect("orders", synthetic(2.0, 0.5, seed)) for seed in range(400)]
    inside = np.mean([effect.inside.low <= 2.0 <= effect.inside.high for effect in found])
    spill = np.mean([effect.spill_over.low <= 0.5 <= effect.spill_over.high for effect in found])
    assert 0.91 <= inside <= 0.985
    assert 0.91 <= spill <= 0.985
    assert all(effect.whole.estimate.mean == pytest.approx(1.5) for effect in found)


def test_a_against_a_is_found_at_its_nominal_rate() -> None:
    found = [rule_effect("orders", synthetic(0.0, 0.0, seed)).inside for seed in range(400)]
    assert 0.015 <= np.mean([not each.low <= 0 <= each.high for each in found]) <= 0.09


def test_replications_are_strata_of_equal_weight() -> None:
    found = pooled([1.0, 3.0], [0.3, 0.4])
    assert found.mean == 2.0
    assert found.half_width == pytest.approx(1.959964 * 0.25)
    assert pooled([1.0, float("nan")], [0.3, float("nan")]).mean == 1.0
    assert pooled([], []).replications == 0


@pytest.mark.parametrize(
    ("settings", "rule", "said"),
    [
        ([], "boxes", r"unknown rule 'boxes' in membership\.rules \(did you mean 'box'\?\)"),
        ([], "nonsense", "there are: earn, half price, box"),
        (["response.on=false"], "box", "nobody responds to a programme here"),
        (["membership.policy=classic"], "box", "membership.policy is 'classic'"),
        (["riders.count=-1"], "box", "riders.count"),
    ],
)
def test_what_cannot_be_tested_is_refused_in_one_line(settings: list[str], rule: str, said: str, town: str) -> None:
    with pytest.raises(ScenarioError, match=said) as refusal:
        rule_study(town, rule, settings)
    assert len(str(refusal.value).splitlines()) == 1


def test_the_key_knows_the_rule_and_the_scenario(town: str) -> None:
    study: Any = rule_study(town, "box")
    one = load(study.scenario, Scenario)
    other = load(study.scenario, Scenario, ["riders.count=9"])
    keys = {RuleJob(INSIDE, *pair, 0).key() for pair in ((one, "box"), (one, "earn"), (other, "box"))}
    assert len(keys) == 3
