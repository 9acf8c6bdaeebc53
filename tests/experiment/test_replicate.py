"""A replication as a row: what it holds, how it reads back, and what its key depends on."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from sim.city.build import build_city
from sim.experiment import replicate
from sim.experiment.replicate import Job, Row, code_of
from sim.experiment.run import run
from sim.kpi.kpis import KPIS
from sim.scenario.schema import Scenario

SMALL = Scenario.model_validate(
    {
        "calendar": {"drain_min": 90},
        "city": {"kind": "plane", "places": 60, "width_m": 2500, "height_m": 2500},
        "population": {"users": 120},
        "merchants": {"classes": {"restaurant": {"count": 6}}},
        "riders": {"count": 6},
    }
)


@pytest.fixture(scope="module")
def row() -> Row:
    return Job("now", SMALL, 3).run(build_city(SMALL))


def test_a_row_holds_the_kpis_of_its_replication(row: Row) -> None:
    assert row.kpis == pytest.approx(run(SMALL, replication=3).kpis, nan_ok=True, rel=0)
    assert list(row.kpis) == list(KPIS)
    assert (row.variant, row.replication, row.key) == ("now", 3, Job("now", SMALL, 3).key())


def test_zones_add_up_to_the_whole_city(row: Row) -> None:
    placed, on_time, minutes, delivered = np.array(row.zones)
    assert placed.shape == (len(build_city(SMALL).zones),)
    assert placed.sum() == row.kpis["orders"] > 10
    assert on_time.sum() / placed.sum() == pytest.approx(row.kpis["on_time_share"])
    assert delivered.sum() / placed.sum() == pytest.approx(row.kpis["delivered_share"])
    assert minutes.sum() / delivered.sum() == pytest.approx(row.kpis["click_to_door_mean"])
    assert (on_time <= delivered).all()
    assert (delivered <= placed).all()


def test_a_row_reads_back_equal_also_where_a_kpi_has_no_value(row: Row) -> None:
    odd = Row("a/b", 2, "k", {"x": math.nan, "y": 0.1 + 0.2}, ((1.0, 2.0), (0.0, 1e-17)))
    for kept in (row, odd):
        text = json.dumps(kept.document(), allow_nan=False)
        again = Row.read(json.loads(text))
        assert json.dumps(again.document()) == text
        assert (again.variant, again.replication, again.key, again.zones) == (
            kept.variant,
            kept.replication,
            kept.key,
            kept.zones,
        )
        assert again.kpis == pytest.approx(kept.kpis, nan_ok=True, rel=0)


def test_the_key_changes_with_the_assumptions_only() -> None:
    key = Job("now", SMALL, 0).key()
    assert Job("then", SMALL, 9).key() == key
    assert Job("now", SMALL.model_copy(update={"seed": 2}), 0).key() != key


def test_the_key_changes_with_the_policys_file_and_the_simulator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.py"
    file.write_text("def mine(wave, rng):\n    return []\n")
    own = SMALL.model_copy(update={"dispatch": SMALL.dispatch.model_copy(update={"policy": f"{file}:mine"})})
    before, shipped = Job("a", own, 0).key(), Job("a", SMALL, 0).key()
    file.write_text("def mine(wave, rng):\n    return []  # better\n")
    assert Job("a", own, 0).key() != before
    assert Job("a", SMALL, 0).key() == shipped
    monkeypatch.setattr(replicate, "_simulator", lambda: b"another")
    assert Job("a", SMALL, 0).key() != shipped


def test_the_key_changes_with_a_model_of_the_users(tmp_path: Path) -> None:
    file = tmp_path / "model.json"
    file.write_text("{}")
    trained = SMALL.dispatch.model_copy(update={"policy": "learned", "params": {"model": str(file)}})
    own = SMALL.model_copy(update={"dispatch": trained})
    before = Job("a", own, 0).key()
    file.write_text("[]")
    assert Job("a", own, 0).key() != before


def test_the_key_changes_with_a_shipped_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "experiment").mkdir()
    (tmp_path / "policies").mkdir()
    monkeypatch.setattr(replicate, "__file__", str(tmp_path / "experiment" / "replicate.py"))
    monkeypatch.setattr(replicate, "SIMULATOR", ("policies",))
    model = tmp_path / "policies" / "learned.json"
    keys = []
    for text in ("{}", "[]"):
        model.write_text(text)
        keys.append(replicate._simulator.__wrapped__())
    assert keys[0] != keys[1]


def test_the_fingerprint_covers_every_room_a_replication_uses() -> None:
    root = Path(replicate.__file__).parents[1]
    for room in replicate.SIMULATOR:
        assert (root / room).is_dir() or (root / f"{room}.py").is_file(), room
    assert len(code_of(SMALL)) == 16
