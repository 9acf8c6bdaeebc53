"""The blocks about checkout, signal, intake and promise: what a hostile or hasty file is told."""

from pathlib import Path
from typing import Any

import pytest

from sim.scenario.checkout import Checkout, Fraud, Payment, Signal
from sim.scenario.errors import ScenarioError
from sim.scenario.intake import Intake
from sim.scenario.load import load, resolved
from sim.scenario.promise import Flash, Guarantee, Promise
from sim.scenario.schema import Scenario
from tests.scenario.test_schema import limits


def read(tmp_path: Path, text: str) -> Scenario:
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    return load(file, Scenario)


HOSTILE = {
    "checkout: {on: maybe}\n": ("checkout.on", "mine.yaml:1"),
    "checkout: {wrong_adress: 0.1}\n": ("did you mean", "wrong_address"),
    "checkout:\n  fraud: {auc: 0.2}\n": ("mine.yaml:2", "0.5"),
    "checkout: {fraud: {goods: eaten}}\n": ("lost", "returned"),
    "checkout: {payment: {tries: 0}}\n": ("tries",),
    "checkout: {payment: {failure: .nan}}\n": ("failure",),
    "signal: {share: 0.5, delay_s: 0}\n": ("delay_s", "changes nothing"),
    "signal: {zones: cellar}\n": ("signal.zones",),
    "intake: {requests_per_min: -1}\n": ("requests_per_min",),
    "intake: {patience_s: 0}\n": ("patience_s",),
    "promise: {flash: {hours: '13:00-11:00'}}\n": ("ends before it begins",),
    "promise: {guarantee: {yuan: free}}\n": ("promise.guarantee.yuan",),
    "platform: {eta: 1}\n": ("platform.eta",),
}


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_file_is_refused_with_place_and_reason(text: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as error:
        read(tmp_path, text)
    message = str(error.value)
    assert "\n" not in message
    for word in HOSTILE[text]:
        assert word in message


def test_all_of_it_is_off_by_default() -> None:
    scenario = Scenario()
    blocks = (scenario.checkout, scenario.signal, scenario.intake, scenario.promise.guarantee, scenario.promise.flash)
    assert not any(block.on for block in blocks)
    assert not scenario.platform.eta
    assert scenario.promise.policy == "fixed"


def test_what_is_read_can_be_written_and_read_again(tmp_path: Path) -> None:
    text = "checkout: {on: true, screening: {policy: threshold, params: {score: 2}}}\nsignal: {zones: [A1]}\n"
    scenario = read(tmp_path, text)
    (tmp_path / "again.yaml").write_text(resolved(scenario))
    assert load(tmp_path / "again.yaml", Scenario) == scenario


BLOCKS: list[Any] = [Checkout, Payment, Fraud, Signal, Intake, Promise, Guarantee, Flash]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.__name__)
def test_every_field_has_a_sentence_and_every_number_unit_source_and_range(block: Any) -> None:
    assert block.__doc__
    for name, field in block.model_fields.items():
        assert field.description.endswith("."), name
        if field.annotation in (int, float):
            assert field.json_schema_extra["unit"]
            assert field.json_schema_extra["source"]
            low, high = limits(field)
            assert 0 <= low <= field.default <= high
