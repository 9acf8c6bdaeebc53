"""From a YAML file, its parent and ``--set`` to a validated model, and back to canonical text."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from sim.scenario import yaml12
from sim.scenario.errors import ScenarioError, describe, shown
from sim.scenario.yaml12 import MAX_DEPTH, Loc, YamlError
from sim.spelling import did_you_mean

M = TypeVar("M", bound=BaseModel)

FOLDERS = (Path(__file__).parents[2] / "scenarios", Path(__file__).parents[1] / "scenarios")
"""Where built-in scenarios live: in a checkout, in an installed package."""


@dataclass(frozen=True)
class Setting:
    """A value to set: its keys, and where it comes from.

    Parameters
    ----------
    parts, value
        Keys from the top, and what is set there.
    places
        Printed location of the value at ``()``, and of what stands in it where that is known.
    """

    parts: list[str]
    value: Any
    places: Mapping[Loc, str]

    @classmethod
    def of(cls, text: str, places: Mapping[Loc, str]) -> Setting:
        """From ``a.b=value``, the value written as in YAML.

        Raises
        ------
        ScenarioError
            When the text is something else.
        """
        name, equals, value = text.partition("=")
        parts = name.strip().split(".")
        if not equals or not all(parts) or len(parts) > MAX_DEPTH:
            raise ScenarioError(f"{places[()]}: expected key.key=value")
        try:
            return cls(parts, yaml12.parse(value).data if value.strip() else None, places)
        except YamlError as error:
            raise ScenarioError(f"{places[()]}: {error}") from error

    @property
    def place(self) -> str:
        """Printed location of the value."""
        return self.places[()]


def load(path: str | Path, model: type[M], overrides: Sequence[str | Setting] = ()) -> M:
    """Read a YAML file into a validated model.

    Parameters
    ----------
    path
        A file, or the name of a built-in scenario. Its key ``extends`` may name one parent: a file
        (relative to this one) or a built-in. Mappings merge; lists and scalars replace; so does a mapping
        whose ``kind`` differs from the parent's.
    model
        The pydantic class to build.
    overrides
        ``a.b=value`` each, the value written as in YAML; ``a.0.b`` for an item of a list. Whole sections are
        set before their keys and a ``kind`` before its neighbours, otherwise the last one counts. A
        :class:`Setting` brings the place that errors tell.

    Raises
    ------
    ScenarioError
        One line for each problem, with file, line and column.
    """
    child = _layer(find(str(path)))
    layer = _with_parent(child)
    settings = [given if isinstance(given, Setting) else _setting(given) for given in overrides]
    for setting in sorted(settings, key=lambda s: (len(s.parts), s.parts[-1] != "kind")):
        layer = _assign(layer, setting)
    try:
        return model.model_validate(layer.data, context={"folders": _folders(child), "places": layer.places})
    except ValidationError as error:
        raise ScenarioError(*describe(error, model, layer.places)) from error


def find(name: str) -> Path:
    """The file of that path, or else the built-in scenario of that name.

    Raises
    ------
    ScenarioError
        When there is neither.
    """
    if _is_file(name):
        return Path(name)
    if built_in := _built_in(name):
        return built_in
    if os.path.exists(name):  # noqa: PTH110 (see _is_file)
        return Path(name)
    raise ScenarioError(_not_found(name))


def resolved(instance: BaseModel) -> str:
    """Canonical YAML of a model with every default written out; :func:`load` reads it back equal."""
    return yaml12.dump(_plain(instance))


def scenario_hash(instance: BaseModel) -> str:
    """First 16 hex digits of the SHA-256 of the model's canonical JSON."""
    text = json.dumps(_plain(instance), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(instance: BaseModel) -> dict[str, Any]:
    written = instance.model_dump(mode="json", by_alias=True)
    plain: dict[str, Any] = _with_infinities(written, instance.model_dump(by_alias=True))
    return plain


def _with_infinities(written: Any, value: Any) -> Any:
    # In fields typed Any, pydantic's JSON mode writes an infinity as null.
    if isinstance(written, dict) and isinstance(value, dict):
        return {key: _with_infinities(item, value.get(key)) for key, item in written.items()}
    if isinstance(written, list) and isinstance(value, list):
        return [_with_infinities(*pair) for pair in zip(written, value, strict=True)]
    return value if written is None and isinstance(value, float) else written


@dataclass(frozen=True)
class _Layer:
    """Data, and the printed location of each of its paths."""

    path: Path
    data: dict[str, Any]
    places: dict[Loc, str]


def _is_file(path: str | Path) -> bool:
    # Path.is_file() raises for a name that is too long; this one says no.
    return os.path.isfile(path)  # noqa: PTH113


def _built_in(name: str) -> Path | None:
    return _built_ins().get(name.removesuffix(".yaml"))


def _built_ins() -> dict[str, Path]:
    return {path.stem: path for folder in reversed(FOLDERS) for path in sorted(folder.glob("*.yaml"))}


def _not_found(name: str) -> str:
    known = did_you_mean(Path(name).name.removesuffix(".yaml"), _built_ins())
    return f"no such scenario file: {shortened(name)}{known}"


def shortened(text: str) -> str:
    """A text of at most 200 characters."""
    return text if len(text) <= 200 else f"{text[:197]}..."


def _layer(path: Path) -> _Layer:
    try:
        document = yaml12.read(path)
    except YamlError as error:
        raise ScenarioError(f"{_at(path, error.mark)}: {error}") from error
    except OSError as error:
        raise ScenarioError(f"{path}: cannot read it: {error.strerror}") from error
    places = {loc: _at(path, mark) for loc, mark in document.marks.items()}
    if not isinstance(document.data, dict):
        raise ScenarioError(f"{places[()]}: expected a mapping, got {shown(document.data)}")
    return _Layer(path, document.data, places)


def _at(path: Path, mark: yaml12.Mark) -> str:
    return f"{path}:{mark[0]}:{mark[1]}"


def _with_parent(child: _Layer) -> _Layer:
    if "extends" not in child.data:
        return child
    parent = _layer(_parent_path(child))
    if "extends" in parent.data:
        place = parent.places["extends",]
        raise ScenarioError(f"{place}: extends: {child.path} extends this file, which may not extend another")
    return _merge(parent, _Layer(child.path, {k: v for k, v in child.data.items() if k != "extends"}, child.places))


def _folders(child: _Layer) -> list[Path]:
    """Where a file that the YAML names may lie: beside it, beside its parent."""
    return [child.path.parent, *([_parent_path(child).parent] if "extends" in child.data else [])]


def _parent_path(child: _Layer) -> Path:
    name, place = child.data["extends"], child.places["extends",]
    if not isinstance(name, str) or not name:
        raise ScenarioError(f"{place}: extends: expected the name of a file, got {shown(name)}")
    beside = child.path.parent / name
    if _is_file(beside):
        return beside
    if built_in := _built_in(name):
        return built_in
    raise ScenarioError(f"{place}: extends: {_not_found(name)}")


def _merge(base: _Layer, top: _Layer) -> _Layer:
    replaced: set[Loc] = set()
    data = _merged(base.data, top.data, (), replaced)
    kept = {loc: place for loc, place in base.places.items() if not _within(loc, replaced)}
    return _Layer(top.path, data, kept | top.places)


def _merged(base: Any, top: Any, path: Loc, replaced: set[Loc]) -> Any:
    if not isinstance(base, dict) or not isinstance(top, dict) or _other_kind(base, top):
        replaced.add(path)
        return top
    new = {key: _merged(base[key], value, (*path, key), replaced) for key, value in top.items() if key in base}
    return base | top | new


def _other_kind(base: dict[str, Any], top: dict[str, Any]) -> bool:
    return "kind" in base and "kind" in top and bool(base["kind"] != top["kind"])


def _within(loc: Loc, roots: set[Loc]) -> bool:
    return any(loc[:n] in roots for n in range(len(loc) + 1))


def _setting(text: str) -> Setting:
    return Setting.of(text, {(): f"--set {shortened(text)}"})


def _assign(layer: _Layer, setting: Setting) -> _Layer:
    loc = _loc(layer.data, setting)
    new_kind = _changes_kind(layer.data, loc, setting.value)
    gone, value = (loc[:-1], {"kind": setting.value}) if new_kind else (loc, setting.value)
    stay = {path: place for path, place in layer.places.items() if path == loc[:-1] or not _within(path, {gone})}
    prefixes = {loc[:n]: setting.place for n in range(1, len(loc))}
    own = {(*loc, *inner): place for inner, place in setting.places.items()}
    return _Layer(layer.path, _put(layer.data, gone, value), prefixes | stay | own)


def _loc(data: Any, setting: Setting) -> Loc:
    loc: Loc = ()
    for part in setting.parts:
        key = _key(data, part, f"{setting.place}: {'.'.join(map(str, loc))}")
        data, loc = _item(data, key), (*loc, key)
    return loc


def _key(data: Any, part: str, where: str) -> str | int:
    if isinstance(data, list):
        if part not in map(str, range(len(data))):
            raise ScenarioError(f"{where}: no item {shown(part)} in a list of {len(data)}, counted from 0")
        return int(part)
    if data is not None and not isinstance(data, dict):
        raise ScenarioError(f"{where}: is {shown(data)} and has no key {shown(part)}")
    return part


def _item(data: Any, key: Any) -> Any:
    return data[key] if isinstance(data, list) else (data or {}).get(key)


def _changes_kind(data: Any, loc: Loc, value: Any) -> bool:
    for key in loc[:-1]:
        data = _item(data, key)
    return loc[-1] == "kind" and isinstance(data, dict) and _other_kind(data, {"kind": value})


def _put(data: Any, loc: Loc, value: Any) -> Any:
    if not loc:
        return value
    if isinstance(data, list):
        return [_put(item, loc[1:], value) if index == loc[0] else item for index, item in enumerate(data)]
    return (data or {}) | {loc[0]: _put(_item(data, loc[0]), loc[1:], value)}
