"""Hostile input: one clear line, exit code 2, no traceback, nothing half-written; and cities at the edge."""

import json
import math
import textwrap
from collections.abc import Mapping
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.random import Generator

from sim.city.build import build_city
from sim.engine.deadline import deadline
from sim.entities import Assignment, Stop, StopKind, Wave
from sim.events import Kind
from sim.experiment.run import RunResult, kpi_document, read_run, run
from sim.kpi.others import balances
from sim.kpi.tables import NAMES
from sim.policies.dispatch import DISPATCH
from sim.report.run import report_run
from sim.scenario.city import District
from sim.scenario.load import load, resolved, scenario_hash
from sim.scenario.schema import Scenario
from tests.cli.command import Answer, Paotui, command, empty_page
from tests.experiment.mdrp.tiny_day import INSTANCE

SMALL = ("--set", "population.users=80", "--set", "riders.count=5", "--set", "calendar.drain_min=30")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def paotui(here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Paotui:
    monkeypatch.setattr("sim.report.run.report_run", empty_page)
    return command(capsys, monkeypatch)


def everything(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): b"" if path.is_dir() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if "__pycache__" not in path.parts
    }


def refused(answer: Answer, *words: str, lines: int = 1) -> None:
    """The answer is so many clear lines on standard error, and exit code 2."""
    told = [line for line in answer.err.splitlines() if line.strip()]
    assert "Traceback" not in answer.err
    assert (answer.code, answer.out) == (2, "")
    assert len(told) == lines, answer.err
    for line in told:
        assert line.startswith("paotui: ")
        assert 20 < len(line) < 500
        assert line.isprintable()
    for word in words:
        assert word in answer.err, f"{word!r} not in {answer.err}"


# ---------------------------------------------------------------- scenario files

BOMB = "a: &a [x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join(['*' + before] * 8)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
FILES: dict[str, tuple[str | bytes, str]] = {
    "an open bracket": ("riders: [1", "mine.yaml:2:1: not valid YAML"),
    "a tab": ("riders:\n\tcount: 3\n", "mine.yaml:2:1: not valid YAML"),
    "nothing": ("", "nothing in it"),
    "only a comment": ("# later\n", "nothing in it"),
    "a list": ("- 1\n- 2\n", "expected a mapping, got [1, 2]"),
    "a word": ("hello\n", "expected a mapping, got 'hello'"),
    "two documents": ("a: 1\n---\nb: 2\n", "more than one document"),
    "code": ("name: !!python/object/apply:os.system ['true']\n", "tags such as"),
    "a bomb of aliases": (BOMB, "more than 50000 values"),
    "an alias in itself": ("name: &a [*a]\n", "alias"),
    "a key twice": ("seed: 1\nseed: 2\n", "mine.yaml:2:1: duplicate key 'seed'"),
    "a deep list": ("name: " + "[" * 200 + "]" * 200, "nested deeper than 20 levels"),
    "a deep mapping": ("\n".join("  " * i + "a:" for i in range(60)), "nested deeper than 20 levels"),
    "a huge file": (b"# " + b"x" * (1 << 20), "larger than 1048576 bytes"),
    "no text": (bytes(range(128, 256)), "not UTF-8"),
    "zeros": (b"\0" * 100, "not valid YAML"),
    "a number without end": ("seed: " + "9" * 5000, "too long"),
    "a number beyond floats": ("travel: {metres_per_minute: 1e999}", "too large"),
    "an unknown key": ("ridders: {count: 3}\n", "mine.yaml:1:1: ridders: unknown key (did you mean 'riders'?)"),
    "an unknown key inside": ("riders:\n  coutn: 3\n", "riders.coutn: unknown key (did you mean 'count'?)"),
    "text for a number": ("riders: {count: many}\n", "riders.count: expected an integer"),
    "a half rider": ("riders: {count: 2.5}\n", "riders.count: expected an integer"),
    "a list for a block": ("riders: [3]\n", "riders: expected a mapping"),
    "null for a block": ("riders:\n", "riders: expected a mapping, got null"),
    "a negative count": ("riders: {count: -1}\n", "riders.count: expected an integer >= 0 and <= 50000, got -1"),
    "a negative rate": (
        "population: {segments: {a: {share: 1, intents_per_day: -0.1}}}\n",
        "population.segments.a.intents_per_day: expected a number >= 0",
    ),
    "a negative weight": (f"population: {{segments: {{a: {{share: 1, weekday: {[-1] * 24}}}}}}}\n", "hourly weights"),
    "no weight at all": (f"population: {{segments: {{a: {{share: 1, weekday: {[0] * 24}}}}}}}\n", "hourly weights"),
    "a day of 23 hours": (f"population: {{segments: {{a: {{share: 1, weekday: {[1] * 23}}}}}}}\n", "weekday"),
    "not a number": (
        "riders: {attendance: .nan}\n",
        "riders.attendance: expected a finite number >= 0 and <= 1, got nan",
    ),
    "infinity": ("riders: {attendance: .inf}\n", "riders.attendance: expected a finite number >= 0 and <= 1, got inf"),
    "more than the earth has": (
        "population: {users: 8000000000}\n",
        "population.users: expected an integer >= 0 and <= 1000000",
    ),
    "a million merchants": ("merchants: {classes: {a: {count: 1000000}}}\n", "expected an integer >= 0 and <= 20000"),
    "a day for ever": ("calendar: {days: 1000000}\n", "calendar.days: expected an integer >= 1 and <= 3660"),
    "a seed beyond 64 bits": (
        "seed: 9223372036854775808\n",
        "seed: expected an integer >= 0 and <= 9223372036854775807",
    ),
    "a seed below zero": ("seed: -1\n", "seed: expected an integer >= 0"),
    "no capacity": ("riders: {capacity: 0}\n", "riders.capacity: expected an integer >= 1"),
    "shares that sum to 0.9": ("population: {segments: {a: {share: 0.9}}}\n", "shares sum to 0.9, expected 1"),
    "no segment": ("population: {segments: {}}\n", "population.segments"),
    "closes before it opens": (
        "merchants: {classes: {a: {count: 1, opens: '10:00', closes: '09:00'}}}\n",
        "closes at 09:00, which is not after opens at 10:00",
    ),
    "no such time": ("merchants: {classes: {a: {count: 1, opens: '10:60'}}}\n", "'10:60' is not a clock time"),
    "no such day": ("calendar: {start: 2026-02-30}\n", "calendar.start"),
    "a city of no kind": ("city: {kind: globe}\n", "city.kind: expected 'district', 'plane', 'mdrp' or 'osm'"),
    "a plane of one place": ("city: {kind: plane, places: 1}\n", "city.places: expected an integer >= 2"),
    "a plane of one metre": ("city: {kind: plane, width_m: 1}\n", "city.width_m: expected a number >= 100"),
    "a name that climbs": ("name: ../../etc\n", "name"),
    "an empty name": ("name: ''\n", "name"),
    "no such parent": ("extends: campus_lunhc\n", "did you mean 'campus_lunch'?"),
    "its own parent": ("extends: mine.yaml\n", "may not extend another"),
    "an unknown policy": ("dispatch: {policy: nearst}\n", "unknown policy 'nearst' (did you mean 'nearest'?)"),
    "an unknown parameter": ("dispatch: {params: {speed: 3}}\n", "has no parameter 'speed'"),
    "no such instance": ("city: {kind: mdrp, dir: nowhere}\n", "nowhere/restaurants.txt: cannot be read"),
    "an escape sequence": ('name: "\\e[31mred"\n', "name"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_broken_file_is_one_line(name: str, here: Path, paotui: Paotui) -> None:
    text, words = FILES[name]
    (here / "mine.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    before = everything(here)
    refused(paotui("run", "mine.yaml", "--out", "out"), words)
    assert everything(here) == before


@pytest.mark.parametrize(
    "text",
    ["population: {users: true}", "population: {users: '300'}", "travel: {whole_minutes: 1}", "seed: true"],
)
def test_a_value_of_another_type_is_refused(text: str, here: Path, paotui: Paotui) -> None:
    (here / "mine.yaml").write_text(text)
    refused(paotui("run", "mine.yaml", *SMALL[2:], "--out", "out"), "expected")


def test_every_mistake_has_a_line_of_its_own(here: Path, paotui: Paotui) -> None:
    (here / "mine.yaml").write_text("seed: x\nriders:\n  count: -1\n  capacity: 0\ncolour: red\n")
    answer = paotui("run", "mine.yaml")
    refused(answer, "mine.yaml:1:1: seed", "mine.yaml:3:3: riders.count", "mine.yaml:5:1: colour", lines=4)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("missing.yaml", "no such scenario file: missing.yaml"),
        ("campus_lunhc", "did you mean 'campus_lunch'?"),
        ("folder", "folder: cannot read it: Is a directory"),
        ("x" * 300, "no such scenario file"),
        ("folder/missing.yaml", "no such scenario file"),
        ("/proc/self/mem", "cannot read it"),
        (" ", "no such scenario file"),
    ],
)
def test_a_file_that_is_none(path: str, words: str, here: Path, paotui: Paotui) -> None:
    (here / "folder").mkdir()
    refused(paotui("run", path), words)
    assert everything(here) == {"folder": b""}


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("nonsense", "--set nonsense: expected key.key=value"),
        ("=3", "expected key.key=value"),
        ("riders..count=3", "expected key.key=value"),
        ("riders.count", "expected key.key=value"),
        ("riders.count=", "riders.count: expected an integer"),
        ("riders.count=[1", "--set riders.count=[1: not valid YAML"),
        ("riders.count=.nan", "riders.count"),
        ("riders.count=1e400", "too large"),
        ("riders.count.more=1", "riders.count"),
        ("rider.count=1", "rider: unknown key (did you mean 'riders'?)"),
        ("riders.count=!!int 3", "tags such as"),
        ("a." * 30 + "a=1", "expected key.key=value"),
        ("population.segments.student.weekday.24=1", "no item '24' in a list of 24"),
        ("name=..", None),
        ("calendar.start=tomorrow", "calendar.start"),
        ("city.kind=globe", "city.kind"),
        ("dispatch.policy=null", "dispatch.policy"),
    ],
)
def test_a_setting_that_makes_no_sense(setting: str, words: str | None, here: Path, paotui: Paotui) -> None:
    weekday = (
        [] if "24" not in setting else ["--set", f"population.segments={{student: {{share: 1, weekday: {[1] * 24}}}}}"]
    )
    answer = paotui("run", "campus_lunch", *SMALL, *weekday, "--set", setting, "--out", "out")
    if words is None:  # odd, and allowed
        assert answer.code == 0
        return
    refused(answer, words)
    assert everything(here) == {}


@pytest.mark.parametrize(
    "option", [("--days", 0), ("--days", -1), ("--seed", -1), ("--days", 10**9), ("--dispatch", "")]
)
def test_a_shortcut_that_makes_no_sense(option: tuple[str, object], here: Path, paotui: Paotui) -> None:
    refused(paotui("run", "campus_lunch", *option), "expected")
    assert everything(here) == {}


# ---------------------------------------------------------------- policies

POLICIES = """
    import time
    import numpy as np
    from sim import Assignment, Stop, StopKind, errand, idle

    P, D, R = StopKind

    def answer(make):
        def policy(wave, rng):
            rows = idle(wave)
            if not len(rows) or not len(wave.orders):
                return []
            return make(wave, int(wave.riders.id[rows[0]]), wave.orders[0])
        return policy

    none = answer(lambda w, r, o: None)
    number = answer(lambda w, r, o: 42)
    text = answer(lambda w, r, o: "Assignment")
    mapping = answer(lambda w, r, o: {r: errand(o)})
    stream = answer(lambda w, r, o: (a for a in [Assignment(r, errand(o))]))
    tuples = answer(lambda w, r, o: [(r, errand(o))])
    unknown_rider = answer(lambda w, r, o: [Assignment(10**30, errand(o))])
    text_rider = answer(lambda w, r, o: [Assignment("r", errand(o))])
    true_rider = answer(lambda w, r, o: [Assignment(True, errand(o))])
    array_rider = answer(lambda w, r, o: [Assignment(np.array([r]), errand(o))])
    twice = answer(lambda w, r, o: [Assignment(r, errand(o))] * 2)
    no_route = answer(lambda w, r, o: [Assignment(r, None)])
    text_route = answer(lambda w, r, o: [Assignment(r, "pickup")])
    endless_route = answer(lambda w, r, o: [Assignment(r, iter(errand(o)))])
    no_stops = answer(lambda w, r, o: [Assignment(r, (1, 2))])
    backwards = answer(lambda w, r, o: [Assignment(r, errand(o)[::-1])])
    never_dropped = answer(lambda w, r, o: [Assignment(r, errand(o)[:1])])
    unknown_order = answer(lambda w, r, o: [Assignment(r, errand(o._replace(id=10**30)))])
    negative_order = answer(lambda w, r, o: [Assignment(r, errand(o._replace(id=-1)))])
    wrong_place = answer(lambda w, r, o: [Assignment(r, errand(o._replace(dropoff=o.dropoff + 1)))])
    no_place = answer(lambda w, r, o: [Assignment(r, (Stop(R, -1, 10**30),))])
    nan_place = answer(lambda w, r, o: [Assignment(r, (Stop(R, -1, float("nan")),))])
    no_kind = answer(lambda w, r, o: [Assignment(r, (Stop(7, o.id, o.pickup),))])
    overloaded = answer(lambda w, r, o: [Assignment(r, errand(o)[:1] * 9)])
    raises = answer(lambda w, r, o: 1 / 0)
    strange = answer(lambda w, r, o: (_ for _ in ()).throw(ValueError("\\x1b[31m[/b]")))
    array_kind = answer(lambda w, r, o: [Assignment(r, (Stop(np.array([0, 1]), o.id, o.pickup),))])
    errand_elsewhere = answer(lambda w, r, o: [Assignment(r, (Stop(R, 10**6, 0),))])
    order_on_reposition = answer(lambda w, r, o: [Assignment(r, (Stop(R, o.id, 0),))])
    far_below = answer(lambda w, r, o: [Assignment(r, (Stop(R, -(10**30), 0),))])
    own_timeout = answer(lambda w, r, o: (_ for _ in ()).throw(TimeoutError("the map server")))
    no_work = answer(lambda w, r, o: [Assignment(r, ())])

    def exits(wave, rng):
        raise SystemExit(0)

    def sleeps(wave, rng):
        time.sleep(60)

    def loops(wave, rng):
        while True:
            pass

    def stubborn(wave, rng):
        until = time.monotonic() + (2 if wave.index == 0 else 0)
        while time.monotonic() < until:
            try:
                time.sleep(0.01)
            except Exception:
                pass
        return []

    class Mute:
        pass

    class Demanding:
        def __init__(self, speed):
            pass
    """
NONSENSE = {
    "none": "must return a sequence of Assignment, got NoneType",
    "number": "must return a sequence of Assignment, got int",
    "text": "must return a sequence of Assignment, got str",
    "mapping": "must return a sequence of Assignment, got dict",
    "stream": "must return a sequence of Assignment, got generator",
    "tuples": "must return Assignments, got tuple",
    "unknown_rider": "the rider is not on shift",
    "text_rider": "the rider is not on shift",
    "true_rider": "the rider is not on shift",
    "array_rider": "the rider is not on shift",
    "twice": "the rider has two assignments",
    "no_route": "the route must be a sequence of Stop, got NoneType",
    "text_route": "the route must be a sequence of Stop, got str",
    "endless_route": "the route must be a sequence of Stop, got tuple_iterator",
    "no_stops": "the route holds 1, which is not a Stop",
    "backwards": "drop-off ",
    "never_dropped": "the order is never dropped off",
    "unknown_order": "the order is not open: unknown, not placed yet, or ended",
    "negative_order": "the order is not open",
    "wrong_place": "the dropoff is not at place",
    "no_place": "there is no place 1000000000000000000000000000000",
    "nan_place": "which is not a Stop",
    "no_kind": "there is no kind of stop 7",
    "overloaded": "the order is picked up twice",
    "raises": "raised ZeroDivisionError: division by zero",
    "Mute": "object is not callable",
}
STRANGER = ["array_kind", "errand_elsewhere", "order_on_reposition", "far_below", "own_timeout", "exits"]
"""Nonsense that once ended in a traceback, a lost order, a wrong message or silence."""


@pytest.fixture
def policies(here: Path) -> Path:
    (here / "policies.py").write_text(textwrap.dedent(POLICIES))
    return here / "policies.py"


def run_with(paotui: Paotui, name: str, *more: object) -> Answer:
    return paotui("run", "campus_lunch", *SMALL, "--dispatch", f"policies.py:{name}", "--out", "out", *more)


def failed_with_a_log(here: Path, message: str) -> None:
    """The run directory is whole: manifest with status and message, the scenario, and a log that reads."""
    assert sorted(path.name for path in here.iterdir() if path.name != "__pycache__") == ["out", "policies.py"]
    assert sorted(path.name for path in (here / "out").iterdir()) == [
        "events.parquet",
        "manifest.json",
        "scenario.yaml",
    ]
    back = read_run(here / "out")
    assert back.manifest["status"] == "failed"
    assert message in back.manifest["error"]
    assert back.kpis["orders"] > 0


@pytest.mark.parametrize("name", NONSENSE)
def test_a_policy_that_answers_nonsense(name: str, here: Path, policies: Path, paotui: Paotui) -> None:
    refused(run_with(paotui, name), f"policy policies.py:{name}, wave ", NONSENSE[name])
    failed_with_a_log(here, NONSENSE[name])


@pytest.mark.parametrize(
    "name",
    [
        *STRANGER,
        pytest.param(
            "strange",
        ),
    ],
)
def test_a_policy_that_answers_worse_nonsense(name: str, here: Path, policies: Path, paotui: Paotui) -> None:
    answer = run_with(paotui, name)
    refused(answer, f"policy policies.py:{name}, wave ")
    assert "time limit" not in answer.err
    failed_with_a_log(here, f"policy policies.py:{name}, wave ")


def test_a_policy_that_sends_idle_riders_nowhere(here: Path, policies: Path, paotui: Paotui) -> None:
    """An empty route is a route: the rider stays where he is."""
    answer = run_with(paotui, "no_work")
    assert answer.code == 0, answer.err
    assert read_run(here / "out").kpis["delivered_share"] == 0


@pytest.mark.parametrize("name", ["sleeps", "loops"])
def test_a_policy_that_never_returns(name: str, here: Path, policies: Path, paotui: Paotui) -> None:
    answer = run_with(paotui, name, "--set", "dispatch.time_limit_s=0.2")
    refused(answer, f"policy policies.py:{name}, wave 0: took longer than the time limit of 0.2 s")
    failed_with_a_log(here, "time limit")


def test_a_policy_that_swallows_the_alarm(here: Path, policies: Path, paotui: Paotui) -> None:
    refused(run_with(paotui, "stubborn", "--set", "dispatch.time_limit_s=0.2"), "time limit")


@pytest.mark.parametrize(
    ("text", "spec", "words"),
    [
        ("def f(:\n", "mine.py:f", "SyntaxError: invalid syntax (mine.py, line 1)"),
        ("import no_such_thing\n", "mine.py:f", "ModuleNotFoundError: No module named 'no_such_thing'"),
        ("1 / 0\n", "mine.py:f", "ZeroDivisionError: division by zero"),
        ("x = 1\n", "mine.py:f", "mine.py has no policy 'f'"),
        ("f = 1\n", "mine.py:f", "mine.py has no policy 'f'"),
        ("\0", "mine.py:f", "cannot be loaded"),
        ("class f:\n    def __init__(self, speed): ...\n", "mine.py:f", "refuses its parameters"),
        ("", "missing.py:f", "no file missing.py"),
        ("", "mine.txt:f", "cannot be loaded"),
        ("", ".:f", "cannot be loaded"),
        ("", "mine.py", "unknown policy 'mine.py'"),
        ("", "nearst", "did you mean 'nearest'?"),
        ("raise SystemExit(0)\n", "mine.py:f", "SystemExit"),
        pytest.param(
            "class f:\n    def __init__(self): raise KeyError('config')\n",
            "mine.py:f",
            "KeyError",
        ),
    ],
)
def test_a_policy_that_cannot_be_loaded(text: str, spec: str, words: str, here: Path, paotui: Paotui) -> None:
    (here / "mine.py").write_text(text)
    refused(paotui("run", "campus_lunch", *SMALL, "--dispatch", spec, "--out", "out"), words)
    assert everything(here) == {"mine.py": text.encode()}


# ---------------------------------------------------------------- where to write, what to read


@pytest.mark.parametrize(
    ("out", "words"),
    [
        ("file", "file: exists and is not an earlier result; choose another --out"),
        ("folder", "folder: exists and is not an earlier result"),
        ("file/run", "file/run: cannot be written"),
        ("/proc/run", "/proc/run: cannot be written"),
        ("/dev/null", "/dev/null: exists and is not an earlier result"),
        ("x" * 300, "File name too long"),
        (".", "exists and is not an earlier result"),
        ("..", "exists and is not an earlier result"),
    ],
)
def test_an_out_that_cannot_be(out: str, words: str, here: Path, paotui: Paotui) -> None:
    (here / "file").write_text("mine")
    (here / "folder").mkdir()
    (here / "folder" / "cat.png").write_text("cat")
    before = everything(here)
    refused(paotui("run", "campus_lunch", *SMALL, "--out", out), words)
    assert everything(here) == before
    assert not any(path.name.startswith(".") for path in here.parent.iterdir())


def test_a_failed_run_keeps_the_foreign_folder(here: Path, policies: Path, paotui: Paotui) -> None:
    (here / "out").mkdir()
    (here / "out" / "thesis.tex").write_text("years")
    before = everything(here)
    refused(run_with(paotui, "none"), "not an earlier result")
    assert everything(here) == before


def instance(folder: Path, **changed: str) -> Path:
    folder.mkdir(parents=True)
    for name, text in INSTANCE.items():
        (folder / name).write_text(changed.get(name.removesuffix(".txt"), text).replace(" ", "\t"))
    return folder


INSTANCES = {
    "nan": ("orders", "o1 500 0", "o1 nan 0", "orders.txt:2: x: expected a number, got 'nan'"),
    "infinite": ("restaurants", "r2 1000 0", "r2 inf 0", "restaurants.txt:3: x: expected a number"),
    "text": ("couriers", "c1 300", "c1 here", "couriers.txt:2: x: expected a number, got 'here'"),
    "a missing column": ("orders", "o1 500 0 3 r1 10", "o1 500 0 3 r1", "orders.txt:2: expected 6 columns"),
    "an unknown restaurant": ("orders", "r2 35", "r9 35", "no restaurant 'r9'"),
    "a negative speed": ("instance_parameters", "100 4", "-100 4", "instance_parameters.txt:2"),
    "no speed": ("instance_parameters", "100 4", "0 4", "metres_per_minute > 0"),
    "a huge speed": ("instance_parameters", "100 4", "1e300 4", "instance_parameters.txt:2"),
    "too late": ("orders", "20 r2 35", "2880 r2 2900", "placement_time is 2880 or more"),
    "ready before placed": ("orders", "20 r2 35", "20 r2 3", "ready_time is before placement_time"),
}


@pytest.mark.parametrize("command", [("bench", "mdrp"), ("import", "mdrp")], ids=" ".join)
@pytest.mark.parametrize("name", INSTANCES)
def test_a_broken_instance(name: str, command: tuple[str, ...], here: Path, paotui: Paotui) -> None:
    file, old, new, words = INSTANCES[name]
    assert old in INSTANCE[f"{file}.txt"]
    instance(here / "day", **{file: INSTANCE[f"{file}.txt"].replace(old, new)})
    before = everything(here)
    refused(paotui(*command, "day", "--out", "out"), words)
    assert everything(here) == before


@pytest.mark.parametrize("command", [("bench", "mdrp"), ("import", "mdrp")], ids=" ".join)
def test_an_instance_beyond_the_solar_system(command: tuple[str, ...], here: Path, paotui: Paotui) -> None:
    instance(here / "day", orders=INSTANCE["orders.txt"].replace("o1 500", "o1 1e300"))
    refused(paotui(*command, "day", "--out", "out"), "orders.txt:2")


@pytest.mark.parametrize("command", [("bench", "mdrp"), ("import", "mdrp")], ids=" ".join)
@pytest.mark.parametrize("path", ["nowhere", "empty", "file", "half"])
def test_an_instance_that_is_not_there(path: str, command: tuple[str, ...], here: Path, paotui: Paotui) -> None:
    (here / "empty").mkdir()
    (here / "file").write_text("text")
    instance(here / "half")
    (here / "half" / "couriers.txt").unlink()
    before = everything(here)
    refused(paotui(*command, path, "--out", "out"), path)
    assert everything(here) == before


def test_the_bench_refuses_a_policy_and_its_nonsense(here: Path, policies: Path, paotui: Paotui) -> None:
    instance(here / "day")
    before = everything(here)
    refused(paotui("bench", "mdrp", "day", "--dispatch", "nearst", "--out", "o"), "did you mean 'nearest'?")
    refused(paotui("bench", "mdrp", "day", "--dispatch", "policies.py:none", "--export", "e"), "got NoneType")
    assert everything(here) == before


def test_two_instances_of_one_name_are_not_mixed(here: Path, paotui: Paotui) -> None:
    instance(here / "a" / "day")
    instance(here / "b" / "day")
    refused(paotui("bench", "mdrp", "a", "b", "--export", "out"), "two instances are called day")
    assert not (here / "out").exists()


def test_a_table_cannot_be_written_into_a_file(here: Path, paotui: Paotui) -> None:
    instance(here / "day")
    (here / "file").write_text("mine")
    answer = paotui("bench", "mdrp", "day", "--out", "file")
    assert answer.code == 2
    assert answer.err.strip().endswith("file is no folder)")
    assert (here / "file").read_text() == "mine"


def test_an_import_goes_nowhere(here: Path, paotui: Paotui) -> None:
    instance(here / "day")
    before = everything(here)
    refused(paotui("import", "mdrp", "day", "--out", "no/such/folder/day.yaml"), "no/such/folder")
    assert everything(here) == before


def damaged(folder: Path, what: str) -> None:
    """A run directory, and what somebody did to it."""
    run(load("campus_lunch", Scenario, [text for text in SMALL if text != "--set"]), folder)
    match what:
        case "no manifest":
            (folder / "manifest.json").unlink()
        case "broken manifest":
            (folder / "manifest.json").write_text("{")
        case "no log":
            (folder / "events.parquet").unlink()
        case "text for a log":
            (folder / "events.parquet").write_text("no log")
        case "half a log":
            data = (folder / "events.parquet").read_bytes()
            (folder / "events.parquet").write_bytes(data[: len(data) // 2])
        case "no scenario":
            (folder / "scenario.yaml").unlink()
        case "another scenario":
            (folder / "scenario.yaml").write_text("ridders: 3\n")


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("no manifest", "not a run directory"),
        ("no log", "events.parquet: not an event log"),
        ("text for a log", "events.parquet: not an event log"),
        ("half a log", "events.parquet: not an event log"),
        ("no scenario", "no such scenario file"),
        ("another scenario", "scenario.yaml:1:1: ridders: unknown key"),
        pytest.param(
            "broken manifest",
            "manifest.json",
        ),
    ],
)
def test_a_damaged_run_directory(what: str, words: str, here: Path, paotui: Paotui) -> None:
    damaged(here / "run", what)
    before = everything(here)
    refused(paotui("report", "run"), words)
    assert everything(here) == before


@pytest.mark.parametrize("path", ["nowhere", "file", "empty"])
def test_a_report_of_nothing(path: str, here: Path, paotui: Paotui) -> None:
    (here / "file").write_text("text")
    (here / "empty").mkdir()
    refused(paotui("report", path), f"{path}: not a run directory")


# ---------------------------------------------------------------- cities at the edge of what is allowed

PLANE: dict[str, Any] = {"kind": "plane", "places": 12, "width_m": 2000, "height_m": 2000}
BASE: dict[str, Any] = {
    "city": PLANE,
    "calendar": {"drain_min": 30},
    "population": {"users": 60},
    "merchants": {"classes": {"shop": {"count": 3}}},
    "riders": {"count": 4},
}


def city(**changes: Any) -> Scenario:
    """A tiny scenario with some blocks changed."""
    blocks = {
        key: {**BASE.get(key, {}), **value} if isinstance(value, Mapping) and key != "city" else value
        for key, value in changes.items()
    }
    return Scenario.model_validate(BASE | blocks)


def sane(result: RunResult) -> dict[str, float]:
    """What holds for any run; returns its KPIs."""
    kpis, orders = result.kpis, result.tables.orders
    for name, value in kpis.items():
        assert math.isnan(value) or math.isfinite(value), name
        if name.endswith("_share") or name == "utilisation":
            assert math.isnan(value) or -1e-3 <= value <= 1 + 1e-9, (name, value)
    if len(orders):
        assert kpis["delivered_share"] + kpis["cancelled_share"] + kpis["open_share"] == pytest.approx(1)
        assert kpis["on_time_share"] <= kpis["delivered_share"]
    assert balances(result.tables.payments).sum() == 0
    assert all(len(getattr(result.tables, name).columns) for name in NAMES)
    json.dumps(kpi_document(kpis), allow_nan=False)
    return kpis


NOON = [0] * 12 + [1] + [0] * 11
SHIFT: dict[str, Any] = {"start": "10:00", "hours": 8, "share": 1}
EDGES: dict[str, dict[str, Any]] = {
    "nobody orders": {"population": {"users": 0}},
    "nobody rides": {"riders": {"count": 0}},
    "nobody cooks": {"merchants": {"classes": {"shop": {"count": 0}}}},
    "nobody at all": {
        "population": {"users": 0},
        "riders": {"count": 0},
        "merchants": {"classes": {"shop": {"count": 0}}},
    },
    "nobody comes to work": {"riders": {"attendance": 0}},
    "one of each": {
        "population": {"users": 1},
        "riders": {"count": 1},
        "merchants": {"classes": {"shop": {"count": 1}}},
    },
    "no drain": {"calendar": {"drain_min": 0}},
    "a drain of two days": {"calendar": {"drain_min": 2880}},
    "two places": {"city": PLANE | {"places": 2}},
    "a plane of 100 m": {"city": PLANE | {"width_m": 100, "height_m": 100}},
    "a plane of 100 km": {"city": PLANE | {"width_m": 100_000, "height_m": 100_000}, "merchants": {"radius_km": 100}},
    "a strip of manhattan": {"city": PLANE | {"height_m": 100, "metric": "manhattan"}},
    "the smallest district": {"city": {"kind": "district", "width_m": 1000, "height_m": 1000, "block_m": 1000}},
    "many bridges": {"city": {"kind": "district", "width_m": 1000, "height_m": 1000, "bridges": 20, "zone_m": 200}},
    "one order in the box": {"riders": {"capacity": 1}},
    "one station, four hours": {"merchants": {"classes": {"shop": {"count": 1, "stations": 1, "prep_min": 240}}}},
    "a weekend": {"calendar": {"start": "2026-03-07", "days": 2}},
    "a leap day": {"calendar": {"start": "2028-02-28", "days": 3}},
    "open till two at night": {
        "calendar": {"days": 2},
        "merchants": {"classes": {"shop": {"count": 3, "opens": "10:00", "closes": "26:00"}}},
    },
    "open round the clock": {"merchants": {"classes": {"shop": {"count": 3, "opens": "00:00", "closes": "48:00"}}}},
    "shifts over midnight": {
        "calendar": {"days": 3},
        "riders": {"shifts": {"night": {"start": "20:00", "hours": 8, "share": 1}}},
    },
    "shifts without end": {
        "calendar": {"days": 3},
        "riders": {"shifts": {"long": {"start": "12:00", "hours": 16, "share": 1}}, "start_jitter_min": 240},
    },
    "shifts of a quarter hour": {"riders": {"shifts": {"short": {"start": "12:00", "hours": 0.25, "share": 1}}}},
    "shifts from tomorrow": {"riders": {"shifts": {"late": {"start": "48:00", "hours": 4, "share": 1}}}},
    "no patience": {"population": {"patience_min": 1, "patience_shape": 0.1}},
    "endless patience": {"population": {"patience_min": 600, "patience_shape": 100}},
    "wild tastes": {"population": {"taste_cv": 5, "basket_cv": 3}},
    "equal tastes": {"population": {"taste_cv": 0, "basket_cv": 0}},
    "wild kitchens": {"merchants": {"classes": {"shop": {"count": 3, "prep_shape": 0.1}}, "popularity_cv": 5}},
    "nobody likes them": {"merchants": {"classes": {"shop": {"count": 3, "popularity": 0}}}},
    "nobody in reach": {"merchants": {"radius_km": 0.1, "choice_km": 0.05}, "city": PLANE | {"places": 3}},
    "no service time": {"service": {"pickup_min": 0, "dropoff_min": 0}},
    "an hour at each door": {"service": {"pickup_min": 60, "dropoff_min": 60}},
    "snails": {"travel": {"metres_per_minute": 10}},
    "whole minutes": {"travel": {"metres_per_minute": 2000, "whole_minutes": True}},
    "a promise of a minute": {"platform": {"promise_min": 1}},
    "nothing is paid": {"pay": {"per_order_yuan": 0, "per_km_yuan": 0}, "platform": {"delivery_fee_yuan": 0}},
    "all is paid": {"pay": {"guarantee_yuan_per_hour": 1000}, "platform": {"commission": 0.9}},
    "a wave an hour": {"dispatch": {"every_s": 3600}},
    "a wave at every event": {"dispatch": {"every_s": 0}},
    "benchmark rules": {
        "dispatch": {"every_s": 60, "diversion": False, "single_merchant": True, "pickup_by_off": True},
        "platform": {"exact_ready": True},
    },
    "all at once": {"population": {"segments": {"a": {"share": 1, "intents_per_day": 20, "weekday": NOON}}}},
    "empty segments": {"population": {"segments": {"a": {"share": 1}, "b": {"share": 0}}}},
    "the largest seed": {"seed": 2**63 - 1},
    "seed 0": {"seed": 0},
    "empty shifts": {"riders": {"shifts": {"a": SHIFT, "b": SHIFT | {"share": 0}}}},
}


@pytest.mark.parametrize(("name", "policy"), list(zip(EDGES, cycle(["nearest", "matching"]))))
def test_a_city_at_the_edge_runs(name: str, policy: str) -> None:
    blocks = EDGES[name] | {"dispatch": EDGES[name].get("dispatch", {}) | {"policy": policy}}
    kpis = sane(run(city(**blocks)))
    if name in {"nobody orders", "nobody at all", "nobody cooks", "nobody likes them"}:
        assert kpis["orders"] == 0
    elif name in {"nobody rides", "nobody comes to work", "shifts from tomorrow"}:
        assert kpis["delivered_share"] == 0
        assert kpis["orders"] > 0
    elif name not in {"one of each", "nobody in reach"}:
        assert kpis["orders"] > 0


def test_shifts_at_midnight_begin_every_day() -> None:
    midnight = {"attendance": 1, "start_jitter_min": 0, "shifts": {"early": {"start": "00:00", "hours": 6, "share": 1}}}
    riders = run(city(calendar={"days": 3}, riders=midnight)).tables.riders
    assert riders["shifts"].tolist() == [3] * 4


def test_a_kitchen_closes_after_midnight() -> None:
    hours = {"opens": "22:00", "closes": "26:00"}
    curve = [1.0] * 24
    orders = run(
        city(
            calendar={"days": 2},
            population={"users": 300, "segments": {"a": {"share": 1, "weekday": curve}}},
            merchants={"classes": {"shop": {"count": 3} | hours}},
        )
    ).tables.orders
    assert set((orders["placed_at"] // 3600 % 24).astype(int)) == {22, 23, 0, 1}


def test_a_guarantee_counts_both_of_two_merged_shifts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rider who is still out when his next shift begins works both; his least pay is for both."""

    def far_away(wave: Wave, rng: Generator) -> list[Assignment]:
        """Half an hour before his off-time the rider is sent on a ride of a day."""
        if wave.now < 19.5 * 3600 or wave.now > 86400 or wave.riders.route[0]:
            return []
        ways = wave.travel.times(int(wave.riders.at[0]), np.arange(PLANE["places"]))
        stop = Stop(StopKind.REPOSITION, -1, int(ways.argmax()))
        return [Assignment(int(wave.riders.id[0]), (stop,))]

    monkeypatch.setitem(DISPATCH, "far away", far_away)
    result = run(
        city(
            calendar={"days": 2, "drain_min": 2880},
            city=PLANE | {"width_m": 50_000},
            travel={"metres_per_minute": 10},
            population={"patience_min": 600},
            riders={"count": 1, "attendance": 1, "start_jitter_min": 0, "shifts": {"a": SHIFT | {"start": "12:00"}}},
            pay={"guarantee_yuan_per_hour": 10},
            dispatch={"policy": "far away"},
        )
    )
    rider = result.tables.riders.iloc[0]
    events = result.tables.events
    assert (rider["shifts"], rider["planned_s"], rider["delivered"]) == (2, 2 * 8 * 3600, 0)
    assert (events["kind"] == Kind.OFF_SHIFT).sum() == 1  # the two shifts are one
    assert rider["earned"] == 2 * 8 * 1000


UNCLEAR: dict[str, tuple[dict[str, Any], str]] = {
    "the last day of all": (
        {"calendar": {"start": "9999-12-31", "days": 2}},
        "calendar.start has no upper bound: OverflowError in demand._weekend",
    ),
    "shifts for nobody": (
        {"riders": {"shifts": {"a": SHIFT | {"share": 0}}}},
        "shift shares of zero: 'Probabilities contain NaN' and a RuntimeWarning",
    ),
    "nearly equal tastes": (
        {"population": {"taste_cv": 1e-200}},
        "gamma_mean_one: ZeroDivisionError for a coefficient of variation of 1e-200",
    ),
    "astronomic weights": (
        {"population": {"segments": {"a": {"share": 1, "weekday": [1e308] * 24}}}},
        "hourly weights of 1e308 overflow: 'lam value too large' and RuntimeWarnings",
    ),
    "waves without pause": (
        {"dispatch": {"every_s": 1e-12}},
        "every_s between 0 and about a second never ends: now + 1e-12 == now",
    ),
}


@pytest.mark.parametrize("name", list(UNCLEAR))
def test_what_cannot_run_is_refused_by_the_schema(name: str) -> None:
    """Either the schema says no, in its own words, or the scenario runs."""
    try:
        scenario = city(**UNCLEAR[name][0])
    except ValueError as error:
        assert "validation error" in str(error)
        return
    with deadline(3):
        sane(run(scenario))


def test_shares_of_shifts_sum_to_one_as_those_of_segments_do() -> None:
    with pytest.raises(ValueError, match="sum to"):
        city(riders={"shifts": {"a": SHIFT | {"share": 0.2}}})


def test_a_kitchen_that_opens_after_midnight_is_closed_before() -> None:
    try:
        scenario = city(
            calendar={"days": 2},
            population={"users": 400, "segments": {"a": {"share": 1, "weekday": [1.0] * 24}}},
            merchants={"classes": {"shop": {"count": 3, "opens": "25:00", "closes": "26:00"}}},
        )
    except ValueError:
        return
    orders = run(scenario).tables.orders
    assert set((orders["placed_at"] // 3600 % 24).astype(int)) == {1}


def test_the_largest_district_fits_into_memory() -> None:
    try:
        largest = District(width_m=20_000, height_m=20_000, block_m=80)
    except ValueError:
        return
    crossings = (largest.width_m // largest.block_m + 1) * (largest.height_m // largest.block_m + 1)
    assert 8 * crossings**2 < 4e9  # bytes of the table of shortest ways


hours = st.sampled_from(["00:00", "06:30", "10:00", "23:59", "26:00", "48:00"])
shift = st.fixed_dictionaries({"start": hours, "hours": st.sampled_from([0.25, 4, 9, 16])})
shifts = st.builds(
    lambda a, b, share: {"a": a | {"share": share}, "b": b | {"share": 1 - share}},
    shift,
    shift,
    st.sampled_from([0.0, 0.25, 1.0]),
)
edge = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 2**63 - 1),
        "calendar": st.fixed_dictionaries(
            {
                "start": st.sampled_from(["2026-03-02", "2026-03-07", "2024-02-29", "0001-01-01"]),
                "days": st.sampled_from([1, 2]),
                "drain_min": st.sampled_from([0, 1, 240, 2880]),
            }
        ),
        "city": st.one_of(
            st.fixed_dictionaries(
                {
                    "kind": st.just("plane"),
                    "places": st.sampled_from([2, 3, 40]),
                    "width_m": st.sampled_from([100, 3000, 100_000]),
                    "height_m": st.sampled_from([100, 3000, 100_000]),
                    "metric": st.sampled_from(["euclidean", "manhattan"]),
                    "zone_m": st.sampled_from([100, 1000, 20_000]),
                }
            ),
            st.fixed_dictionaries(
                {
                    "kind": st.just("district"),
                    "width_m": st.sampled_from([1000, 3000]),
                    "height_m": st.sampled_from([1000, 3000]),
                    "block_m": st.sampled_from([150, 400, 1000]),
                    "bridges": st.sampled_from([1, 20]),
                    "zone_m": st.sampled_from([200, 5000]),
                }
            ),
        ),
        "travel": st.fixed_dictionaries(
            {"metres_per_minute": st.sampled_from([10, 250, 2000]), "whole_minutes": st.booleans()}
        ),
        "population": st.fixed_dictionaries(
            {
                "users": st.sampled_from([0, 1, 2, 60]),
                "taste_cv": st.sampled_from([0, 0.8, 5]),
                "patience_min": st.sampled_from([1, 30, 600]),
                "patience_shape": st.sampled_from([0.1, 4, 100]),
                "basket_cv": st.sampled_from([0, 0.5, 3]),
            }
        ),
        "merchants": st.fixed_dictionaries(
            {
                "classes": st.fixed_dictionaries(
                    {
                        "shop": st.fixed_dictionaries(
                            {
                                "count": st.sampled_from([0, 1, 6]),
                                "popularity": st.sampled_from([0, 1, 100]),
                                "stations": st.sampled_from([1, 1000]),
                                "prep_min": st.sampled_from([0.1, 10, 240]),
                                "prep_shape": st.sampled_from([0.1, 2, 100]),
                                "closes": st.sampled_from(["07:01", "22:00", "26:00", "48:00"]),
                            }
                        )
                    }
                ),
                "choice_km": st.sampled_from([0.05, 1.2, 50]),
                "radius_km": st.sampled_from([0.1, 4, 100]),
                "popularity_cv": st.sampled_from([0, 1, 5]),
            }
        ),
        "riders": st.fixed_dictionaries(
            {
                "count": st.sampled_from([0, 1, 5]),
                "capacity": st.sampled_from([1, 50]),
                "attendance": st.sampled_from([0, 0.5, 1]),
                "start_jitter_min": st.sampled_from([0, 30, 240]),
                "shifts": shifts,
            }
        ),
        "service": st.fixed_dictionaries(
            {"pickup_min": st.sampled_from([0, 4, 60]), "dropoff_min": st.sampled_from([0, 4, 60])}
        ),
        "platform": st.fixed_dictionaries(
            {
                "promise_min": st.sampled_from([1, 40, 600]),
                "exact_ready": st.booleans(),
                "delivery_fee_yuan": st.sampled_from([0, 3.99, 100]),
                "commission": st.sampled_from([0, 0.18, 0.9]),
            }
        ),
        "pay": st.fixed_dictionaries(
            {
                "per_order_yuan": st.sampled_from([0, 5, 100]),
                "per_km_yuan": st.sampled_from([0, 0.5, 100]),
                "guarantee_yuan_per_hour": st.sampled_from([0, 20, 1000]),
            }
        ),
        "dispatch": st.fixed_dictionaries(
            {
                "policy": st.sampled_from(["nearest", "matching"]),
                "every_s": st.sampled_from([0, 20, 60, 3600]),
                "diversion": st.booleans(),
                "single_merchant": st.booleans(),
                "pickup_by_off": st.booleans(),
            }
        ),
    }
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(blocks=edge)
def test_whatever_the_schema_accepts_runs_and_reads_back(
    blocks: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    scenario = Scenario.model_validate(blocks)
    path = tmp_path_factory.getbasetemp() / "resolved.yaml"
    path.write_text(resolved(scenario), encoding="utf-8")
    again = load(path, Scenario)
    assert again == scenario
    assert scenario_hash(again) == scenario_hash(scenario)
    sane(run(scenario))


@pytest.mark.parametrize("name", ["nobody at all", "two places"])
def test_a_city_at_the_edge_gives_a_report(name: str, tmp_path: Path) -> None:
    result = run(city(**EDGES[name]), tmp_path / "run")
    page = report_run(result).read_text(encoding="utf-8")
    assert page.count("<svg") + page.count("<img") > 0
    assert ">nan<" not in page.lower()
    assert build_city(result.scenario).segments == result.city.segments
