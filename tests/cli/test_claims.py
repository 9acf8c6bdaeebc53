"""``paotui claims``."""

import csv
from pathlib import Path

import pytest

from tests.cli.command import Paotui

SMALL = """name: small
population: {users: 150}
riders: {count: 20}
calendar: {drain_min: 60}
city: {kind: plane, width_m: 2000, height_m: 1500, places: 40, zone_m: 500}
merchants: {classes: {kitchen: {count: 8}}}
"""
CLAIM = """id: T-own
row: B
sentence: Delivery is within 30 minutes.
quoted: 30
unit: min
kpi: click_to_door_mean
scenario: small.yaml
level: at_most
replications: 3
assumptions:
  - {path: riders.count, values: [15], sentence: Few riders., source: assumption}
"""


@pytest.fixture
def own(here: Path) -> Path:
    (here / "small.yaml").write_text(SMALL)
    (here / "own.yaml").write_text(CLAIM)
    return here


def test_a_claim_is_put_to_the_test(own: Path, paotui: Paotui) -> None:
    answer = paotui("claims", "own.yaml", "--replications", 2, "--workers", 1)
    assert answer.code == 0
    assert "T-own" in answer.words
    assert "page: reports/claims/claims.html" in answer.words
    with (own / "reports/claims/claims.csv").open() as file:
        (row,) = csv.DictReader(file)
    assert (row["id"], row["quoted"], row["unit"], row["replications"]) == ("T-own", "30", "min", "2")
    assert row["carried_by"].startswith("riders.count over 15, 20: ")
    assert "Delivery is within 30 minutes." in (own / "reports/claims/claims.html").read_text()


def test_the_others_stay_in_the_table_and_on_the_page(own: Path, paotui: Paotui) -> None:
    (own / "two.yaml").write_text(CLAIM.replace("T-own", "T-two"))
    options = ("--replications", 2, "--workers", 1, "--out", "found")
    assert paotui("claims", "own.yaml", *options).code == 0
    first = (own / "found/claims.csv").read_text().splitlines()
    assert paotui("claims", "two.yaml", *options).code == 0
    assert (own / "found/claims.csv").read_text().splitlines()[:2] == first
    assert (own / "found/claims.html").read_text().count('<article class="claim"') == 2


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("B-delivery-tim", "", "unknown claim 'B-delivery-tim' (did you mean 'B-delivery-time'?)"),
        ("own.yaml", CLAIM.replace("click_to_door_mean", "click_to_door"), "unknown KPI 'click_to_door' (did you mean"),
        ("own.yaml", CLAIM.replace("level: at_most\n", ""), "expected either baseline and variant"),
        ("own.yaml", CLAIM + "baseline: {seed: 1}\nvariant: {seed: 2}\n", "expected either baseline and variant"),
        ("own.yaml", CLAIM.replace("unit: min", "unit: yuan"), "unit 'yuan' does not fit click_to_door_mean"),
        ("own.yaml", CLAIM.replace("riders.count", "riders.cout"), "did you mean 'count'"),
        ("own.yaml", CLAIM.replace("small.yaml", "smal.yaml"), "no such scenario file"),
        ("own.yaml", "id: {", "own.yaml:2:1: not valid YAML"),
        ("none.yaml", "", "no such scenario file: none.yaml"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(name: str, text: str, reason: str, own: Path, paotui: Paotui) -> None:
    (own / "own.yaml").write_text(text)
    answer = paotui("claims", name)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("paotui: ")
    assert len(answer.err.splitlines()) == 1
    assert reason in answer.err
    assert not (own / "reports").exists()
