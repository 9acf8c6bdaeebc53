"""The figures of a run: what each shows, how large, and its margins."""

from __future__ import annotations

from collections.abc import Iterator

from sim.experiment.run import RunResult
from sim.kpi.diagnosis import diagnose
from sim.report.fleet import of_fleet
from sim.report.merchants import of_merchants
from sim.report.over_weeks import over_weeks
from sim.report.pictures import ACROSS, ALL, FULL, MAP, NAMED_ROWS, PHONE, Plot
from sim.report.plots.city_map import map_data, plot_map
from sim.report.plots.delivery_time import delivery_times, plot_delivery_time
from sim.report.plots.demand import demand, plot_demand
from sim.report.plots.diagnosis import late_cells, plot_late_cells
from sim.report.plots.income import incomes, plot_income
from sim.report.plots.load import load, plot_load
from sim.report.plots.minutes import minutes, plot_minutes
from sim.report.plots.service import plot_service, service
from sim.report.surroundings import has_weather, is_disturbed
from sim.report.time_axis import time_axis


def plots(result: RunResult) -> Iterator[Plot]:
    """The figures of a run, in reading order."""
    tables, calendar = result.tables, result.scenario.calendar
    axis = time_axis(tables, calendar.start, calendar.days)
    hourly, fleet = demand(tables, axis), load(tables, axis)
    times, pay, spent, city = delivery_times(tables), incomes(tables), minutes(tables), map_data(result.city, tables)
    yield Plot("demand", hourly.alt, lambda ax: plot_demand(hourly, ax), FULL, 3.1, 3.0, ACROSS)
    yield Plot("load", fleet.alt, lambda ax: plot_load(fleet, ax), FULL, 3.1, 3.2, ACROSS)
    if is_disturbed(result):
        fared = service(tables, axis, has_weather(result))
        tall = fared.height
        yield Plot("service", fared.alt, lambda ax: plot_service(fared, ax), FULL, tall, tall, NAMED_ROWS)
    yield Plot("delivery_time", times.alt, lambda ax: plot_delivery_time(times, ax))
    yield Plot("income", pay.alt, lambda ax: plot_income(pay, ax))
    yield Plot("minutes", spent.alt, lambda ax: plot_minutes(spent, ax), FULL, 2.7, 3.2, NAMED_ROWS)
    tall = min(max(city.shape, 0.4), 1.6)
    yield Plot("map", city.alt, lambda ax: plot_map(city, ax), MAP, MAP * tall + 0.8, PHONE * tall + 0.9, ALL)
    late = late_cells(diagnose(tables, result.city.places.zone), result.city.zones)
    rows = late.height + 1.1
    yield Plot("diagnosis", late.alt, lambda ax: plot_late_cells(late, ax), FULL, rows, rows, ACROSS)
    yield from over_weeks(result)
    yield from of_fleet(result)
    yield from of_merchants(result)
