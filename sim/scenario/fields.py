"""How a scenario's fields are declared: every number with its unit, range, sentence and source."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from sim.units import seconds


class Section(BaseModel):
    """A block of a scenario: frozen, typed, and refusing keys it does not know."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True, allow_inf_nan=False
    )


def quantity(
    default: Any,
    unit: str,
    low: float,
    high: float,
    source: str = "assumption",
) -> Any:
    """Declare a number of a scenario.

    Parameters
    ----------
    default
        Its value when the scenario is silent; ``...`` when it must be given.
    unit
        Unit in words, ``"1"`` for a pure number.
    low, high
        Smallest and largest value allowed.
    source
        Where the default comes from, or ``assumption``.
    """
    extra: dict[str, Any] = {"unit": unit, "source": source}
    return Field(default=default, ge=low, le=high, json_schema_extra=extra)


def _clock(text: str) -> str:
    seconds(text)
    return text


Clock = Annotated[str, AfterValidator(_clock), Field(json_schema_extra={"unit": "HH:MM", "source": "assumption"})]


def hourly(weights: list[float]) -> list[float]:
    """24 hourly weights, none negative, not all zero.

    Raises
    ------
    ValueError
        When a weight is negative or above a million, or all are zero.
    """
    if min(weights) < 0 or max(weights) > 1e6 or sum(weights) <= 0:
        raise ValueError("expected 24 hourly weights from 0 to 1,000,000, not all zero")
    return weights


Curve = Annotated[
    list[float],
    Field(min_length=24, max_length=24, json_schema_extra={"unit": "relative weight per hour"}),
    AfterValidator(hourly),
]
