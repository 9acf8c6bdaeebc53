"""Finding a policy: a shipped one by name, a stranger's as ``FILE.py:Name`` or ``exec:COMMAND``."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any
from zlib import crc32

from sim.policies.params import fault_of
from sim.spelling import did_you_mean

Key = tuple[str | int, ...]
"""Keys from the top of a scenario down to a value: ``("crew", "cup", "rule")``."""


class PolicyNotFound(ValueError):
    """A policy's name or parameters lead nowhere; the text says what was expected.

    Parameters
    ----------
    problem
        One sentence.
    key
        What it is about in the scenario; empty where it stands in none.
    place
        File, line and column of that key; empty where it was read from none.
    """

    def __init__(self, problem: str, key: Key = (), place: str = "") -> None:
        super().__init__(problem, key, place)
        self.problem, self.key, self.place = problem, key, place

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.place, ".".join(map(str, self.key)), self.problem)))


def load_policy(
    registry: Mapping[str, Callable[..., Any]], spec: str, params: Mapping[str, Any] | None = None, where: Key = ()
) -> Any:
    """Make a policy from its name and parameters.

    Parameters
    ----------
    registry
        Shipped policies of this kind by name.
    spec
        A name of the registry, ``FILE.py:Name`` or ``package.module:Name``; in a registry that has an
        ``exec``, also ``exec:COMMAND``. A class is made with `params`; a function is taken as it is.
    params
        Parameters of the policy.
    where
        Key of `spec` in the scenario, beside which its ``params`` stand; empty where it has none.

    Raises
    ------
    PolicyNotFound
        When there is no such policy, its file fails to load, or it refuses the parameters.
    """
    try:
        return _make(registry, spec, dict(params or {}))
    except PolicyNotFound as error:
        key = (*where[:-1], *error.key) if error.key else where
        raise PolicyNotFound(error.problem, key if where else ()) from error


def _make(registry: Mapping[str, Callable[..., Any]], spec: str, given: dict[str, Any]) -> Any:
    if spec.startswith("exec:") and "exec" in registry:
        spec, given = "exec", {"command": spec.removeprefix("exec:")} | given
    made = _find(registry, spec)
    if not inspect.isclass(made):
        if given:
            problem = f"policy {spec!r} is a function and takes no parameters, got {', '.join(given)}"
            raise PolicyNotFound(problem, ("params",))
        return made
    known = _parameters(made)
    has = f" (it has: {', '.join(known or ()) or 'none'})"
    if unknown := [name for name in given if known is not None and name not in known]:
        hint = did_you_mean(unknown[0], known or ()) or has
        raise PolicyNotFound(f"policy {spec!r} has no parameter {unknown[0]!r}{hint}", ("params", unknown[0]))
    try:
        if fault := fault_of(made, given):
            raise TypeError(fault)
        return made(**given)
    except PolicyNotFound as error:  # of a policy inside this one
        raise PolicyNotFound(error.problem, ("params", *error.key)) from error
    except (Exception, SystemExit) as error:  # a stranger's constructor may fail in any way
        problem = f"policy {spec!r} refuses its parameters: {type(error).__name__}: {error}{has}"
        raise PolicyNotFound(problem, _blamed(error, given)) from error


def _blamed(error: BaseException, given: Mapping[str, Any]) -> Key:
    """Key of the parameter that a refusal names, or of all when it may be any; empty when none was given."""
    named = [m[0] for name in given if (m := re.search(rf"\b{re.escape(name)}\b(\.\w+)*", str(error)))] or list(given)
    if len(named) != 1:
        return ("params",) if given else ()
    return ("params", *_along(given, named[0].split(".")))


def _along(value: Any, parts: Sequence[str]) -> Iterator[str | int]:
    """Keys of mappings and lists that a dotted name leads along, as far as they are there."""
    for part in parts:
        keys = value if isinstance(value, Mapping) else range(len(value)) if isinstance(value, list) else ()
        key = next((each for each in keys if str(each) == part), None)
        if key is None:
            return
        yield key
        value = value[key]


def _parameters(made: Callable[..., Any]) -> tuple[str, ...] | None:
    """Names of a class's parameters; None where it takes any, or does not tell."""
    try:
        found = inspect.signature(made).parameters
    except (TypeError, ValueError):
        return None
    return None if any(one.kind is one.VAR_KEYWORD for one in found.values()) else tuple(found)


def _find(registry: Mapping[str, Callable[..., Any]], spec: str) -> Any:
    if spec in registry:
        return registry[spec]
    place, colon, name = spec.rpartition(":")
    if not colon:
        hint = did_you_mean(spec, registry) or f"; there are: {', '.join(registry)}, or FILE.py:Name"
        raise PolicyNotFound(f"unknown policy {spec!r}{hint}")
    module = _module(place, spec)
    if not callable(getattr(module, name, None)):
        own = [n for n, v in vars(module).items() if callable(v) and getattr(v, "__module__", "") == module.__name__]
        raise PolicyNotFound(f"{place} has no policy {name!r}{did_you_mean(name, own)}")
    return getattr(module, name)


def _module(place: str, spec: str) -> ModuleType:
    try:
        return _from_file(Path(place)) if place.endswith(".py") else importlib.import_module(place)
    except (Exception, SystemExit) as error:  # a stranger's file may fail in any way; the answer is one line
        raise PolicyNotFound(f"policy {spec!r} cannot be loaded: {type(error).__name__}: {error}") from error


def _from_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise FileNotFoundError(f"no file {path}")
    # registered under a name of its own: dataclasses and pickling look their module up there
    name = f"paotui_policy_{path.stem}_{crc32(str(path.resolve()).encode()):x}"
    found = importlib.util.spec_from_file_location(name, path)
    if found is None or found.loader is None:
        raise ImportError(f"{path} is not a Python file")
    module = sys.modules[name] = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module
