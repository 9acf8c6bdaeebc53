"""A file, its parent and --set become one model; errors name the file and line; text reads back equal."""

import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

import sim.scenario.load as loading
from sim.scenario.errors import ScenarioError
from sim.scenario.load import find, load, resolved, scenario_hash


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Grid(Part):
    kind: Literal["grid"] = "grid"
    rows: int = Field(default=3, ge=1)
    gap_m: float = 100


class Plane(Part):
    kind: Literal["plane"] = "plane"
    width_m: float = 1000


class Shift(Part):
    start: str
    end: str = "20:00"


class Riders(Part):
    count: int = Field(default=5, ge=1)
    shifts: tuple[Shift, ...] = ()


class Small(Part):
    name: str = "small"
    note: str | None = None
    first_day: date = date(2026, 3, 2)
    city: Annotated[Grid | Plane, Field(discriminator="kind")] = Grid()
    riders: Riders = Riders()
    weather: list[float] = [1, 2]
    limit: float = 1.0
    params: dict[str, Any] = {}


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a file into the working directory, and give its relative path."""
    monkeypatch.chdir(tmp_path)

    def write_file(text: str, name: str = "scenario.yaml") -> Path:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(textwrap.dedent(text), encoding="utf-8")
        return Path(name)

    return write_file


@pytest.fixture
def built_in(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the built-in scenario campus_lunch."""
    folder = tmp_path_factory.mktemp("scenarios")
    (folder / "campus_lunch.yaml").write_text("name: campus\nriders: {count: 9}\n", encoding="utf-8")
    monkeypatch.setattr(loading, "FOLDERS", (folder / "none", folder))
    return folder


def refused(path: str | Path, *overrides: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        load(path, Small, overrides)
    return str(caught.value)


def test_a_file_becomes_a_model(write: Write) -> None:
    path = write("name: 12:30\nriders:\n  count: 7\n  shifts: [{start: 9:00}]\n")
    assert load(path, Small) == Small(name="12:30", riders=Riders(count=7, shifts=(Shift(start="9:00"),)))
    assert load(str(path), Small) == load(path.absolute(), Small)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("riders:\n    count: -3\n", "scenario.yaml:2:5: riders.count: expected an integer >= 1, got -3"),
        ("\nweahter: [1]\n", "scenario.yaml:2:1: weahter: unknown key (did you mean 'weather'?)"),
        ("riders:\n  shifts:\n    - end: 9:00\n", "scenario.yaml:3:7: riders.shifts.0.start: missing key"),
        ("riders:\n", "scenario.yaml:1:1: riders: expected a mapping, got null"),
        ("weather: [1, x]\n", "scenario.yaml:1:14: weather.1: expected a number, got 'x'"),
        ("- a\n", "scenario.yaml:1:1: expected a mapping, got ['a']"),
        ("hello\n", "scenario.yaml:1:1: expected a mapping, got 'hello'"),
        ("---\n", "scenario.yaml:2:1: expected a mapping, got null"),
        ("", "scenario.yaml:1:1: nothing in it: no key, no value"),
        ("a: 1\na: 2\n", "scenario.yaml:2:1: duplicate key 'a'"),
        ("a:\n\tb: 1\n", "scenario.yaml:2:1: not valid YAML: found character that cannot start any token"),
        ("a: !!python/name:os.system\n", "scenario.yaml:1:4: tags such as 'tag:yaml.org,2002:python/name:os.system'"),
        ("city: {kind: gird}", "scenario.yaml:1:8: city.kind: expected 'grid' or 'plane', got 'gird' (did you mean"),
        (
            "limit: .nan\nriders: {count: .nan}",
            "scenario.yaml:2:10: riders.count: expected a finite number >= 1, got nan",
        ),
        ("extends: [a]\n", "scenario.yaml:1:1: extends: expected the name of a file, got ['a']"),
        ("extends:\n", "scenario.yaml:1:1: extends: expected the name of a file, got null"),
        ("a: 1\nextends: b.yaml\n", "scenario.yaml:2:1: extends: no such scenario file: b.yaml"),
        ('extends: "a\\0b"\n', "scenario.yaml:1:1: extends: no such scenario file: a\\x00b"),
        (f"extends: {'x' * 5000}\n", "scenario.yaml:1:1: extends: no such scenario file: xxx"),
        ("extends: .\n", "scenario.yaml:1:1: extends: no such scenario file: ."),
        ("extends: scenario.yaml\n", "scenario.yaml:1:1: extends: scenario.yaml extends this file, which may not"),
    ],
)
def test_what_is_wrong_is_one_line(write: Write, text: str, message: str) -> None:
    line = refused(write(text))
    assert line.startswith(message)
    assert "\n" not in line


def test_every_problem_has_its_line(write: Write) -> None:
    text = refused(write("riders:\n  count: 0\nlimit: x\n"), "name=4")
    assert text.split("\n") == [
        "--set name=4: name: expected text, got 4",
        "scenario.yaml:2:3: riders.count: expected an integer >= 1, got 0",
        "scenario.yaml:3:1: limit: expected a number, got 'x'",
    ]


@pytest.mark.parametrize("name", ["foo.yaml", "a\0b", "x" * 5000, "", "no/such/folder.yaml"])
def test_a_file_that_is_not_there(write: Write, name: str) -> None:
    line = refused(name)
    assert line.startswith("no such scenario file: ")
    assert "\n" not in line
    assert len(line) < 300


def test_a_folder_is_no_file(write: Write) -> None:
    write("a: 1", "runs/a.yaml")
    assert refused("runs") == "runs: cannot read it: Is a directory"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read(write: Write) -> None:
    path = write("name: a")
    path.chmod(0)
    assert refused(path) == "scenario.yaml: cannot read it: Permission denied"


def test_a_file_that_fails_to_open(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = write("name: a")
    monkeypatch.setattr(Path, "open", fail)
    assert refused(path) == "scenario.yaml: cannot read it: Permission denied"


def test_binary_and_large_files(write: Write) -> None:
    path = write("")
    path.write_bytes(b"name: a\nx: \xff\n")
    assert refused(path) == "scenario.yaml:2:1: the file is not UTF-8 text"
    path.write_bytes(b"# " + b"x" * (2 << 20))
    assert refused(path) == "scenario.yaml:1:1: the file is larger than 1048576 bytes"


class TestFind:
    @pytest.mark.parametrize("name", ["campus_lunch", "campus_lunch.yaml"])
    def test_built_in(self, write: Write, built_in: Path, name: str) -> None:
        assert find(name) == built_in / "campus_lunch.yaml"
        assert load(name, Small).riders.count == 9

    def test_a_file_comes_first(self, write: Write, built_in: Path) -> None:
        write("name: mine", "campus_lunch.yaml")
        assert load("campus_lunch.yaml", Small).name == "mine"

    def test_a_folder_of_that_name_does_not_hide_it(self, write: Write, built_in: Path) -> None:
        write("a: 1", "campus_lunch/events.yaml")
        assert find("campus_lunch") == built_in / "campus_lunch.yaml"

    @pytest.mark.parametrize("name", ["campus_lnch", "campus_lnch.yaml", "runs/campus_lunch.yaml"])
    def test_did_you_mean(self, write: Write, built_in: Path, name: str) -> None:
        with pytest.raises(ScenarioError) as caught:
            find(name)
        assert str(caught.value) == f"no such scenario file: {name} (did you mean 'campus_lunch'?)"

    def test_the_checkout_has_a_folder(self) -> None:
        assert loading.FOLDERS[0] == Path(__file__).parents[2] / "scenarios"
        assert loading.FOLDERS[1] == Path(__file__).parents[2] / "sim" / "scenarios"


class TestExtends:
    PARENT = """\
        name: parent
        city: {kind: grid, rows: 9, gap_m: 50}
        riders:
          count: 7
          shifts: [{start: 08:00, end: 09:00}, {start: 10:00}]
        weather: [1, 2, 3]
        params: {a: {b: 1, c: 2}}
        """

    @pytest.mark.parametrize(
        ("child", "change"),
        [
            ("", {}),
            ("name: child", {"name": "child"}),
            ("weather: [4]", {"weather": [4]}),
            (
                "riders: {count: 8}",
                {"riders": {"count": 8, "shifts": [{"start": "08:00", "end": "09:00"}, {"start": "10:00"}]}},
            ),
            ("riders: {shifts: [{start: 1:00}]}", {"riders": {"count": 7, "shifts": [{"start": "1:00"}]}}),
            ("params: {a: {b: 5}, d: 1}", {"params": {"a": {"b": 5, "c": 2}, "d": 1}}),
            ("params: {a: 3}", {"params": {"a": 3}}),
            ("city: {rows: 2}", {"city": {"kind": "grid", "rows": 2, "gap_m": 50}}),
            ("city: {kind: grid, rows: 2}", {"city": {"kind": "grid", "rows": 2, "gap_m": 50}}),
            ("city: {kind: plane}", {"city": {"kind": "plane"}}),
            ("city: {kind: plane, width_m: 5}", {"city": {"kind": "plane", "width_m": 5}}),
        ],
    )
    def test_mappings_merge_and_the_rest_replaces(self, write: Write, child: str, change: dict[str, Any]) -> None:
        parent = load(write(self.PARENT, "parent.yaml"), Small)
        path = write(f"extends: parent.yaml\n{child}\n")
        assert load(path, Small) == Small.model_validate(parent.model_dump() | change)

    def test_the_path_is_relative_to_the_child(self, write: Write) -> None:
        write("name: parent", "a/parent.yaml")
        write("name: wrong", "parent.yaml")
        assert load(write("extends: ../a/parent.yaml", "b/child.yaml"), Small).name == "parent"
        assert load(write("extends: parent.yaml", "a/child.yaml"), Small).name == "parent"

    @pytest.mark.parametrize("name", ["campus_lunch", "campus_lunch.yaml"])
    def test_a_built_in_parent(self, write: Write, built_in: Path, name: str) -> None:
        assert load(write(f"extends: {name}\nlimit: 3"), Small) == Small(name="campus", riders=Riders(count=9), limit=3)
        assert refused(write("extends: campus_lnch")).endswith("(did you mean 'campus_lunch'?)")

    def test_one_level_only(self, write: Write) -> None:
        write("name: a", "a.yaml")
        write("name: b\nextends: a.yaml", "b.yaml")
        line = refused(write("extends: b.yaml"))
        assert line == "b.yaml:2:1: extends: scenario.yaml extends this file, which may not extend another"

    @pytest.mark.parametrize(
        ("parent", "child", "message"),
        [
            ("\nlimit: x\n", "name: a", "p.yaml:2:1: limit: expected a number, got 'x'"),
            ("limit: 1\n", "limit: x", "scenario.yaml:2:1: limit: expected a number, got 'x'"),
            (
                "riders:\n  cont: 1\n",
                "riders: {count: 1}",
                "p.yaml:2:3: riders.cont: unknown key (did you mean 'count'?)",
            ),
            ("riders:\n  count: x\n", "riders: {count: 0}", "scenario.yaml:2:10: riders.count: expected an integer"),
            (
                "riders: {shifts: [{end: 1, start: 2}]}",
                "riders: {shifts: [{}]}",
                "scenario.yaml:2:19: riders.shifts.0.start",
            ),
            (
                "city: {kind: grid, width_m: 1}",
                "city: {kind: plane, rows: 1}",
                "scenario.yaml:2:21: city.rows: unknown",
            ),
            ("a: [", "name: a", "p.yaml:2:1: not valid YAML"),
            ("- a", "name: a", "p.yaml:1:1: expected a mapping"),
        ],
    )
    def test_errors_name_the_file_they_come_from(self, write: Write, parent: str, child: str, message: str) -> None:
        write(parent, "p.yaml")
        line = refused(write(f"extends: p.yaml\n{child}\n"))
        assert line.startswith(message)
        assert "\n" not in line

    def test_large_layers_merge_quickly(self, write: Write) -> None:
        numbers = "\n".join(f"  k{i}: {i}" for i in range(20_000))
        write(f"params:\n{numbers}\n", "p.yaml")
        path = write(f"extends: p.yaml\nparams:\n{numbers}\n")
        start = time.process_time()
        assert len(load(path, Small, ["params.k1=2"]).params) == 20_000
        assert time.process_time() - start < 20


class TestSet:
    TEXT = "riders:\n  count: 7\n  shifts: [{start: 08:00}, {start: 10:00}]\ncity: {kind: grid, rows: 9}\nnote:\n"

    @pytest.mark.parametrize(
        ("overrides", "path", "value"),
        [
            (["riders.count=3"], "riders.count", 3),
            (["riders.count=3", "riders.count=4"], "riders.count", 4),
            (["name=12:30"], "name", "12:30"),
            (["name=on"], "name", "on"),
            (["name='1e3'"], "name", "1e3"),
            (["name=a=b"], "name", "a=b"),
            ([" name =x"], "name", "x"),
            (["limit=1e3"], "limit", 1000),
            (["note="], "note", None),
            (["note=null"], "note", None),
            (["weather=[1, 2.5]"], "weather", [1, 2.5]),
            (["weather.1=7"], "weather", [1, 7]),
            (["riders.shifts.1.start=11:00"], "riders.shifts.1.start", "11:00"),
            (["riders.shifts.0={start: 1:00, end: 2:00}"], "riders.shifts.0.end", "2:00"),
            (["riders.shifts=[]"], "riders.shifts", ()),
            (["riders={count: 2}"], "riders.shifts", ()),
            (["params.a.b.c=[x]"], "params", {"a": {"b": {"c": ["x"]}}}),
            (["params.0=1"], "params", {"0": 1}),
            (["city.rows=2"], "city", Grid(rows=2)),
            (["city.kind=grid"], "city", Grid(rows=9)),
            (["city.kind=plane"], "city", Plane()),
            (["city.kind=plane", "city.width_m=5"], "city", Plane(width_m=5)),
            (["city.width_m=5", "city.kind=plane"], "city", Plane(width_m=5)),
            (["city.width_m=5", "city={kind: plane}"], "city", Plane(width_m=5)),
            (["params.kind=x", "params.kind=y"], "params", {"kind": "y"}),
        ],
    )
    def test_values(self, write: Write, overrides: list[str], path: str, value: Any) -> None:
        found: Any = load(write(self.TEXT + "weather: [1, 2]\n"), Small, overrides)
        for part in path.split("."):
            found = found[int(part)] if part.isdigit() else getattr(found, part)
        assert found == value

    @pytest.mark.parametrize(
        ("override", "message"),
        [
            ("riders.count=-3", "riders.count: expected an integer >= 1, got -3"),
            ("riders.cuont=3", "riders.cuont: unknown key (did you mean 'count'?)"),
            ("ridrs.count=3", "ridrs: unknown key (did you mean 'riders'?)"),
            ("riders={}", None),
            ("riders={cont: 1}", "riders.cont: unknown key (did you mean 'count'?)"),
            ("riders.shifts=[{}]", "riders.shifts.0.start: missing key"),
            ("riders.shifts.0={}", "riders.shifts.0.start: missing key"),
            ("riders.shifts.2.start=1:00", "riders.shifts: no item '2' in a list of 2, counted from 0"),
            ("riders.shifts.-1.start=1:00", "riders.shifts: no item '-1' in a list of 2"),
            ("riders.shifts.start=1:00", "riders.shifts: no item 'start' in a list of 2"),
            (f"riders.shifts.{'9' * 9000}=1", "riders.shifts: no item '999"),
            ("riders.count.x=1", "riders.count: is 7 and has no key 'x'"),
            ("city.kind=plan", "city.kind: expected 'grid' or 'plane', got 'plan' (did you mean 'plane'?)"),
            ("city.kind=[", "not valid YAML"),
            ("note.x=1", "note"),
            ("extends=p.yaml", "extends: unknown key"),
            ("riders.count", "expected key.key=value"),
            ("=3", "expected key.key=value"),
            ("", "expected key.key=value"),
            ("a..b=3", "expected key.key=value"),
            (".=3", "expected key.key=value"),
            ("a." * 5000 + "a=3", "expected key.key=value"),
            ("name=!!python/object:os.system x", "tags such as"),
            ("name=*x", "not valid YAML: found undefined alias"),
            ("name={a: 1, a: 2}", "duplicate key 'a'"),
            ("name=" + "[" * 100_000, "nested deeper than 20 levels"),
            ("name=\udcff", "not UTF-8 text"),
            ("name=\x1b[31m", "not valid YAML"),
            ("name=a\n---\nb", "more than one document"),
        ],
    )
    def test_errors_name_the_setting(self, write: Write, override: str, message: str | None) -> None:
        path = write(self.TEXT)
        if message is None:
            assert load(path, Small, [override]).riders == Riders()
            return
        line = refused(path, override)
        assert message in line
        assert line.startswith("--set ") or override == "note.x=1"
        assert line.isprintable()
        assert len(line) < 500

    def test_the_exact_line(self, write: Write) -> None:
        line = refused(write(self.TEXT), "riders.count=-3")
        assert line == "--set riders.count=-3: riders.count: expected an integer >= 1, got -3"

    def test_other_places_stay_in_the_file(self, write: Write) -> None:
        path = write(self.TEXT + "limit: x\n")
        assert refused(path, "riders.count=3").startswith("scenario.yaml:6:1: limit")
        assert refused(write("riders: {shifts: [{}]}"), "riders.count=3").startswith(
            "scenario.yaml:1:19: riders.shifts.0"
        )
        assert refused(write("city: {kind: grid, gap_m: x}"), "city.rows=3").startswith(
            "scenario.yaml:1:20: city.gap_m"
        )

    def test_over_a_parent(self, write: Write) -> None:
        write("riders: {count: 1, shifts: [{start: 1:00}]}", "p.yaml")
        path = write("extends: p.yaml\nriders: {count: 2}")
        assert load(path, Small, ["riders.shifts.0.end=3:00"]).riders == Riders(
            count=2, shifts=(Shift(start="1:00", end="3:00"),)
        )


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    ["12:30", "on", "off", "1e3", "0o17", "0x1F", "null", "~", "", "2026-03-02", "a: b", "# x", "-", "é\u2028x", "\x85"]
)
PLAIN = st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | TEXTS
MODELS = st.builds(
    Small,
    name=TEXTS,
    note=st.none() | TEXTS,
    first_day=st.dates(),
    city=st.builds(Grid, rows=st.integers(1, 99), gap_m=st.floats(allow_nan=False)) | st.builds(Plane),
    riders=st.builds(Riders, shifts=st.lists(st.builds(Shift, start=TEXTS, end=TEXTS), max_size=2).map(tuple)),
    weather=st.lists(st.floats(allow_nan=False), max_size=3),
    limit=st.floats(allow_nan=False),
    params=st.dictionaries(TEXTS, PLAIN | st.lists(PLAIN, max_size=2), max_size=3),
)


@given(MODELS)
def test_resolved_text_loads_back_equal(tmp_path_factory: pytest.TempPathFactory, model: Small) -> None:
    path = tmp_path_factory.getbasetemp() / "resolved.yaml"
    path.write_text(resolved(model), encoding="utf-8", newline="\n")
    again = load(path, Small)
    assert again == model
    assert resolved(again) == resolved(model)
    assert scenario_hash(again) == scenario_hash(model)
    assert yaml.safe_load(resolved(model))["name"] == model.name


def test_an_infinity_is_not_lost() -> None:
    infinite, empty = Small(params={"a": [float("inf")]}), Small(params={"a": [None]})
    assert "- .inf\n" in resolved(infinite)
    assert scenario_hash(infinite) != scenario_hash(empty)


def test_resolved_is_canonical() -> None:
    text = resolved(Small(name="12:30", note="on", riders=Riders(shifts=(Shift(start="1e3"),))))
    assert text == textwrap.dedent(
        """\
        name: '12:30'
        note: 'on'
        first_day: '2026-03-02'
        city:
          kind: grid
          rows: 3
          gap_m: 100.0
        riders:
          count: 5
          shifts:
          - start: '1e3'
            end: '20:00'
        weather:
        - 1.0
        - 2.0
        limit: 1.0
        params: {}
        """
    )


def test_the_hash_is_of_the_content(write: Write) -> None:
    short = load(write("name: a\nlimit: 2"), Small)
    long = load(write("limit: 2.0\n# remark\nname: 'a'\nriders: {count: 5}"), Small)
    assert scenario_hash(short) == scenario_hash(long)
    assert scenario_hash(short) != scenario_hash(Small(name="a", limit=2.5))
    assert scenario_hash(Small()) == "1f5025663619cc11"


def test_importing_is_light() -> None:
    code = "import sys, sim.scenario.load; print(*({'matplotlib', 'osmnx', 'distributed'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
