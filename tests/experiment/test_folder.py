"""Result folders appear whole or not at all; files are written in one piece."""

import json
from pathlib import Path

import numpy as np
import pytest

from sim.experiment.folder import Folder, expect_file, write_json, write_text


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def fill(path: Path, text: str = "{}") -> None:
    with Folder(path) as folder:
        (folder.part / "manifest.json").write_text(text)
        folder.keep()


def test_a_kept_folder_stands_alone(tmp_path: Path) -> None:
    fill(tmp_path / "deep" / "below" / "run")
    assert names(tmp_path / "deep" / "below") == ["run"]
    assert names(tmp_path / "deep" / "below" / "run") == ["manifest.json"]


def test_nothing_stands_there_before_the_end(tmp_path: Path) -> None:
    with Folder(tmp_path / "run") as folder:
        assert not (tmp_path / "run").exists()
        assert folder.part.is_dir()
        assert folder.part.parent == tmp_path  # the same disk, so that it is put in place in one step
        folder.keep()
        assert not (tmp_path / "run").exists()


def test_a_folder_that_is_not_kept_vanishes(tmp_path: Path) -> None:
    with Folder(tmp_path / "run") as folder:
        (folder.part / "half").write_text("half")
    assert names(tmp_path) == []
    with pytest.raises(KeyError), Folder(tmp_path / "run") as folder:
        raise KeyError
    assert names(tmp_path) == []


def test_an_earlier_result_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    fill(tmp_path / "run", "1")
    (tmp_path / "run" / "report.html").write_text("old")
    with Folder(tmp_path / "run") as folder:
        (folder.part / "manifest.json").write_text("2")
    assert names(tmp_path / "run") == ["manifest.json", "report.html"]
    fill(tmp_path / "run", "3")
    assert names(tmp_path / "run") == ["manifest.json"]
    assert (tmp_path / "run" / "manifest.json").read_text() == "3"


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    fill(tmp_path / "run")
    assert names(tmp_path / "run") == ["manifest.json"]


def test_what_a_killed_run_left_is_swept_away(tmp_path: Path) -> None:
    fill(tmp_path / "run")
    left = Folder(tmp_path / "run").part  # never left in an orderly way
    (left / "half").write_text("half")
    fill(tmp_path / "run")
    assert names(tmp_path) == ["run"]
    assert names(tmp_path / "run") == ["manifest.json"]


def test_anything_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.png").write_text("cat")
    (tmp_path / "file").write_text("text")
    for path, reason in [
        (tmp_path / "photos", "exists and is not an earlier result; choose another --out"),
        (tmp_path / "file", "exists and is not an earlier result"),
        (tmp_path / "file" / "run", "cannot be written"),
        (Path("/proc/run"), "cannot be written"),
    ]:
        with pytest.raises(ValueError, match=reason) as caught:
            Folder(path)
        assert str(caught.value).startswith(f"{path}: ")
    assert names(tmp_path) == ["file", "photos"]
    assert (tmp_path / "photos" / "cat.png").read_text() == "cat"


@pytest.mark.parametrize("earlier", [False, True])
def test_the_working_directory_itself_may_be_the_folder(
    earlier: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Either it works, or it is refused; an earlier result is not lost in any case."""
    if earlier:
        (tmp_path / "manifest.json").write_text("1")
    monkeypatch.chdir(tmp_path)
    try:
        fill(Path(), "2")
    except ValueError:
        assert names(tmp_path) == ["manifest.json"] * earlier
    assert names(tmp_path) in (["manifest.json"], [])
    assert not earlier or names(tmp_path) == ["manifest.json"]


def test_a_link_to_an_earlier_result_is_followed_or_refused(tmp_path: Path) -> None:
    fill(tmp_path / "disk" / "run", "1")
    (tmp_path / "run").symlink_to(tmp_path / "disk" / "run")
    try:
        fill(tmp_path / "run", "2")
    except ValueError:
        assert (tmp_path / "disk" / "run" / "manifest.json").read_text() == "1"
    assert (tmp_path / "run" / "manifest.json").is_file()
    assert names(tmp_path) == ["disk", "run"]


def test_a_file_is_written_in_one_piece(tmp_path: Path) -> None:
    path = tmp_path / "kpis.json"
    write_json(path, {"b": 1, "a": [0.1, None], "名": "值"})
    assert path.read_bytes() == '{\n  "b": 1,\n  "a": [\n    0.1,\n    null\n  ],\n  "名": "值"\n}\n'.encode()
    assert json.loads(path.read_text(encoding="utf-8"))["a"] == [0.1, None]
    write_text(path, "new")
    assert path.read_text() == "new"
    assert names(tmp_path) == ["kpis.json"]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_json_has_no_word_for_nan(value: float, tmp_path: Path) -> None:
    path = tmp_path / "kpis.json"
    write_json(path, {"value": value, "all": [[value, 1.5], (np.float64(value),)]})
    assert json.loads(path.read_text()) == {"value": None, "all": [[None, 1.5], [None]]}


def test_what_json_cannot_hold_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "kpis.json"
    write_json(path, 1)
    with pytest.raises(TypeError, match="JSON"):
        write_json(path, {"value": tmp_path})
    assert path.read_text() == "1\n"
    assert names(tmp_path) == ["kpis.json"]


def test_what_was_left_of_an_earlier_replacement_is_no_hindrance(tmp_path: Path) -> None:
    fill(tmp_path / "run")
    (tmp_path / ".run.old").mkdir()
    (tmp_path / ".run.old" / "rest").touch()
    fill(tmp_path / "run", '{"again": true}')
    assert names(tmp_path) == ["run"]


@pytest.mark.parametrize(("earlier", "kept"), [("finished", ["run", "run-failed"]), ("failed", ["run"])])
def test_what_breaks_off_replaces_no_finished_result(tmp_path: Path, earlier: str, kept: list[str]) -> None:
    fill(tmp_path / "run", json.dumps({"status": earlier}))
    with Folder(tmp_path / "run") as folder:
        (folder.part / "manifest.json").write_text('{"status": "failed", "error": "new"}')
        folder.keep_aside()
    assert names(tmp_path) == kept
    assert json.loads((tmp_path / kept[-1] / "manifest.json").read_text())["error"] == "new"


def test_a_file_is_expected_to_be_writable_and_nothing_is_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    expect_file(tmp_path / "not" / "there" / "yet.json")
    for wrong, why in ((tmp_path, "is a folder"), (tmp_path / "file" / "x.json", "is no folder")):
        with pytest.raises(ValueError, match=why):
            expect_file(wrong)
    assert names(tmp_path) == ["file"]
    write_text(tmp_path / "not" / "there" / "yet.json", "{}")
