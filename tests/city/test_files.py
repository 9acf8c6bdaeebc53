"""Where data is found, and what is kept."""

from pathlib import Path

import numpy as np
import pytest

from sim.city.files import cache_folder, content_key, find_data, kept_arrays, kept_table


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PAOTUI_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def never() -> dict[str, np.ndarray]:
    raise AssertionError("it was kept")


def test_data_is_found_here_and_in_the_named_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("x")
    assert find_data(str(tmp_path / "a.csv")) == tmp_path / "a.csv"
    monkeypatch.setenv("PAOTUI_DATA", str(tmp_path))
    assert find_data("a.csv") == tmp_path / "a.csv"
    with pytest.raises(ValueError, match=r"^b\.csv: no such file here or in .*"):
        find_data("b.csv")
    monkeypatch.delenv("PAOTUI_DATA")
    with pytest.raises(ValueError, match="set PAOTUI_DATA to the folder that holds it"):
        find_data("b.csv")


def test_the_cache_is_where_the_system_wants_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PAOTUI_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "paotui"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == Path.home() / ".cache" / "paotui"


def test_a_key_tells_contents_types_and_cuts_apart() -> None:
    ones = np.ones(4)
    keys = [content_key("a", "b"), content_key("ab"), content_key(b"ab"), content_key(ones), content_key(2 * ones),
            content_key(ones.reshape(2, 2)), content_key(ones.astype(np.float32))]  # fmt: skip
    assert len(set(keys)) == len(keys) - 1  # text is its bytes
    assert content_key(ones) == content_key(np.ones(4))


def test_what_was_made_is_kept(cache: Path) -> None:
    arrays = {"a": np.arange(3), "names": np.array(["West", "桥"])}
    for make in (lambda: arrays, never):
        found = kept_arrays("key", make)
        assert {name: value.tolist() for name, value in found.items()} == {"a": [0, 1, 2], "names": ["West", "桥"]}
    assert [path.name for path in cache.iterdir()] == ["key.npz"]


def test_a_table_is_kept_read_only(cache: Path) -> None:
    table = np.arange(8, dtype=np.float32).reshape(2, 2, 2)
    for make in (lambda: table, never):
        found = kept_table("key", make)  # type: ignore[arg-type]
        np.testing.assert_array_equal(found, table)
        assert not found.flags.writeable
    assert [path.name for path in cache.iterdir()] == ["key.npy"]


@pytest.mark.parametrize("rubbish", [b"", b"rubbish", b"PK\x03\x04 broken"])
def test_a_broken_file_is_made_again(cache: Path, rubbish: bytes) -> None:
    cache.mkdir()
    (cache / "key.npz").write_bytes(rubbish)
    (cache / "key.npy").write_bytes(rubbish)
    assert kept_arrays("key", lambda: {"a": np.ones(1)})["a"].tolist() == [1]
    assert kept_table("key", lambda: np.ones(1, np.float32)).tolist() == [1]
    assert kept_arrays("key", never)["a"].tolist() == [1]


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("PAOTUI_CACHE", str(tmp_path / "file" / "below"))
    assert kept_arrays("key", lambda: {"a": np.ones(1)})["a"].tolist() == [1]
    assert kept_table("key", lambda: np.ones(1, np.float32)).tolist() == [1]
