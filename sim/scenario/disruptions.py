"""The scenario's block about disruptions: what goes wrong, from when to when."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from sim.scenario.fields import Section, quantity
from sim.units import moment


def _moment(text: str) -> str:
    moment(text)
    return text


Moment = Annotated[
    str, AfterValidator(_moment), Field(json_schema_extra={"unit": "[day] HH:MM", "source": "assumption"})
]
"""Day of the run, counted from 0, and clock time; day 0 when it stands alone."""


class Window(Section):
    """A time during which something is out of order."""

    start: Moment = Field(alias="from")
    """When it begins."""
    end: Moment = Field(alias="to")
    """When it is over."""

    @model_validator(mode="after")
    def _forward(self) -> Window:
        if moment(self.end) <= moment(self.start):
            raise ValueError(f"to: {self.end} is not after from: {self.start}")
        return self

    @model_serializer(mode="wrap")
    def _as_written(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        # whoever dumps without aliases must be able to validate what he gets
        return {{"start": "from", "end": "to"}.get(key, key): value for key, value in dump(self).items()}


class Storm(Window):
    """A storm that no forecast knew of; it multiplies what the weather does."""

    kind: Literal["storm"]
    """A storm."""
    travel: float = quantity(1.5, "1", 1, 20)
    """Multiplies travel times."""
    demand: float = quantity(1.0, "1", 0, 10)
    """Multiplies the expected Intents."""
    turnout: float = quantity(0.7, "1", 0, 1)
    """Multiplies the chance that a rider comes whose shift starts in it."""


class Outage(Window):
    """The platform decides nothing: orders are taken, and wait."""

    kind: Literal["outage"]
    """An outage of dispatch."""


class MerchantClosed(Window):
    """Merchants that are closed although their hours say they are open; users learn it too late."""

    kind: Literal["merchant_closed"]
    """Closed merchants."""
    merchant_class: str = ""
    """Only merchants of this class; all when empty."""
    zone: str = ""
    """Only merchants in this zone; all when empty."""
    share: float = quantity(1.0, "share of these merchants", 0, 1)
    """How many of them; who it is, is drawn."""


class RoadClosed(Window):
    """Streets that are closed: bridges by number, a box of the map, or streets by name."""

    kind: Literal["road_closed"]
    """Closed roads."""
    bridges: list[Annotated[int, Field(ge=1, le=20)]] = Field(
        default_factory=list, json_schema_extra={"unit": "bridge", "source": "assumption"}
    )
    """Bridges of a district, 1 in the west."""
    box: list[float] = Field(default_factory=list, json_schema_extra={"unit": "m or deg", "source": "assumption"})
    """West, south, east and north edge, in metres of a generated map or degrees of a real place; what the closed
    streets would cut off can still be reached."""
    streets: list[Annotated[str, Field(min_length=1)]] = Field(default_factory=list)
    """Names of streets of a real place."""

    @model_validator(mode="after")
    def _one_way_to_say_it(self) -> RoadClosed:
        if bool(self.bridges) + bool(self.box) + bool(self.streets) != 1:
            raise ValueError("expected one of bridges, box and streets")
        if self.box and not (len(self.box) == 4 and self.box[0] < self.box[2] and self.box[1] < self.box[3]):
            raise ValueError(f"box: expected [west, south, east, north], got {self.box}")
        return self


class RidersAbsent(Window):
    """Riders who stay away for the whole shift, if it touches the window: an illness, a strike, an exam."""

    kind: Literal["riders_absent"]
    """Absent riders."""
    share: float = quantity(..., "share of these riders", 0, 1)
    """How many of them; who it is, is drawn."""
    zone: str = ""
    """Only riders who start in this zone; all when empty."""


Disruption = Annotated[
    Storm | Outage | MerchantClosed | RoadClosed | RidersAbsent,
    Field(discriminator="kind"),
]
Disruptions = Annotated[list[Disruption], Field(max_length=100)]
