"""The house rules of the layout, read from the syntax tree; every rule is also shown to bite."""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "sim").rglob("*.py"))

NOUNS = {"units", "streams", "entities", "events", "routes", "spelling"}
MAY_IMPORT: dict[str, set[str]] = {
    "units": set(),
    "spelling": set(),
    "streams": {"units", "spelling"},
    "entities": {"units"},
    "events": {"units"},
    "scenario": {"units", "spelling"},
    "behaviour": {"entities", "units", "events"},
    "routes": {"entities"},
    "forecast": {"entities", "units", "spelling"},  # arrays in and out, so that a policy may hold a forecaster
    "policies": {"entities", "routes", "units", "spelling", "forecast"},
    "city": NOUNS | {"scenario"},
    "engine": NOUNS | {"scenario", "city", "behaviour", "policies", "forecast"},
    "kpi": {"entities", "events", "units"},
    "experiment": NOUNS | {"scenario", "city", "policies", "engine", "kpi"},
    "twin": NOUNS | {"scenario", "city", "kpi", "experiment", "forecast"},
    "report": NOUNS | {"scenario", "city", "kpi", "experiment", "forecast", "twin"},
}
TOP = {"cli", "__init__", "__main__"}

HOME: dict[str, set[str]] = {
    "simpy": {"engine"},
    "pydantic": {"scenario"},
    "yaml": {"scenario"},
    "osmnx": {"city"},
    "pyproj": {"city"},
    "matplotlib": {"report"},
    "jinja2": {"report"},
    "typer": {"cli"},
    "rich": {"cli"},
    "joblib": {"experiment"},
    "dask": {"experiment"},
    "distributed": {"experiment"},
    "sklearn": {"forecast"},
    "gymnasium": {"experiment"},
    "statsmodels": {"experiment"},
    "threadpoolctl": {"forecast"},
    "sim_tools": {"experiment"},
    "pyarrow": {"engine", "kpi"},
    "numba": {"policies"},
    "lifetimes": {"twin"},
}
HEAVY = (
    "osmnx",
    "matplotlib",
    "dask",
    "distributed",
    "sklearn",
    "statsmodels",
    "sim_tools",
    "scipy.optimize",
    "gymnasium",
    "numba",
    "lifetimes",
)

LONGEST_FILE, LONGEST_FUNCTION = 300, 60
BAD_FILES = {"utils", "util", "helpers", "helper", "common"}
BAD_SUFFIXES = ("Base", "Impl", "Manager", "Service")
GENERATORS = {"default_rng", "Generator", "RandomState", "SeedSequence", "Streams", "generator"}

Rule = Callable[[str, str], Iterator[str]]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def room(path: str) -> str:
    """The room of a file: sim/engine/world.py and sim/engine.py are both in engine."""
    return PurePath(path).with_suffix("").parts[1]


def imported(path: str, tree: ast.AST) -> Iterator[str]:
    """Dotted names a file imports anywhere, relative ones resolved."""
    package = PurePath(path).parent.parts
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            yield from (".".join((*start, *filter(None, [node.module]), alias.name)) for alias in node.names)


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def imports_point_down(path: str, source: str) -> Iterator[str]:
    here = room(path)
    if here in TOP:
        return
    if here not in MAY_IMPORT:
        yield f"{here} is no room of the house"
    for name in imported(path, ast.parse(source)):
        top, _, rest = name.partition(".")
        target = rest.partition(".")[0]
        if top == "sim" and target != here and target not in MAY_IMPORT.get(here, ()):
            yield f"{here} imports {name}"


def libraries_have_one_home(path: str, source: str) -> Iterator[str]:
    for name in imported(path, ast.parse(source)):
        library = name.partition(".")[0]
        if room(path) not in HOME.get(library, {room(path)}):
            yield f"{library} outside {sorted(HOME[library])}"


def files_and_functions_are_short(path: str, source: str) -> Iterator[str]:
    if len(source.splitlines()) > LONGEST_FILE:
        yield f"more than {LONGEST_FILE} lines"
    for function in functions(ast.parse(source)):
        if (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION:
            yield f"{function.name} has more than {LONGEST_FUNCTION} lines"


def names_say_something(path: str, source: str) -> Iterator[str]:
    yield from (f"a file or folder {part}" for part in PurePath(path).with_suffix("").parts if part in BAD_FILES)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and node.name.endswith(BAD_SUFFIXES):
            yield f"class {node.name}"


def errors_are_named(path: str, source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ExceptHandler) and node.type is None:
            yield f"bare except in line {node.lineno}"


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Nodes evaluated when a file is imported: all but the bodies of functions."""
    yield node
    inside = [node.body] if isinstance(node, ast.Lambda) else node.body if isinstance(node, Function) else []
    for child in ast.iter_child_nodes(node):
        if child not in inside:
            yield from at_import(child)


def randomness_is_local(path: str, source: str) -> Iterator[str]:
    tree = ast.parse(source)
    for name in imported(path, tree):
        if name == "numpy.random.seed":
            yield "imports np.random.seed"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node).endswith("random.seed"):
            yield f"np.random.seed in line {node.lineno}"
    defaults = [default for node in functions(tree) for default in (*node.args.defaults, *node.args.kw_defaults)]
    early = {*at_import(tree), *(node for default in defaults if default for node in ast.walk(default))}
    for node in early:
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in GENERATORS:
            yield f"a generator made at import in line {node.lineno}"


def public_functions_are_described(path: str, source: str) -> Iterator[str]:
    for node in ast.parse(source).body:
        if not isinstance(node, Function) or node.name.startswith("_"):
            continue
        signature = node.args
        named = [*signature.posonlyargs, *signature.args, *signature.kwonlyargs, signature.vararg, signature.kwarg]
        if node.returns is None or any(argument and argument.annotation is None for argument in named):
            yield f"{node.name} lacks an annotation"
        if not ast.get_docstring(node) and "overload" not in map(ast.unparse, node.decorator_list):
            yield f"{node.name} lacks a docstring"


LONG_FUNCTION = "def f():\n" + "    pass\n" * LONGEST_FUNCTION
BAD: list[tuple[Rule, str, str]] = [
    (imports_point_down, "sim/policies/nearest.py", "from sim.engine.world import World"),
    (imports_point_down, "sim/policies/nearest.py", "from sim import engine"),
    (imports_point_down, "sim/policies/nearest.py", "from sim import Scenario"),
    (imports_point_down, "sim/policies/nearest.py", "def f():\n    from ..engine import World"),
    (imports_point_down, "sim/policies/deep/nearest.py", "from ...engine import World"),
    (imports_point_down, "sim/policies/__init__.py", "from .. import engine"),
    (imports_point_down, "sim/units.py", "import sim.streams"),
    (imports_point_down, "sim/attic/old.py", ""),
    (libraries_have_one_home, "sim/kpi/tables.py", "import simpy.events"),
    (libraries_have_one_home, "sim/report/page.py", "def f():\n    from pyarrow import parquet"),
    (libraries_have_one_home, "sim/__init__.py", "import yaml"),
    (files_and_functions_are_short, "sim/units.py", "x = 1\n" * (LONGEST_FILE + 1)),
    (files_and_functions_are_short, "sim/units.py", LONG_FUNCTION),
    (names_say_something, "sim/city/utils.py", ""),
    (names_say_something, "sim/common/roads.py", ""),
    (names_say_something, "sim/city/roads.py", "class RoadManager: ..."),
    (errors_are_named, "sim/units.py", "try:\n    pass\nexcept:\n    pass"),
    (randomness_is_local, "sim/units.py", "def f():\n    np.random.seed(1)"),
    (randomness_is_local, "sim/units.py", "from numpy.random import seed"),
    (randomness_is_local, "sim/units.py", "RNG = np.random.default_rng(1)"),
    (randomness_is_local, "sim/units.py", "if True:\n    class A:\n        rng = default_rng()"),
    (randomness_is_local, "sim/units.py", "def f(rng=default_rng(1)): ..."),
    (randomness_is_local, "sim/units.py", "def f():\n    def g(*, rng=default_rng(1)): ..."),
    (randomness_is_local, "sim/units.py", "RNG = Streams(1).generator('a')"),
    (public_functions_are_described, "sim/units.py", "def f() -> int:\n    return 1"),
    (public_functions_are_described, "sim/units.py", "def f(x) -> int:\n    'One.'"),
    (public_functions_are_described, "sim/units.py", "def f(*x: int):\n    'One.'"),
]
GOOD = '''
import simpy
from sim import entities
from sim.city.roads import Roads
from . import rider
from .log import Log

class World:
    rng: Generator = field(default_factory=default_rng)

def start(seed: int, *, log: Log) -> World:
    """A world."""
    try:
        return World(default_rng(seed))
    except ValueError:
        return lambda: default_rng(seed)

def _private(x):
    return x
'''
RULES: list[Rule] = list(dict.fromkeys(rule for rule, _, _ in BAD))


def rule_name(rule: object) -> str | None:
    return getattr(rule, "__name__", None)


@pytest.mark.parametrize("rule", RULES, ids=rule_name)
def test_the_house_keeps_its_rules(rule: Rule) -> None:
    assert len(FILES) > len(MAY_IMPORT)
    paths = {file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8") for file in FILES}
    assert [f"{path}: {fault}" for path, source in paths.items() for fault in rule(path, source)] == []


@pytest.mark.parametrize(("rule", "path", "source"), BAD)
def test_a_rule_finds_the_fault(rule: Rule, path: str, source: str) -> None:
    assert list(rule(path, source))


@pytest.mark.parametrize("rule", RULES, ids=rule_name)
def test_a_rule_lets_good_code_pass(rule: Rule) -> None:
    assert list(rule("sim/engine/world.py", GOOD)) == []
    assert list(rule("sim/cli/__init__.py", "import typer\nfrom sim import City, engine")) == []


def heavy_after(statement: str) -> list[str]:
    """Heavy libraries that a fresh Python has loaded after a statement."""
    code = f"import sys\n{statement}\nprint(*(name for name in {HEAVY} if name in sys.modules))"
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()


def test_import_sim_is_light() -> None:
    assert heavy_after("import sim") == []
    assert heavy_after("import statsmodels, matplotlib") == ["matplotlib", "statsmodels"]
