"""``paotui run`` and ``paotui report``, as a new user would."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli.run import _slug
from sim.experiment.run import read_run
from sim.kpi.kpis import KPIS
from sim.kpi.tables import NAMES
from sim.scenario.schema import Scenario
from tests.cli.command import Paotui
from tests.cli.conftest import SMALL

POLICY = '''
def Lazy(wave, rng):
    """Nobody gets anything."""
    return []
'''


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_first_run_of_a_new_user(here: Path, paotui: Paotui) -> None:
    answer = paotui("run", "campus_lunch", *SMALL)
    assert answer.code == 0, answer.err
    folder = here / "reports" / "campus_lunch-matching-seed7"
    assert names(here / "reports") == {folder.name}
    assert names(folder) >= {
        *{f"{name}.parquet" for name in (*NAMES, "events")},
        *{"manifest.json", "scenario.yaml", "kpis.json", "report.html"},
    }
    assert "".join(f"report: reports/{folder.name}/report.html".split()) in "".join(answer.out.split())
    assert "campus_lunch: KPIs of 1 replication" in answer.words
    kpis = json.loads((folder / "kpis.json").read_text())["kpis"]
    assert list(kpis) == list(KPIS)
    shown = {line.split()[0] for line in answer.out.splitlines() if line.strip()}
    assert {name for name in KPIS if name in shown} == {name for name in KPIS if kpis[name]["value"] is not None}
    assert f"{sum(kpi['value'] is None for kpi in kpis.values())} more have no value in this run" in answer.words
    assert kpis["on_time_share"]["value"] is not None
    assert kpis["recovery_min"]["value"] is None
    assert f"orders {kpis['orders']['value']:.2f} orders none" in answer.words
    assert f"on_time_share {kpis['on_time_share']['value']:.2f} 1 higher" in answer.words
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "<html" in page[:500].lower()
    assert not re.search(r"""(src|href)=["']https?:|@import|url\(["']?http""", page)  # it opens with no network
    (folder / "report.html").unlink()
    anew = paotui("report", folder)
    assert anew.code == 0, anew.err
    assert (folder / "report.html").read_text(encoding="utf-8") == page


def test_shortcuts_are_written_into_the_scenario(here: Path, quick: Paotui) -> None:
    answer = quick("run", "campus_lunch", *SMALL, "--seed", 3, "--days", 2, "--dispatch", "nearest", "--out", "mine")
    assert answer.code == 0, answer.err
    assert names(here) == {"mine"}
    result = read_run(here / "mine")
    assert (result.scenario.seed, result.scenario.calendar.days, result.scenario.dispatch.policy) == (3, 2, "nearest")
    assert (result.scenario.population.users, result.scenario.riders.count) == (300, 15)
    assert result.manifest["seed"] == 3
    assert result.tables.orders["placed_at"].max() > 86400


def test_set_beats_the_shortcut_and_the_file(here: Path, quick: Paotui) -> None:
    (here / "mine.yaml").write_text("extends: campus_lunch\nname: mine\nseed: 4\nriders: {count: 3}\n")
    answer = quick("run", "mine.yaml", *SMALL, "--seed", 5, "--set", "seed=6", "--out", "out")
    assert answer.code == 0, answer.err
    assert read_run(here / "out").scenario.seed == 6
    assert read_run(here / "out").scenario.name == "mine"


def test_a_policy_of_ones_own(here: Path, quick: Paotui) -> None:
    (here / "lazy.py").write_text(POLICY)
    answer = quick("run", "campus_lunch", *SMALL, "--dispatch", "lazy.py:Lazy")
    assert answer.code == 0, answer.err
    result = read_run(here / "reports" / "campus_lunch-Lazy-seed7")
    assert result.kpis["delivered_share"] == 0
    assert result.kpis["orders"] > 0


def test_a_policy_in_a_folder_with_an_apostrophe(here: Path, quick: Paotui) -> None:
    (here / "ann's.py").write_text(POLICY)
    answer = quick("run", "campus_lunch", *SMALL, "--dispatch", "ann's.py:Lazy", "--out", "out")
    assert answer.code == 0, answer.err


TOWN = """extends: campus_lunch
dispatch:
  policy: nearest
  params:
    lead_min: 3
"""


@pytest.mark.parametrize(
    ("typed", "added", "said"),
    [
        (
            (),
            "    leed_min: 3\n",
            "town.yaml:6:5: dispatch.params.leed_min: policy 'nearest' has no parameter 'leed_min'",
        ),
        (
            (),
            "crew:\n  cup: {rule: star}\n",
            "town.yaml:7:9: crew.cup.rule: unknown policy 'star' (did you mean 'stars'?)",
        ),
        (
            (),
            "pay:\n  rules: {r: {rule: flat, params: {yuan: x}}}\n",
            "town.yaml:7:36: pay.rules.r.params.yuan: policy 'f",
        ),
        (("--dispatch", "nearst"), "", '--set dispatch.policy="nearst": dispatch.policy: unknown policy'),
        (("--set", "dispatch.params.leed_min=3"), "", "--set dispatch.params.leed_min=3: dispatch.params.leed_min: "),
        (
            ("--set", "dispatch.policy=matching"),
            "    speed: 1\n",
            "town.yaml:6:5: dispatch.params.speed: policy 'matching'",
        ),
    ],
)
def test_a_policy_that_does_not_fit_is_one_line_with_its_place(
    here: Path, quick: Paotui, typed: tuple[str, ...], added: str, said: str
) -> None:
    (here / "town.yaml").write_text(TOWN + added)
    answer = quick("run", "town.yaml", *SMALL, *typed)
    assert answer.code == 2
    (line,) = (line for line in answer.err.splitlines() if line.startswith("paotui: "))
    assert line.removeprefix("paotui: ").startswith(said)
    assert "Traceback" not in answer.err
    assert not (here / "reports").exists() or not names(here / "reports"), "nothing is left of it"


def test_a_run_is_repeated_from_its_own_directory(here: Path, quick: Paotui) -> None:
    assert quick("run", "campus_lunch", *SMALL, "--out", "first").code == 0
    assert quick("run", "first/scenario.yaml", "--out", "second").code == 0
    for name in ("events.parquet", "kpis.json", "scenario.yaml"):
        assert (here / "first" / name).read_bytes() == (here / "second" / name).read_bytes()
    assert quick("run", "campus_lunch", *SMALL, "--out", "first").code == 0  # replaces its own result


@pytest.mark.parametrize(
    "name",
    [
        "plain",
        "with space",
        "名字",
        "x[red]y",
        "x[/red]y",
    ],
)
def test_the_report_is_found_where_it_is_printed(name: str, here: Path, quick: Paotui) -> None:
    answer = quick("run", "campus_lunch", *SMALL, "--out", name)
    assert answer.code == 0
    assert Path(answer.out.splitlines()[-1].removeprefix("report: ")).is_file()


def test_the_console_command_is_a_process_of_its_own(here: Path) -> None:
    """Real processes: exit codes, and nothing on standard error once the progress is gone."""
    script = Path(sys.executable).with_name("paotui")
    if not script.is_file():
        pytest.skip("paotui is not installed here")
    done = subprocess.run(
        [script, "run", "campus_lunch", *SMALL, "--out", "out"], cwd=here, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr.strip()) == (0, "")
    assert "report: out/report.html" in done.stdout
    failed = subprocess.run([script, "run", "campus_lunhc"], cwd=here, capture_output=True, text=True)
    assert (failed.returncode, failed.stdout) == (2, "")
    assert failed.stderr == "paotui: no such scenario file: campus_lunhc (did you mean 'campus_lunch'?)\n"


def test_the_module_is_the_command(here: Path, paotui: Paotui) -> None:
    root = str(Path(__file__).parents[2])
    env = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))}
    done = subprocess.run([sys.executable, "-m", "sim", "schema"], cwd=here, env=env, capture_output=True, text=True)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", paotui("schema").out)


@pytest.mark.parametrize(
    ("policy", "folder"),
    [
        ("nearest", "city-nearest-seed3"),
        ("mine/a.py:Policy", "city-a-Policy-seed3"),
        ("mine/lazy.py:Lazy", "city-Lazy-seed3"),
        ("exec:python3 ../x/two.py --at 12:30", "city-exec-seed3"),
    ],
)
def test_the_default_folder_is_called_after_the_policy(policy: str, folder: str) -> None:
    assert _slug(Scenario.model_validate({"name": "city", "seed": 3, "dispatch": {"policy": policy}})) == folder
