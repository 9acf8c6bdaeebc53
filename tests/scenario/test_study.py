"""Studies: variants of a scenario by dotted path, and errors that name the variant."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.load import load, resolved
from sim.scenario.study import Study, beside, scenarios_of, study_of, with_given, with_settings

Write = Callable[[str], Study]

STUDY = """
scenario: town.yaml
settings:
  population.users: 500
  dispatch.every_s: 60
variants:
  now: {}
  quick:
    dispatch.every_s: 15
"""


def study(variants: dict[str, Any] | None = None, **fields: Any) -> Study:
    return Study.model_validate({"scenario": "campus_lunch", "variants": variants or {"a": {}, "b": {}}, **fields})


@pytest.fixture
def write(tmp_path: Path) -> Write:
    (tmp_path / "town.yaml").write_text("name: town\nextends: campus_lunch\nriders: {count: 40}\n")

    def written(text: str) -> Study:
        (tmp_path / "study.yaml").write_text(text)
        return load(tmp_path / "study.yaml", Study)

    return written


def test_variants_share_the_scenario_and_its_settings(write: Write, tmp_path: Path) -> None:
    made = scenarios_of(write(STUDY), tmp_path)
    assert list(made) == ["now", "quick"]
    assert {s.population.users for s in made.values()} == {500}
    assert {s.riders.count for s in made.values()} == {40}
    assert [s.dispatch.every_s for s in made.values()] == [60, 15]  # the variant's own counts more
    assert {s.name for s in made.values()} == {"town"}


@pytest.mark.parametrize(
    ("path", "value", "read"),
    [
        ("dispatch.policy", "nearest", lambda s: s.dispatch.policy),
        ("dispatch.policy", "my file.py:Na'me", lambda s: s.dispatch.policy),
        ("dispatch.policy", "true", lambda s: s.dispatch.policy),
        ("dispatch.policy", "配送: #1", lambda s: s.dispatch.policy),
        ("dispatch.diversion", False, lambda s: s.dispatch.diversion),
        ("dispatch.params", {"lead_min": 3, "deep": {"a.b": [1, "x", None, True]}}, lambda s: s.dispatch.params),
        ("dispatch.params.lead_min", 1e-7, lambda s: s.dispatch.params["lead_min"]),
        ("dispatch.params.lead_min", 1e22, lambda s: s.dispatch.params["lead_min"]),
        ("dispatch.params.names", ["a", "b"], lambda s: s.dispatch.params["names"]),
        ("dispatch.params.list.1", 9.5, lambda s: s.dispatch.params["list"][1]),
    ],
)
def test_a_value_of_any_kind_arrives_as_it_is(path: str, value: Any, read: Callable[[Any], Any]) -> None:
    made = scenarios_of(study({"a": {}, "b": {path: value}}, settings={"dispatch.params": {"list": [1, 2]}}), Path())
    assert read(made["b"]) == value
    assert type(read(made["b"])) is type(value)


def test_a_whole_section_is_set_before_its_keys() -> None:
    made = scenarios_of(study({"a": {"riders.count": 9, "riders": {"attendance": 0.5}}, "b": {}}), Path())["a"]
    assert (made.riders.count, made.riders.attendance) == (9, 0.5)


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"riders.coun": 3}, r"variant b: riders\.coun=3: .*unknown key \(did you mean 'count'\?\)"),
        ({"riders.count": -1}, r"variant b: riders\.count=-1: .*integer >= 0.*got -1"),
        ({"riders.count": "many"}, "variant b: .*expected an integer"),
        ({"dispatch.params": {"a": [1]}, "dispatch.params.a.1": 2}, "variant b: .*no item '1' in a list of 1"),
        ({"name.first": 1}, "variant b: .*has no key 'first'"),
        ({"": 1}, "variant b: .*expected key.key=value"),
    ],
)
def test_an_error_names_the_variant(own: dict[str, Any], said: str) -> None:
    with pytest.raises(ScenarioError, match=said) as caught:
        scenarios_of(study({"a": {}, "b": own}), Path())
    assert "--set" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("dispatch.every_s: 15", "dispatch.evry_s: 15", "9:5: variant quick: dispatch.evry_s: unknown key"),
        ("dispatch.every_s: 15", "riders: {count: -1}", "9:14: variant quick: riders.count: expected an integer"),
        ("dispatch.every_s: 15", "name.first: 1", "9:5: variant quick: name: is 'town' and has no key 'first'"),
        ("population.users: 500", "population.users: no", "4:3: variant now: population.users: expected an integer"),
    ],
)
def test_an_error_of_a_studys_file_names_its_line(write: Write, tmp_path: Path, old: str, new: str, said: str) -> None:
    loaded = write(STUDY.replace(old, new))
    with pytest.raises(ScenarioError) as caught:
        scenarios_of(loaded, tmp_path)
    assert str(caught.value).startswith(f"{tmp_path}/study.yaml:{said}")


def test_the_variants_of_a_file_know_their_lines(write: Write, tmp_path: Path) -> None:
    made = scenarios_of(with_given(write(STUDY), ["population.users=400", "seed=2"]), tmp_path)["quick"]
    assert made.place(("dispatch", "every_s")) == f"{tmp_path}/study.yaml:9:5: variant quick"
    assert made.place(("riders", "count")) == f"{tmp_path}/town.yaml:3:10"
    assert made.place(("population", "users")) == "variant quick: population.users=400", "no line of the file says it"
    assert made.place(("seed",)) == "variant quick: seed=2"


def test_every_problem_of_a_variant_has_its_line() -> None:
    with pytest.raises(ScenarioError) as caught:
        scenarios_of(study({"a": {}, "b": {"riders.count": -1, "calendar.days": 0}}), Path())
    lines = str(caught.value).splitlines()
    assert [line.split("=")[0] for line in lines] == ["variant b: calendar.days", "variant b: riders.count"]


def test_what_the_scenario_itself_does_wrong_keeps_its_place(write: Write, tmp_path: Path) -> None:
    loaded = write(STUDY)
    (tmp_path / "town.yaml").write_text("name: town\nriders: {cuont: 40}\n")
    with pytest.raises(ScenarioError, match=r"town\.yaml:2:\d+: riders\.cuont: unknown key"):
        scenarios_of(loaded, tmp_path)


def test_the_reference_is_the_baseline_or_the_first() -> None:
    assert study({"x": {}, "y": {}}).reference == "x"
    assert study({"x": {}, "y": {}}, baseline="y").reference == "y"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (STUDY + "baseline: old\n", "baseline 'old' is none of the variants: now, quick"),
        (STUDY + "variant: {}\n", r"study\.yaml:10:\d+: variant: unknown key \(did you mean 'variants'"),
        ("scenario: town.yaml\nvariants: {one: {}}\n", r"study\.yaml:2:\d+: variants"),
        ("scenario: town.yaml\n", "variants"),
        ("variants: {a: {}, b: {}}\n", "scenario"),
        (STUDY + "replications: {count: 1}\n", r"replications\.count: .*>= 2"),
        (STUDY + "replications: {half_width: {on_time_share: .nan}}\n", "half_width"),
        (STUDY + "name: a/b\n", "name"),
    ],
)
def test_a_study_that_makes_no_sense_is_refused(text: str, said: str, write: Write) -> None:
    with pytest.raises(ScenarioError, match=said):
        write(text)


def test_a_scenario_is_looked_for_beside_the_study_first(write: Write, tmp_path: Path) -> None:
    loaded = write(STUDY)
    assert beside(tmp_path, loaded.scenario) == str(tmp_path / "town.yaml")
    assert beside(tmp_path, "campus_lunch").endswith("campus_lunch.yaml")
    with pytest.raises(ScenarioError, match="town"):
        scenarios_of(loaded, tmp_path / "elsewhere")


def test_a_study_reads_back_from_its_canonical_text(write: Write) -> None:
    loaded = write(STUDY)
    assert write(resolved(loaded)) == loaded


def test_later_settings_count() -> None:
    made = with_settings("campus_lunch", [{"seed": 1, "riders.count": 5}, {"seed": 2}], "variant a")
    assert (made.seed, made.riders.count) == (2, 5)


def test_study_of_compares_policies_on_a_scenario() -> None:
    made = study_of("campus_lunch", ["nearest", "matching", "nearest"], ["riders.count=7", "name=a=b"], 4)
    assert made.variants == {"nearest": {"dispatch.policy": "nearest"}, "matching": {"dispatch.policy": "matching"}}
    assert made.settings == {"riders.count": 7, "name": "a=b"}
    assert (made.name, made.reference, made.replications.count) == (
        "campus_lunch-nearest-matching-nearest",
        "nearest",
        4,
    )
    assert study_of("campus_lunch", ["nearest", "matching"], [], None).replications.count == 20


def test_study_of_names_the_study_for_its_folder(tmp_path: Path) -> None:
    odd = tmp_path / "r+d (1).yaml"
    odd.write_text("name: odd\n")
    made = study_of(str(odd), [f"{tmp_path}/p.py:Mine", "x" * 90], [], 2)
    assert made.name.startswith("r_d _1_-Mine-xxx")
    assert len(made.name) == 80


@pytest.mark.parametrize("policies", [["nearest"], ["nearest", "nearest"]])
def test_one_policy_is_no_comparison(policies: list[str]) -> None:
    with pytest.raises(ScenarioError, match=r"two policies or more, .* got 'nearest'"):
        study_of("campus_lunch", policies, [], None)


@pytest.mark.parametrize(("text", "said"), [("riders.count", "expected key.key=value"), ("a={", "not valid YAML")])
def test_a_setting_that_is_none_is_refused(text: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=f"^--set .*: {said}"):
        with_given(study(), [text])


def test_given_settings_stand_before_the_studys_and_behind_the_variants() -> None:
    base = study({"a": {"dispatch.every_s": 9}, "b": {}}, settings={"seed": 1, "riders.count": 4})
    made = scenarios_of(with_given(base, ["seed=5", "dispatch.every_s=20"]), Path())
    assert {s.seed for s in made.values()} == {5}
    assert {s.riders.count for s in made.values()} == {4}
    assert [s.dispatch.every_s for s in made.values()] == [9, 20]
