"""The clock runs what SimPy runs, in the same order, and stops where it is told to."""

from collections.abc import Generator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simpy import Environment, Event
from simpy.core import StopSimulation
from simpy.events import URGENT

from sim.engine.clock import Clock, Moment

WAITS = st.lists(st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.5]), max_size=5), max_size=5)


def told(env: Environment, waits: list[list[float]], until: float | None) -> list[tuple[float, int]]:
    """When which of some processes has waited."""
    seen: list[tuple[float, int]] = []

    def waiter(number: int, delays: list[float]) -> Generator[Event, None, None]:
        for delay in delays:
            yield env.timeout(delay)
            seen.append((env.now, number))

    for number, delays in enumerate(waits):
        env.process(waiter(number, delays))
    env.run(until=until)
    return seen


@given(WAITS, st.sampled_from([None, 0.5, 2.0, 100.0]))
def test_events_happen_as_in_simpy(waits: list[list[float]], until: float | None) -> None:
    clock, simpy = Clock(), Environment()
    assert told(clock, waits, until) == told(simpy, waits, until)
    assert clock.now == simpy.now


def test_a_run_goes_on_where_it_stopped() -> None:
    clock = Clock(10.0)
    happened: list[float] = []
    for delay in (1.0, 2.0, 3.0):
        Moment(clock, delay).callbacks.append(lambda _: happened.append(clock.now))
    clock.run(until=12.0)
    assert (clock.now, happened) == (12.0, [11.0])  # what is due at the end belongs to the next run
    clock.run(until=20.0)
    assert (clock.now, happened) == (20.0, [11.0, 12.0, 13.0])


def test_a_moment_has_a_value_and_a_priority() -> None:
    clock = Clock()
    order: list[str] = []
    Moment(clock, 1.0, "second").callbacks.append(lambda event: order.append(event.value))
    Moment(clock, 1.0, "first", URGENT).callbacks.append(lambda event: order.append(event.value))
    assert clock.run() is None
    assert order == ["first", "second"]


def test_a_callback_can_stop_the_clock() -> None:
    def stop(event: Event) -> None:
        raise StopSimulation(event.value)

    clock = Clock()
    Moment(clock, 5.0, "enough").callbacks.append(stop)
    Moment(clock, 9.0)
    assert clock.run() == "enough"
    assert clock.now == 5.0
    assert clock.run() is None
    assert clock.now == 9.0


def test_a_process_that_fails_ends_the_run() -> None:
    def broken() -> Generator[Event, None, None]:
        yield clock.timeout(3.0)
        raise ValueError("no such street")

    clock = Clock()
    clock.process(broken())
    with pytest.raises(ValueError, match="no such street"):
        clock.run(until=10.0)
    assert clock.now == 3.0


def test_a_process_is_over_with_its_last_event() -> None:
    def counting() -> Generator[Event, None, str]:
        yield clock.timeout(3.0)
        return "done"

    clock = Clock()
    process = clock.process(counting())
    assert process.is_alive
    clock.run()
    assert (process.is_alive, process.value, clock.now) == (False, "done", 3.0)
