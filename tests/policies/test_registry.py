"""Finding a policy: by name, in a file, in a module; what cannot be found or made is told in one line."""

import pickle
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.policies.dispatch import DISPATCH
from sim.policies.matching import Matching
from sim.policies.nearest import Nearest
from sim.policies.registry import Key, PolicyNotFound, load_policy

SOURCE = """
    from dataclasses import dataclass
    from math import sqrt

    @dataclass(frozen=True)
    class Careful:
        share: float = 0.5

        def __post_init__(self):
            if not 0 <= self.share <= 1:
                raise ValueError("share must be between 0 and 1")

        def __call__(self, wave, rng):
            return []

    class Plain:
        def __call__(self, wave, rng):
            return []

    def lazy(wave, rng):
        return ()

    NUMBER = 3
    """
Write = Callable[..., str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_file(source: str = SOURCE, name: str = "mine.py") -> str:
        (tmp_path / name).write_text(textwrap.dedent(source), encoding="utf-8")
        return str(tmp_path / name)

    return write_file


def refusal(spec: str, **params: object) -> str:
    with pytest.raises(PolicyNotFound) as error:
        load_policy(DISPATCH, spec, params)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_shipped_policies_by_name() -> None:
    assert load_policy(DISPATCH, "nearest") == Nearest()
    assert load_policy(DISPATCH, "matching", {"lead_min": 4, "urgency": 0}) == Matching(4, 0)
    assert {"nearest", "matching"} <= set(DISPATCH)


@pytest.mark.parametrize(
    ("spec", "hint"),
    [
        ("neerest", "did you mean 'nearest'?"),
        ("match", "did you mean 'matching'?"),
        ("Matching", "did you mean 'matching'?"),
    ],
)
def test_a_slip_of_the_pen_gets_a_hint(spec: str, hint: str) -> None:
    assert refusal(spec) == f"unknown policy {spec!r} ({hint})"


@pytest.mark.parametrize("spec", ["", "genius", "42"])
def test_an_unknown_name_gets_the_list(spec: str) -> None:
    assert refusal(spec) == f"unknown policy {spec!r}; there are: {', '.join(DISPATCH)}, or FILE.py:Name"


def test_a_class_in_a_file_with_and_without_parameters(write: Write) -> None:
    path = write()
    assert load_policy(DISPATCH, f"{path}:Careful").share == 0.5
    assert load_policy(DISPATCH, f"{path}:Careful", {"share": 0.25}).share == 0.25
    assert load_policy(DISPATCH, f"{path}:Plain")(None, None) == []


def test_a_function_in_a_file(write: Write) -> None:
    assert load_policy(DISPATCH, f"{write()}:lazy")(None, None) == ()
    assert load_policy(DISPATCH, f"{write()}:lazy", {})(None, None) == ()


def test_a_function_takes_no_parameters(write: Write) -> None:
    spec = f"{write()}:lazy"
    assert refusal(spec, share=1, b=2) == f"policy {spec!r} is a function and takes no parameters, got share, b"


def test_a_policy_of_a_module(monkeypatch: pytest.MonkeyPatch, write: Write, tmp_path: Path) -> None:
    assert load_policy(DISPATCH, "sim.policies.nearest:Nearest", {"lead_min": 1}) == Nearest(1)
    write(name="mine_as_a_module.py")
    monkeypatch.syspath_prepend(tmp_path)
    assert load_policy(DISPATCH, "mine_as_a_module:Careful").share == 0.5
    sys.modules.pop("mine_as_a_module")


@pytest.mark.parametrize(
    ("name", "params", "says"),
    [
        ("nearest", {"led_min": 3}, "'led_min' (did you mean 'lead_min'?)"),
        ("matching", {"x": 1}, "'x' (it has: lead_min, urgency)"),
    ],
)
def test_unknown_parameters_are_told_beside_the_known(name: str, params: dict[str, object], says: str) -> None:
    assert refusal(name, **params) == f"policy '{name}' has no parameter {says}"


def test_a_class_that_tells_no_parameters_is_made_with_what_is_given() -> None:
    assert load_policy({}, "builtins:dict", {"a": 1}) == {"a": 1}
    assert load_policy({}, "collections:Counter", {"a": 1}) == {"a": 1}


def test_a_value_that_the_policy_refuses_is_told(write: Write) -> None:
    assert "share must be between 0 and 1 (it has: share)" in refusal(f"{write()}:Careful", share=7)
    assert refusal(f"{write()}:Plain", share=7).endswith("(it has: none)")


PAIR = """
    class Pair:
        def __init__(self, low=0, high=1, ladder: dict[str, list[int]] = {}):
            if low > high:
                raise ValueError("low must be below high")
            if high > 9:
                raise ValueError("too much of it")
            if "10" in ladder:
                raise ValueError("ladder.10.1 must be whole, see high.json")
    """


@pytest.mark.parametrize(
    ("name", "params", "key"),
    [
        ("Piar", {}, ("rule",)),
        ("Pair", {"hihg": 2}, ("params", "hihg")),
        ("Pair", {"low": 2}, ("params", "low")),
        ("Pair", {"high": 10}, ("params", "high")),
        ("Pair", {"low": 2, "high": 1}, ("params",)),
        ("Pair", {"low": 2, "high": 10}, ("params",)),
        ("Pair", {"low": 2, "ladder": {}}, ("params", "low")),
        ("Pair", {"high": 3, "ladder": {"a": [1, 2, "x"]}}, ("params", "ladder", "a", 2)),
        ("Pair", {"ladder": {"10": [1, 2]}}, ("params", "ladder", "10", 1)),
        ("Pair", {"ladder": {"10": [1]}}, ("params", "ladder", "10")),
        ("Pair", {"high": 3, "ladder": {"10": [1]}}, ("params",)),
    ],
)
def test_what_is_to_blame_is_told_by_its_key(write: Write, name: str, params: dict[str, object], key: Key) -> None:
    with pytest.raises(PolicyNotFound) as error:
        load_policy({}, f"{write(PAIR)}:{name}", params, ("crew", "mine", "rule"))
    assert error.value.key == ("crew", "mine", *key)
    assert str(error.value) == f"{'.'.join(map(str, error.value.key))}: {error.value.problem}"


def test_a_function_with_parameters_and_a_class_without_one_it_needs_have_their_keys(write: Write) -> None:
    spec = write("def lazy(wave, rng): ...\nclass Needy:\n    def __init__(self, yuan): ...\n")
    with pytest.raises(PolicyNotFound, match=r"^crew\.mine\.params: policy .*is a function"):
        load_policy({}, f"{spec}:lazy", {"a": 1}, ("crew", "mine", "rule"))
    with pytest.raises(PolicyNotFound, match=r"^crew\.mine\.rule: policy .*refuses its parameters: .*'yuan'"):
        load_policy({}, f"{spec}:Needy", {}, ("crew", "mine", "rule"))


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"inner": "nearst"}, r"^dispatch\.params\.inner: unknown policy 'nearst'"),
        (
            {"inner": "nearest", "params": {"led_min": 1}},
            r"^dispatch\.params\.params\.led_min: policy 'nearest' has no",
        ),
        ({"params": {"lead_min": -1}}, r"^dispatch\.params\.params\.lead_min: .*lead_min, urgency must be"),
    ],
)
def test_a_policy_inside_another_is_told_by_its_own_key(params: dict[str, object], says: str) -> None:
    with pytest.raises(PolicyNotFound, match=says):
        load_policy(DISPATCH, "priority", params, ("dispatch", "policy"))


@given(st.text(), st.lists(st.text() | st.integers()).map(tuple), st.text())
def test_an_error_says_the_same_in_another_process(problem: str, key: Key, place: str) -> None:
    there = pickle.loads(pickle.dumps(error := PolicyNotFound(problem, key, place)))
    assert (str(there), there.problem, there.key, there.place) == (str(error), problem, key, place)
    assert str(there).endswith(problem)


def test_a_value_of_another_kind_is_told_by_its_key(write: Write) -> None:
    says = "TypeError: share: expected a number, got 'half' (it has: share)"
    spec = f"{write()}:Careful"
    assert refusal(spec, share="half") == f"policy {spec!r} refuses its parameters: {says}"


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("def f(:\n", "SyntaxError"),
        ("import nothing_of_the_kind\n", "ModuleNotFoundError: No module named 'nothing_of_the_kind'"),
        ("1 / 0\n", "ZeroDivisionError: division by zero"),
        ("raise KeyError('x')\n", "KeyError: 'x'"),
        ("from sim.policies import nothing\n", "ImportError"),
    ],
)
def test_a_broken_file_is_told(write: Write, source: str, says: str) -> None:
    spec = f"{write(source)}:Careful"
    assert refusal(spec).startswith(f"policy {spec!r} cannot be loaded: {says}")


@pytest.mark.parametrize("spec", ["nowhere.py:Name", "/no/such/file.py:Name", ".py:Name"])
def test_a_missing_file_is_told(spec: str) -> None:
    assert refusal(spec) == f"policy {spec!r} cannot be loaded: FileNotFoundError: no file {spec.split(':')[0]}"


@pytest.mark.parametrize("spec", ["no.such.module:Name", ":Name", "sim.nothing:Name"])
def test_a_missing_module_is_told(spec: str) -> None:
    assert refusal(spec).startswith(f"policy {spec!r} cannot be loaded: ")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.py").mkdir()
    assert "FileNotFoundError" in refusal(f"{tmp_path}/folder.py:Name")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Carefull", " (did you mean 'Careful'?)"),
        ("lazzy", " (did you mean 'lazy'?)"),
        ("Quick", ""),
        ("NUMBER", ""),
        ("", ""),
    ],
)
def test_a_name_the_file_has_not_gets_a_hint(write: Write, name: str, hint: str) -> None:
    path = write()
    assert refusal(f"{path}:{name}") == f"{path} has no policy {name!r}{hint}"


def test_what_a_file_imports_is_no_hint(write: Write) -> None:
    assert "sqrt" not in refusal(f"{write()}:sqr")


def test_two_files_of_one_name_are_two_modules(write: Write, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "mine.py").write_text("def lazy(wave, rng):\n    return 'other'\n")
    one, two = load_policy(DISPATCH, f"{write()}:lazy"), load_policy(DISPATCH, f"{other}/mine.py:lazy")
    assert (one(None, None), two(None, None)) == ((), "other")


def test_a_file_with_spaces_and_dots_in_its_name(write: Write) -> None:
    assert load_policy(DISPATCH, f"{write(name='my first.try.py')}:lazy")(None, None) == ()


def test_a_strangers_policy_can_be_pickled(write: Write) -> None:
    policy = load_policy(DISPATCH, f"{write()}:Careful", {"share": 0.75})
    assert pickle.loads(pickle.dumps(policy)).share == 0.75


def test_not_found_is_a_value_error() -> None:
    """The command line answers every ValueError with one line and exit code 2."""
    assert issubclass(PolicyNotFound, ValueError)


def test_any_fault_of_a_constructor_is_told(write: Write) -> None:
    source = "class Shy:\n    def __init__(self):\n        raise KeyError('secret')\n"
    assert "secret" in refusal(f"{write(source)}:Shy")


def test_a_file_cannot_end_the_program(write: Write) -> None:
    assert "SystemExit" in refusal(f"{write('import sys; sys.exit(0)')}:Careful")
