"""The conditions of a day: nothing when all is off, and each source of trouble in its own pieces."""

import pickle
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from sim.city.build import build_city
from sim.city.model import City, Conditions, Day, Intents
from sim.entities import Weather
from sim.events import Disrupted
from sim.scenario.disruptions import MerchantClosed, Outage, RidersAbsent, RoadClosed, Storm
from sim.scenario.errors import ScenarioError
from sim.scenario.schema import Scenario
from sim.streams import Streams
from sim.units import DAY, HOUR
from tests.experiment.mdrp.tiny_day import INSTANCE

BASE: dict[str, Any] = {
    "city": {"kind": "plane", "places": 90, "width_m": 2000, "height_m": 1000},
    "population": {"users": 3000},
    "riders": {"count": 400},
    "calendar": {"days": 3, "drain_min": 240},
}
ALWAYS_RAIN = {"a": {"counts": [[0, 1, 0, 0, 0]] * 2 + [[0] * 5] * 3}}
NEUTRAL = {
    name: dict.fromkeys(("dry", "rain", "heavy_rain", "heat", "cold"), 1.0)
    for name in ("demand", "travel", "turnout", "service")
}
JAM = [1.0] * 17 + [1.4, 1.4] + [1.0] * 5


def scenario(**blocks: Any) -> Scenario:
    return Scenario.model_validate({**BASE, **blocks})


def build(**blocks: Any) -> City:
    return build_city(scenario(**blocks))


def rainy(forecast: dict[str, float] | None = None, **effects: dict[str, float]) -> dict[str, Any]:
    """Rain in every hour; what is not said has no effect."""
    said = {name: NEUTRAL[name] | effects.get(name, {}) for name in NEUTRAL}
    return {"kind": "chain", "parts": ALWAYS_RAIN, "effects": said, "forecast": forecast or {}}


def wrong(kind: str, begin: str = "11:00", end: str = "13:00", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "from": begin, "to": end, **more}


def same(one: Day, two: Day) -> None:
    for table in ("intents", "shifts"):
        a, b = getattr(one, table), getattr(two, table)
        for column in a.__slots__:
            np.testing.assert_array_equal(getattr(a, column), getattr(b, column), err_msg=f"{table}.{column}")


def within(few: Intents, many: Intents) -> bool:
    """Whether every Intent of one table is in the other, with all its draws."""
    return set(few.rows()) <= set(many.rows())


# ---------------------------------------------------------------- off


def test_off_is_one_calm_piece() -> None:
    city = build()
    for day in (0, 2, 9):
        now = city.day(day, Streams(1)).conditions
        assert now.t.tolist() == [day * DAY]
        assert (now.pace.tolist(), now.expected_pace.tolist(), now.service.tolist()) == ([1], [1], [1])
        assert (now.weather.tolist(), now.travel.tolist(), now.outage.tolist()) == ([0], [0], [False])
        assert now.closed == (frozenset(),)
        assert now.forecast.tolist() == [[0] * 6]


def test_off_leaves_the_draws_to_demand_and_attendance_alone() -> None:
    city, streams = build(), Streams(4, 2)
    day = city.day(1, streams)
    own = city.day.demand.draw(1, streams)  # type: ignore[attr-defined]
    for column in own.__slots__:
        np.testing.assert_array_equal(getattr(day.intents, column), getattr(own, column))
    attends = streams.generator("fleet.shifts", 1).random((2, 400))[0]
    assert day.shifts.rider.tolist() == np.flatnonzero(attends < 0.9).tolist()


@pytest.mark.parametrize(
    "blocks",
    [
        {"weather": {"kind": "chain", "effects": NEUTRAL}},
        {"weather": rainy()},
        {"congestion": {"weekday": JAM, "weekend": JAM}},
        {"disruptions": [wrong("outage")]},
        {"disruptions": [wrong("merchant_closed")]},
        {"disruptions": [wrong("storm", demand=1.0, turnout=1.0)]},
        {"disruptions": [wrong("riders_absent", share=0.0)]},
        {"disruptions": [wrong("storm", "9 11:00", "9 12:00", demand=5.0, turnout=0.0)]},
    ],
)
def test_what_has_no_effect_on_people_moves_none_of_their_draws(blocks: dict[str, Any]) -> None:
    plain, touched = build(), build(**blocks)
    for day in range(3):
        same(plain.day(day, Streams(1, 5)), touched.day(day, Streams(1, 5)))


def test_a_day_is_equal_however_often_and_in_whatever_order_it_is_drawn() -> None:
    blocks = {"weather": {"kind": "chain"}, "disruptions": [wrong("merchant_closed", share=0.5)]}
    one, two = build(**blocks), build(**blocks)
    forward = [one.day(day, Streams(1)) for day in range(3)]
    back = [two.day(day, Streams(1)) for day in (2, 1, 0)][::-1]
    for a, b in zip(forward, back, strict=True):
        same(a, b)
        for column in ("t", "weather", "forecast", "pace", "expected_pace", "service", "travel", "outage"):
            np.testing.assert_array_equal(getattr(a.conditions, column), getattr(b.conditions, column))
        assert a.conditions.closed == b.conditions.closed


def test_a_city_that_went_to_another_process_has_the_same_days() -> None:
    city = build(weather={"kind": "chain"}, disruptions=[wrong("merchant_closed", share=0.5)])
    sent = pickle.loads(pickle.dumps(city))
    one, two = (town.day(1, Streams(1)) for town in (city, sent))
    same(one, two)
    np.testing.assert_array_equal(one.conditions.pace, two.conditions.pace)
    assert one.conditions.closed == two.conditions.closed


# ---------------------------------------------------------------- pieces


def test_congestion_is_known_and_differs_on_the_weekend() -> None:
    city = build(congestion={"weekday": JAM}, calendar={"days": 7, "start": "2026-03-02"})
    friday, saturday = (city.day(day, Streams(1)).conditions for day in (4, 5))
    assert friday.pace.tolist() == JAM
    assert friday.expected_pace.tolist() == JAM
    assert (friday.t - 4 * DAY).tolist() == [hour * HOUR for hour in range(24)]
    assert saturday.pace.tolist() == [1.0] * 24


def test_a_holiday_has_the_congestion_of_its_curve() -> None:
    holiday = [{"name": "feast", "dates": ["2026-03-03"], "curve": "weekend"}]
    city = build(congestion={"weekday": JAM}, demand={"holidays": holiday})
    assert city.day(0, Streams(1)).conditions.pace.max() == 1.4
    assert city.day(1, Streams(1)).conditions.pace.max() == 1.0


def test_the_last_day_goes_on_through_the_drain() -> None:
    city = build(weather={"kind": "chain"})
    hours = [len(city.day(day, Streams(1)).conditions.t) for day in range(3)]
    assert hours == [24, 24, 28]


def test_weather_congestion_and_storm_multiply_and_the_storm_is_a_surprise() -> None:
    city = build(
        weather=rainy({"skill": 1.0}, travel={"rain": 1.1}, service={"rain": 1.3}),
        congestion={"weekday": JAM},
        disruptions=[wrong("storm", "17:30", "18:30", travel=2.0)],
    )
    now = city.day(0, Streams(1)).conditions
    at = {hour: now.at(hour * HOUR) for hour in (12, 17, 17.5, 18.5, 20)}
    expected = {12: 1.1, 17: 1.54, 17.5: 3.08, 18.5: 1.54, 20: 1.1}
    assert {hour: pytest.approx(now.pace[piece]) for hour, piece in at.items()} == expected
    np.testing.assert_allclose(now.expected_pace[[at[12], at[17.5]]], [1.1, 1.54])
    assert set(now.service.tolist()) == {1.3}
    assert set(now.weather.tolist()) == {Weather.RAIN}


def test_the_platform_reckons_with_the_forecast_and_not_with_the_truth() -> None:
    city = build(weather={"kind": "chain", "forecast": {"skill": 0.5}}, calendar={"days": 60})
    days = [city.day(day, Streams(1)).conditions for day in range(60)]
    pace, expected = (np.concatenate([getattr(day, name) for day in days]) for name in ("pace", "expected_pace"))
    hour_before = np.concatenate([day.forecast[:24, 0] for day in days])[:-1]
    factor = np.array([1.0, 1.05, 1.15, 1.0, 1.05])
    np.testing.assert_array_equal(expected[1 : len(hour_before) + 1], factor[hour_before])
    assert 0.02 < (pace != expected).mean() < 0.5


def test_a_window_cuts_pieces_and_holds_in_them_alone() -> None:
    shop = wrong("merchant_closed", "11:20", "12:10", merchant_class="shop")
    city = build(disruptions=[wrong("outage", "11:45", "12:30"), shop])
    now = city.day(0, Streams(1)).conditions
    assert (now.t / HOUR).tolist() == pytest.approx([0, 11 + 1 / 3, 11.75, 12 + 1 / 6, 12.5])
    assert now.outage.tolist() == [False, False, True, True, False]
    shops = frozenset(np.flatnonzero(city.merchants.kind == 1).tolist())
    assert now.closed == (frozenset(), shops, shops, frozenset(), frozenset())
    assert city.day(1, Streams(1)).conditions.t.tolist() == [DAY]


def test_a_window_over_midnight_holds_on_both_days() -> None:
    city = build(disruptions=[wrong("outage", "0 23:00", "1 01:00")])
    one, two = (city.day(day, Streams(1)).conditions for day in (0, 1))
    assert (one.outage.tolist(), two.outage.tolist()) == ([False, True], [True, False])
    assert two.t.tolist() == [DAY, DAY + HOUR]


def test_closed_roads_point_to_their_table() -> None:
    district = {"kind": "district", "width_m": 2000, "height_m": 2000}
    city = build(city=district, disruptions=[wrong("road_closed", bridges=[1])])
    assert city.day(0, Streams(1)).conditions.travel.tolist() == [0, 1, 0]
    assert len(city.travels) == 2


def test_the_piece_of_a_time() -> None:
    calm = Conditions.calm(DAY)
    assert [calm.at(time) for time in (0, DAY, 9e9)] == [0, 0, 0]
    now = build(congestion={"weekday": JAM}).day(0, Streams(1)).conditions
    assert [now.at(time) for time in (0, 3599.9, 3600, 17 * HOUR, 30 * HOUR)] == [0, 0, 1, 17, 23]


# ---------------------------------------------------------------- people


def test_more_wishes_come_on_top_of_the_same_ones() -> None:
    plain, wet, wetter = (build(weather=rainy(demand={"rain": f})).day(0, Streams(1)).intents for f in (1, 1.2, 1.6))
    assert within(plain, wet)
    assert within(wet, wetter)
    assert 1.1 < len(wet) / len(plain) < 1.3
    assert 1.45 < len(wetter) / len(plain) < 1.75


def test_a_factor_below_one_takes_wishes_away() -> None:
    plain, dull = (build(weather=rainy(demand={"rain": f})).day(0, Streams(1)).intents for f in (1, 0.5))
    assert within(dull, plain)
    assert 0.4 < len(dull) / len(plain) < 0.6


def test_a_storm_brings_wishes_in_its_hours_only() -> None:
    plain, stormy = (build(disruptions=[wrong("storm", demand=f)]).day(0, Streams(1)).intents for f in (1, 3))
    extra = np.array([row[0] for row in set(stormy.rows()) - set(plain.rows())]) / HOUR
    assert within(plain, stormy)
    assert len(extra) > 20
    assert ((extra >= 11) & (extra < 13)).all()


def test_fewer_riders_come_in_worse_weather_and_never_others() -> None:
    come = [
        set(build(weather=rainy(turnout={"rain": f})).day(0, Streams(1)).shifts.rider.tolist()) for f in (1, 0.8, 0.3)
    ]
    assert come[0] > come[1] > come[2]
    assert 0.2 < len(come[2]) / len(come[0]) < 0.4


def test_standby_riders_come_when_harsh_weather_is_forecast_and_only_then() -> None:
    def come(standby: float, **weather: Any) -> set[int]:
        return set(build(riders={"standby": standby}, **weather).day(0, Streams(1)).shifts.rider.tolist())

    assert come(0.3) == come(0.0)
    assert come(0.3, weather=rainy()) > come(0.05, weather=rainy()) > come(0.0, weather=rainy())


def test_turnout_is_decided_by_the_weather_at_the_start_of_the_shift() -> None:
    """One minute of storm at 10:15 keeps the whole lunch shift at home, also those who would come at 10:40."""
    storm = wrong("storm", "10:15", "10:16", turnout=0.0, demand=1.0)
    plain, hit = (set(build(disruptions=d).day(0, Streams(1)).shifts.rider.tolist()) for d in ([], [storm]))
    lunch = np.flatnonzero(build().riders.template == list(scenario().riders.shifts).index("lunch"))
    assert plain - hit == plain & set(lunch.tolist())
    assert hit < plain


def test_absent_riders_are_missing_from_the_shifts() -> None:
    shifts = build(disruptions=[wrong("riders_absent", "12:00", "12:01", share=1.0)]).day(0, Streams(1)).shifts
    assert len(shifts.rider)
    assert not ((shifts.on < 12 * HOUR + 60) & (shifts.off > 12 * HOUR)).any()


# ---------------------------------------------------------------- what cannot be


def test_a_benchmark_city_has_no_weather(tmp_path: Path) -> None:
    for name, text in INSTANCE.items():
        (tmp_path / name).write_text(text.replace(" ", "\t"))
    mdrp = {"kind": "mdrp", "dir": str(tmp_path)}
    assert build(city=mdrp).day(0, Streams(1)).conditions.pace.tolist() == [1]
    blocks = {"weather": {"kind": "chain"}, "congestion": {"weekday": JAM}, "disruptions": [wrong("outage")]}
    with pytest.raises(ScenarioError) as error:
        build(city=mdrp, **blocks)
    assert [line.partition(":")[0] for line in str(error.value).splitlines()] == list(blocks)


def test_a_zone_that_is_not_there_is_told_when_the_city_is_built() -> None:
    with pytest.raises(ScenarioError, match=r"disruptions\.0\.zone: no 'Z9' in this city"):
        build(disruptions=[wrong("riders_absent", share=1.0, zone="Z9")])


def test_a_record_that_is_not_there_is_told_when_the_city_is_built(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        build(weather={"kind": "trace", "file": str(tmp_path / "none.csv")})


def test_a_record_decides_the_weather_of_every_replication(tmp_path: Path) -> None:
    rows = [f"2020-03-0{2 + h // 24}T{h % 24:02d}:00,{35 if h % 24 > 11 else 10},0" for h in range(72)]
    path = tmp_path / "record.csv"
    path.write_text("\n".join(["time,temp_c,precip_mm", *rows]))
    city = build(weather={"kind": "trace", "file": str(path)})
    for replication in (0, 1):
        weather = city.day(1, Streams(1, replication)).conditions.weather
        assert weather.tolist() == [Weather.DRY] * 12 + [Weather.HEAT] * 12
    with pytest.raises(ValueError, match="no weather for 05 March"):
        build(weather={"kind": "trace", "file": str(path)}, calendar={"days": 4})


# ---------------------------------------------------------------- notices


def test_notices_tell_when_disruptions_begin_and_end_each_on_its_day() -> None:
    city = build(disruptions=[wrong("riders_absent", "0 20:00", "2 00:00", share=0.5), wrong("outage")])
    told = [city.day(day, Streams(1)).conditions.notices for day in range(3)]
    assert told[0] == (
        (11 * HOUR, Disrupted.OUTAGE, True),
        (13 * HOUR, Disrupted.OUTAGE, False),
        (20 * HOUR, Disrupted.RIDERS_ABSENT, True),
    )
    assert told[1:] == [(), ((2 * DAY, Disrupted.RIDERS_ABSENT, False),)]


def test_the_last_day_tells_what_ends_in_the_drain_and_nobody_what_ends_later() -> None:
    city = build(disruptions=[wrong("outage", "2 23:00", "3 01:00"), wrong("storm", "2 23:00", "4 00:00")])
    last = city.day(2, Streams(1)).conditions.notices
    assert [(notice.t - 3 * DAY, notice.begins) for notice in last] == [(-HOUR, True), (-HOUR, True), (HOUR, False)]


def test_every_kind_of_disruption_has_its_code() -> None:
    specs = (Storm, Outage, MerchantClosed, RoadClosed, RidersAbsent)
    kinds = {word for spec in specs for word in get_args(spec.model_fields["kind"].annotation)}
    assert kinds == {code.name.lower() for code in Disrupted}
