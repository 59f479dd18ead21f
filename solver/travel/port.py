"""The port through which the solver asks for travel times, and what every implementation of it shares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from domain.geo import Place

Transport = Literal["car", "bike", "foot"]
Pace = Callable[[int], int]
"""How long a journey takes that leaves in a minute since 1970 (UTC), in thousandths of what it takes on a quiet road."""


@dataclass(frozen=True, slots=True)
class Point:
    """A home or an office: its name in a matrix, and where it is."""

    ref: str
    place: Place


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """All journeys from some points (rows) to some points (columns), on quiet roads; nobody writes into it.

    `seconds` and `metres` are int32, `estimated` says of each pair whether its seconds are an estimate.
    """

    seconds: NDArray[np.int32]
    metres: NDArray[np.int32]
    estimated: NDArray[np.bool_]

    def __post_init__(self) -> None:
        for column in (self.seconds, self.metres, self.estimated):
            column.setflags(write=False)

    def of(self, origins: NDArray[np.intp], destinations: NDArray[np.intp]) -> Table:
        """The journeys from these rows to these columns."""
        picked = np.ix_(origins, destinations)
        return Table(self.seconds[picked], self.metres[picked], self.estimated[picked])


class TravelTimes(Protocol):
    """Tells how long a journey takes and how far it is; the same journey at the same time always takes as long.

    A journey to the same point takes 0.
    """

    def seconds(self, origin: Point, destination: Point, transport: Transport, leaves: int | None = None) -> int:
        """How long it takes when leaving at this second since 1970; None: on quiet roads."""

    def metres(self, origin: Point, destination: Point, transport: Transport) -> int:
        """How far it is by road; 0 where nobody can say, on a plain grid."""

    def estimated(self, origin: Point, destination: Point, transport: Transport) -> bool:
        """Whether `seconds` is an estimate, where nobody who knows the road said it."""

    def pace(self, minute: int) -> int:
        """What a journey that leaves in this minute since 1970 (UTC) takes, in thousandths of `seconds` on quiet roads."""

    def table(self, points: Sequence[Point], transport: Transport) -> Table:
        """Every journey between these points on quiet roads, as `seconds`, `metres` and `estimated` tell them."""


def free_flow(minute: int) -> int:
    """The pace of roads that are always quiet."""
    return 1000
