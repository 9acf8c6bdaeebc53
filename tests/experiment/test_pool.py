"""Replications over processes and over a cluster: equal bytes, killed studies that resume, workers that die."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import sim.experiment.pool as pooling
from sim.city.build import build_city
from sim.city.model import City
from sim.engine.referee import PolicyError
from sim.experiment.compare import compare
from sim.experiment.pool import Pool, city_key
from sim.experiment.replicate import Job, Row
from sim.experiment.store import Store
from sim.scenario.schema import Scenario
from sim.scenario.study import Study, scenarios_of

TOWN = {
    "calendar": {"drain_min": 60},
    "city": {"kind": "plane", "places": 40, "width_m": 2500, "height_m": 2500},
    "population": {"users": 150},
    "merchants": {"classes": {"restaurant": {"count": 6}}},
    "riders": {"count": 6},
}
SMALL = Scenario.model_validate(TOWN)
TWO = {"near": {"dispatch.policy": "nearest"}, "match": {"dispatch.policy": "matching"}}
POLICIES = '''
import os, signal
from dataclasses import dataclass
from pathlib import Path
from sim.policies.matching import Matching

@dataclass(frozen=True)
class Mortal:
    """Kills the process it runs in: once, as long as the marker is not there, or always."""

    marker: str
    how: str = "kill"
    always: bool = False

    def __call__(self, wave, rng):
        if wave.index == 3 and (self.always or not Path(self.marker).exists()):
            Path(self.marker).touch()
            os.kill(os.getpid(), signal.SIGKILL) if self.how == "kill" else os._exit(3)
        return Matching()(wave, rng)

def wrong(wave, rng):
    return "nonsense" if wave.index == 5 else []
'''


@dataclass(frozen=True)
class Sham:
    """A replication without a simulation."""

    replication: int
    variant: str = "sham"
    scenario: Scenario = SMALL
    fails: bool = False
    written: str = "k"

    def key(self) -> str:
        return "k"

    def run(self, city: City) -> Row:
        if self.fails:
            raise ValueError("no luck")
        return Row(self.variant, self.replication, self.written, {"places": float(len(city.places.x))}, ())


def study(variants: dict | None = None, count: int = 3) -> Study:
    fields = {"scenario": "town.yaml", "variants": variants or TWO, "replications": {"count": count}}
    return Study.model_validate(fields)


@pytest.fixture
def town(tmp_path: Path) -> Path:
    (tmp_path / "town.yaml").write_text(json.dumps(TOWN))
    return tmp_path


@pytest.fixture
def mortal(tmp_path: Path) -> str:
    (tmp_path / "policies.py").write_text(POLICIES)
    return f"{tmp_path / 'policies.py'}"


def contents(out: Path) -> dict[str, bytes]:
    """What a study kept, without what a kill left half-written under a hidden name.

    Also without the rows' keys, which tell the source: it may be edited while these tests run.
    """
    files = (path for path in out.rglob("*.json") if not path.name.startswith("."))
    return {str(path.relative_to(out)): re.sub(rb'"key": "[^"]*"', b"", path.read_bytes()) for path in files}


def kept(out: Path) -> int:
    return sum(not path.name.startswith(".") for path in (out / "replications").rglob("*.json"))


@pytest.fixture
def expected(town: Path) -> dict[str, bytes]:
    """The study in this process, uninterrupted."""
    compare(study(), town, town / "one", Pool(1))
    found = contents(town / "one")
    assert len(found) == 7  # 2 x 3 replications and compare.json
    return found


def test_two_processes_give_the_same_bytes_as_one(town: Path, expected: dict[str, bytes]) -> None:
    compare(study(), town, town / "two", Pool(2))
    assert contents(town / "two") == expected


def test_what_is_kept_is_not_run_again_and_more_are_added(
    town: Path, expected: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[tuple[str, int]] = []
    run = Job.run

    def counted(job: Job, city: City) -> Row:
        runs.append((job.variant, job.replication))
        return run(job, city)

    monkeypatch.setattr(Job, "run", counted)
    compare(study(), town, town / "one", Pool(1))
    assert runs == []
    assert contents(town / "one") == expected
    compare(study(count=4), town, town / "one", Pool(1))
    assert runs == [("near", 3), ("match", 3)]
    (town / "one" / "replications" / "near" / "00001.json").write_text('{"variant": "near", "repl')
    compare(study(), town, town / "one", Pool(1))
    assert runs[2:] == [("near", 1)]
    assert contents(town / "one")["compare.json"] == expected["compare.json"]


def test_only_the_variant_that_changed_is_run_again(town: Path, expected: dict[str, bytes]) -> None:
    changed = study({**TWO, "match": {"dispatch.policy": "matching", "dispatch.every_s": 60}})
    compare(changed, town, town / "one", Pool(1))
    now = contents(town / "one")
    assert {name for name in now if now[name] != expected[name]} == {
        "compare.json",
        *(f"replications/match/{number:05d}.json" for number in range(3)),
    }


def test_progress_goes_up_to_one_and_counts_what_is_kept() -> None:
    told: list[float] = []
    store = Store(None)
    Pool(1).run([Sham(0), Sham(1)], store)
    Pool(1).run([Sham(r) for r in range(4)], store, told.append)
    assert told == [0.75, 1.0]


def test_the_city_that_variants_share_is_built_once(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[Scenario] = []

    def counted(scenario: Scenario) -> City:
        built.append(scenario)
        return build_city(scenario)

    monkeypatch.setattr(pooling, "build_city", counted)
    decided: list[dict[str, Any]] = [{"policy": "nearest"}, {"every_s": 60.0}, {"params": {"lead_min": 1}}]
    same = [SMALL.model_copy(update={"dispatch": SMALL.dispatch.model_copy(update=own)}) for own in decided]
    same.append(SMALL.model_copy(update={"platform": SMALL.platform.model_copy(update={"promise_min": 30.0})}))
    other = SMALL.model_copy(update={"seed": 2})
    pool, store = Pool(1), Store(None)
    pool.run([Sham(r, f"v{i}", s) for r in range(2) for i, s in enumerate([*same, other])], store)
    pool.run([Sham(5, "more", SMALL)], store)
    assert len(built) == 2


def test_variants_with_different_cities_each_run_in_their_own(town: Path) -> None:
    fleets = study({"few": {"riders.count": 3}, "many": {"riders.count": 12}, "small": {"city.places": 20}}, 2)
    found = compare(fleets, town, pool=Pool(1))
    alone = {name: Job(name, s, 1).run(build_city(s)) for name, s in found.scenarios.items()}
    assert {name: str(rows[1]) for name, rows in found.rows.items()} == {name: str(r) for name, r in alone.items()}


@pytest.mark.parametrize(
    ("change", "same"),
    [({"name": "x", "description": "y"}, True), ({"seed": 9}, False), ({"riders": {"count": 7}}, False)],
)
def test_the_citys_key_is_what_the_platform_does_not_decide(change: dict, same: bool) -> None:
    changed = Scenario.model_validate(TOWN | change)
    assert (city_key(changed) == city_key(SMALL)) == same


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_in_a_replication_is_one_line_and_keeps_the_finished(workers: int, town: Path, mortal: str) -> None:
    bad = study({"near": {"dispatch.policy": "nearest"}, "bad": {"dispatch.policy": f"{mortal}:wrong"}}, 3)
    with pytest.raises(PolicyError, match=f"^policy {mortal}:wrong, wave 5: [^\n]*$"):
        compare(bad, town, town / "out", Pool(workers))
    if workers == 1:
        assert sorted(contents(town / "out")) == ["replications/near/00000.json"]
    assert not (town / "out" / "compare.json").exists()


def test_a_failure_of_one_keeps_what_finished_before() -> None:
    store = Store(None)
    with pytest.raises(ValueError, match="no luck"):
        Pool(1).run([Sham(0), Sham(1), Sham(2, fails=True), Sham(3)], store)
    assert [store.find(Sham(r)) is not None for r in range(4)] == [True, True, False, False]


def test_a_worker_that_dies_is_retried(town: Path, mortal: str, expected: dict[str, bytes]) -> None:
    params = {"marker": str(town / "died")}
    variants = {**TWO, "match": {"dispatch.policy": f"{mortal}:Mortal", "dispatch.params": params}}
    compare(study(variants), town, town / "out", Pool(2))
    assert (town / "died").exists()
    found, plain = contents(town / "out"), expected
    assert found["compare.json"] == plain["compare.json"]  # Mortal decides as matching does
    assert found.keys() == plain.keys()


def test_workers_that_always_die_end_with_one_line(town: Path, mortal: str) -> None:
    """Also when one job is left, which must not run in the process of the study itself."""
    params = {"marker": str(town / "died"), "always": True}
    own = {"dispatch.policy": f"{mortal}:Mortal", "dispatch.params": params}
    made = scenarios_of(study({"near": {"dispatch.policy": "nearest"}, "deadly": own}), town)
    near, deadly = ([Job(name, scenario, r) for r in range(2)] for name, scenario in made.items())
    Pool(1).run(near, Store(town / "out"))
    with pytest.raises(ChildProcessError, match=r"^worker processes died 3 times \([^\n]*\)$"):
        Pool(2).run([*near, *deadly], Store(town / "out"))
    assert kept(town / "out") == 2


def test_a_row_of_other_code_is_not_taken_for_ours() -> None:
    other = Sham(0, written="another version")
    with pytest.raises(ValueError, match=r"^the code of the workers is not ours: [^\n]*$"):
        Pool(1).run([other], Store(None))


SCRIPT = """
import sys
from pathlib import Path
from sim.experiment.compare import compare
from sim.experiment.pool import Pool
from sim.scenario.load import load
from sim.scenario.study import Study

if __name__ == "__main__":
    here = Path(sys.argv[1])
    compare(load(here / "study.yaml", Study), here, here / sys.argv[2], Pool(2))
"""


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs process groups")
def test_a_study_killed_at_random_moments_resumes_to_the_same_bytes(town: Path) -> None:
    (town / "study.yaml").write_text(study(count=6).model_dump_json())
    compare(study(count=6), town, town / "whole", Pool(1))
    expected, rng = contents(town / "whole"), random.Random(os.getpid())
    deaths = 0
    for target in sorted(rng.sample(range(1, 10), 2)):
        process = start(town)
        wait_for(town / "out", target, process)
        time.sleep(rng.random() * 0.05)
        os.killpg(process.pid, signal.SIGKILL)
        deaths += process.wait() == -signal.SIGKILL
        now = contents(town / "out")
        assert {name: now[name] for name in now} == {name: expected[name] for name in now}
    assert deaths >= 1  # the last one may have come too late
    assert start(town).wait() == 0
    assert contents(town / "out") == expected


def start(town: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", SCRIPT, str(town), "out"]
    return subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)


def wait_for(out: Path, count: int, process: "subprocess.Popen[bytes]") -> None:
    limit = time.monotonic() + 120
    while kept(out) < count and process.poll() is None and time.monotonic() < limit:
        time.sleep(0.005)


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """Two Dask workers on loopback."""
    distributed = pytest.importorskip("distributed")
    workers = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with distributed.LocalCluster(host="127.0.0.1", **workers) as running:
        yield running.scheduler_address


def test_two_dask_workers_give_the_same_bytes_as_one_process(
    cluster: str, town: Path, expected: dict[str, bytes]
) -> None:
    pool = Pool(cluster=cluster)
    compare(study(), town, town / "dask", pool)
    assert contents(town / "dask") == expected
    assert pool.efficiency > 0


def test_a_dask_worker_that_dies_is_retried(cluster: str, town: Path, mortal: str, expected: dict[str, bytes]) -> None:
    own = {"dispatch.policy": f"{mortal}:Mortal", "dispatch.params": {"marker": str(town / "died"), "how": "exit"}}
    compare(study({**TWO, "match": own}), town, town / "out", Pool(cluster=cluster))
    assert (town / "died").exists()
    assert contents(town / "out")["compare.json"] == expected["compare.json"]


def test_dask_workers_that_always_die_end_with_one_line(cluster: str, town: Path, mortal: str) -> None:
    params = {"marker": str(town / "died"), "always": True}
    own = {"dispatch.policy": f"{mortal}:Mortal", "dispatch.params": params}
    made = scenarios_of(study({"near": {"dispatch.policy": "nearest"}, "deadly": own}), town)
    with pytest.raises(ChildProcessError, match=r"^worker processes died 3 times \([^\n]*\)$"):
        Pool(cluster=cluster).run([Job("deadly", made["deadly"], 0), Job("near", made["near"], 0)], Store(None))


def test_a_policy_error_on_dask_is_the_same_line(cluster: str, town: Path, mortal: str) -> None:
    bad = study({"near": {"dispatch.policy": "nearest"}, "bad": {"dispatch.policy": f"{mortal}:wrong"}}, 2)
    with pytest.raises(PolicyError, match=f"^policy {mortal}:wrong, wave 5: [^\n]*$"):
        compare(bad, town, pool=Pool(cluster=cluster))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense://x", ""])
def test_no_scheduler_at_the_address_is_one_line(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(pooling, "WAIT_S", 1)
    with pytest.raises(ValueError, match=r"^--cluster .*: no scheduler answers [^\n]*$"):
        Pool(cluster=address).run([Sham(0), Sham(1)], Store(None))


def test_a_cluster_without_the_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ValueError, match=r"pip install 'paotui\[cluster\]'"):
        Pool(cluster="tcp://127.0.0.1:1").run([Sham(0), Sham(1)], Store(None))


def test_efficiency_is_the_share_of_the_workers_time_in_replications(town: Path) -> None:
    pool = Pool(1)
    assert pool.efficiency != pool.efficiency
    compare(study(count=2), town, pool=pool)
    assert 0 < pool.efficiency <= 1.01
