"""Kinds of order in a city: shares, times and prices as the scenario says, and nothing else is disturbed."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.city.build import build_city
from sim.city.kinds import Kinds
from sim.city.model import City, Intents
from sim.scenario.errors import ScenarioError
from sim.scenario.kinds import OrderKind
from sim.scenario.schema import Scenario
from sim.streams import Streams
from tests.city.towns import BLOCKS, city

PLAIN = {"share": 0.4}
SHOP = {"share": 0.2, "starts": "arrival", "classes": ["late"], "prep_min": 8, "prep_shape": 3, "basket_factor": 1.5}
GROUP = {"share": 0.2, "members": 3.5, "member_prep": 0.4}
SEND = {"share": 0.2, "pickup": "address", "prep_min": 3, "prep_shape": 2}
ALL = {"plain": PLAIN, "shop": SHOP, "group": GROUP, "send": SEND}


def town(kinds: dict[str, Any], **more: Any) -> City:
    return build_city(Scenario.model_validate({**BLOCKS, "seed": 1, "kinds": kinds, **more}))


@cache
def mixed() -> City:
    return town(ALL)


def lived(of: City, days: int = 12) -> Intents:
    return Intents.joined([of.day(day, Streams(1)).intents for day in range(days)])


@cache
def both() -> tuple[Any, Any]:
    """The same Intents without kinds and with them, as Any because a column that is off is None."""
    return lived(city()), lived(mixed())


def named(name: str) -> np.ndarray:
    kind = both()[1].kind
    assert kind is not None
    return kind == list(ALL).index(name)


def test_one_plain_kind_changes_no_column() -> None:
    usual, one = lived(city(), 2), lived(town({"takeaway": {"share": 1}}), 2)
    for column in ("t", "user", "merchant", "place", "prep_s", "patience_s", "basket"):
        np.testing.assert_array_equal(getattr(one, column), getattr(usual, column))
    assert usual.kind is None
    assert one.kind is not None


def test_each_kind_has_its_share() -> None:
    kind = both()[1].kind
    counts = np.bincount(kind, minlength=4)
    assert stats.chisquare(counts, len(kind) * np.array([0.4, 0.2, 0.2, 0.2])).pvalue > 0.001


@pytest.mark.parametrize("column", ["t", "user", "patience_s"])
def test_who_and_when_stay(column: str) -> None:
    usual, mixed = both()
    np.testing.assert_array_equal(getattr(mixed, column), getattr(usual, column))


def test_a_plain_order_is_what_it_was() -> None:
    usual, mixed = both()
    for column in ("merchant", "place", "prep_s", "basket"):
        np.testing.assert_array_equal(getattr(mixed, column)[named("plain")], getattr(usual, column)[named("plain")])
    assert (mixed.members[named("plain")] == 1).all()
    served = named("plain") & (mixed.merchant >= 0)
    np.testing.assert_array_equal(mixed.pickup[served], city().merchants.place[mixed.merchant[served]])
    np.testing.assert_allclose(mixed.expected_s[served], city().merchants.prep_s[mixed.merchant[served]])


def test_a_kind_with_classes_goes_to_them_at_their_hours() -> None:
    usual, mixed = both()
    chosen = mixed.merchant[named("shop")]
    assert (city().merchants.kind[chosen[chosen >= 0]] == 1).all()
    at_noon = (mixed.t % 86400 < 16 * 3600) & (mixed.t % 86400 > 3 * 3600)
    assert (mixed.merchant[named("shop") & at_noon] == -1).all(), "the late ones open at 17:00"
    same = named("shop") & (usual.merchant >= 0) & (city().merchants.kind[usual.merchant] == 1)
    assert (mixed.merchant >= 0)[same].all()


def test_own_times_are_gamma_of_their_mean_and_shape() -> None:
    mixed = both()[1]
    for name, minutes, shape in (("shop", 8, 3), ("send", 3, 2)):
        times = mixed.prep_s[named(name)]
        assert stats.kstest(times, stats.gamma(shape, scale=minutes * 60 / shape).cdf).pvalue > 0.001
        assert (mixed.expected_s[named(name)] == minutes * 60).all()


def test_groups_have_their_mean_size_and_pay_and_cook_for_all() -> None:
    usual, mixed = both()
    people = mixed.members[named("group")]
    assert people.min() == 2
    assert people.mean() == pytest.approx(3.5, abs=4 * 1.5**0.5 / len(people) ** 0.5)
    np.testing.assert_array_equal(mixed.basket[named("group")], usual.basket[named("group")] * people)
    served = named("group") & (mixed.merchant >= 0)
    growth = mixed.expected_s[served] / city().merchants.prep_s[mixed.merchant[served]]
    np.testing.assert_allclose(growth, 1 + 0.4 * (mixed.members[served] - 1))


def test_prices() -> None:
    usual, mixed = both()
    np.testing.assert_array_equal(mixed.basket[named("shop")], np.rint(usual.basket[named("shop")] * 1.5))
    assert (mixed.basket[named("send")] == 0).all()


def test_a_parcel_goes_from_the_users_address_to_another() -> None:
    usual, mixed = both()
    np.testing.assert_array_equal(mixed.pickup[named("send")], usual.place[named("send")])
    assert (mixed.place[named("send")] != mixed.pickup[named("send")]).all()
    assert (mixed.merchant[named("send")] == -1).all()
    homes = np.union1d(city().users.home, city().users.work)
    assert np.isin(mixed.place[named("send")], homes).all()
    assert len(np.unique(mixed.place[named("send")])) > len(homes) / 2


def test_changing_one_kind_leaves_the_others_draws() -> None:
    slower = lived(town(ALL | {"shop": SHOP | {"prep_min": 30, "prep_shape": 1}}))
    for column in ("prep_s", "merchant", "place", "basket", "members"):
        rest = ~named("shop")
        np.testing.assert_array_equal(getattr(slower, column)[rest], getattr(both()[1], column)[rest])
    assert (slower.prep_s[named("shop")].mean() / both()[1].prep_s[named("shop")].mean()) > 2


def test_an_unknown_class_is_refused_with_a_guess() -> None:
    with pytest.raises(ScenarioError, match=r"kinds\.a\.classes: unknown class.*'lat'.*did you mean 'late'"):
        town({"a": {"share": 1, "classes": ["lat"]}})


def test_a_city_with_one_address_sends_parcels_around_in_it() -> None:
    users = city().users
    alone = type(users)(users.segment[:1], users.home[:1], users.home[:1], users.taste[:1])
    send = OrderKind.model_validate(SEND | {"share": 1})
    kinds = Kinds.of({"send": send}, ("lunch", "late"), city().merchants, np.ones((120, 20)), alone)
    intents = lived(city(), 1)
    assert len(kinds(intents, (0,), Streams(1))) == len(intents)
