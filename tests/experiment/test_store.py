"""The folder of a study: rows are there whole or not at all, and only those of the same assumptions count."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from sim.city.model import City
from sim.experiment.replicate import Row
from sim.experiment.store import Store
from sim.scenario.schema import Scenario

SCENARIO = Scenario()


@dataclass(frozen=True)
class Asked:
    """A replication that nobody needs to run."""

    variant: str = "a"
    replication: int = 0
    assumed: str = "k1"
    scenario: Scenario = SCENARIO

    def key(self) -> str:
        return self.assumed

    def run(self, city: City) -> Row:
        raise NotImplementedError


def row(job: Asked, value: float = 1.5) -> Row:
    return Row(job.variant, job.replication, job.assumed, {"x": value, "none": math.nan}, ((1.0,), (2.0,)))


def text(kept: Row | None) -> str:
    return str(kept)


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_what_is_kept_is_found_by_another_store(tmp_path: Path) -> None:
    Store(tmp_path).keep(row(Asked()))
    assert text(Store(tmp_path).find(Asked())) == text(row(Asked()))
    assert files(tmp_path) == ["replications/a/00000.json"]


def test_nothing_is_found_in_an_empty_folder_and_none_is_made(tmp_path: Path) -> None:
    assert Store(tmp_path / "new").find(Asked()) is None
    assert not (tmp_path / "new").exists()


def test_without_a_folder_rows_are_kept_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = Store(None)
    assert store.find(Asked()) is None
    store.keep(row(Asked()))
    assert store.find(Asked()) == row(Asked()) or text(store.find(Asked())) == text(row(Asked()))
    assert Store(None).find(Asked()) is None
    assert list(tmp_path.iterdir()) == []


def test_other_assumptions_are_run_again_and_take_the_place(tmp_path: Path) -> None:
    Store(tmp_path).keep(row(Asked()))
    changed = Asked(assumed="k2")
    store = Store(tmp_path)
    assert store.find(changed) is None
    store.keep(row(changed, 9.0))
    assert store.find(changed) is not None
    assert Store(tmp_path).find(Asked()) is None
    assert len(files(tmp_path)) == 1


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda whole: whole[: len(whole) // 2],
        lambda whole: b"",
        lambda whole: b"\xff\xfe\x00",
        lambda whole: b"null",
        lambda whole: b"[]",
        lambda whole: b'{"variant": "a"}',
        lambda whole: whole.replace(b'"zones": [', b'"zones": 3, "z": ['),
        lambda whole: whole.replace(b"1.5", b'"much"'),
        lambda whole: whole.replace(b'"kpis": {', b'"kpis": 7, "k": {'),
    ],
)
def test_a_spoilt_file_is_run_again(spoilt: Callable[[bytes], bytes], tmp_path: Path) -> None:
    Store(tmp_path).keep(row(Asked()))
    path = tmp_path / "replications" / "a" / "00000.json"
    path.write_bytes(spoilt(path.read_bytes()))
    assert Store(tmp_path).find(Asked()) is None
    Store(tmp_path).keep(row(Asked()))
    assert text(Store(tmp_path).find(Asked())) == text(row(Asked()))


def test_a_write_that_fails_half_way_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store(tmp_path).keep(row(Asked()))
    before = (tmp_path / "replications" / "a" / "00000.json").read_bytes()

    def full(path: Path, text: str, encoding: str) -> None:
        path.write_bytes(text.encode(encoding)[:20])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", full)
        with pytest.raises(OSError, match="No space left"):
            Store(tmp_path).keep(row(Asked(), 2.5))
    assert (tmp_path / "replications" / "a" / "00000.json").read_bytes() == before
    assert text(Store(tmp_path).find(Asked())) == text(row(Asked()))


NAMES = ["a/b", "../up", "..", ".", "a b", "快 送", "C:\\x", "file.py:Mine", "50%", "a%2Fb", "x" * 80]


def test_variants_of_any_name_stay_inside_and_apart(tmp_path: Path) -> None:
    study = tmp_path / "deep" / "study"
    for index, name in enumerate(NAMES):
        Store(study).keep(row(Asked(name), float(index)))
    assert {path.name for path in (study / "replications").iterdir() if path.is_file()} == set()
    assert len(files(tmp_path)) == len(NAMES)
    assert all(path.startswith("deep/study/replications/") for path in files(tmp_path))
    store = Store(study)
    for index, name in enumerate(NAMES):
        found = store.find(Asked(name))
        assert found is not None
        assert (found.variant, found.kpis["x"]) == (name, index)


def test_rows_come_in_their_order_whatever_order_they_finished_in(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for number in (2, 0, 1, 3):
        store.keep(row(Asked(replication=number), float(number)))
    assert [r.replication for r in store.rows("a", 3)] == [0, 1, 2]


def test_equal_rows_are_equal_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        Store(tmp_path / name).keep(row(Asked(), 1 / 3))
    one, two = ((tmp_path / name / "replications/a/00000.json").read_bytes() for name in ("one", "two"))
    assert one == two
    assert b"NaN" not in one
