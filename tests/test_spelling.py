"""What somebody may have meant."""

import pytest

from sim.spelling import did_you_mean


@pytest.mark.parametrize(
    ("word", "hint"),
    [("weahter", " (did you mean 'weather'?)"), ("zzz", ""), ("", "")],
)
def test_did_you_mean(word: str, hint: str) -> None:
    assert did_you_mean(word, ["weather", "riders"]) == hint


def test_any_iterable_of_words_will_do() -> None:
    assert did_you_mean("rider", (word for word in ["weather", "riders"])) == " (did you mean 'riders'?)"
