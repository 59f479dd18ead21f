"""Whoever knows the roads, and the tables they answer with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from domain.geo import Place
from solver.travel.known_roads import NO_ROAD, Whole
from solver.travel.port import Transport

FARTHEST_ROAD_M = 1000.0
"""A place with its nearest road farther away is on none: outside the extract, on an island, or placed wrongly."""


class RoadTable(NamedTuple):
    """Seconds and metres from each origin (rows) to each destination (columns), int32; `NO_ROAD` where there is no way."""

    seconds: Whole
    metres: Whole


class RoadSource(Protocol):
    """Says how long and how far it is on roads."""

    name: str
    """Whose word it is, short, the same from one start to the next."""
    transports: frozenset[Transport]
    """Those it knows roads for."""
    most_points: int
    """The most origins, and the most destinations, of one question."""
    is_worth_keeping: bool
    """Whether asking again is dearer than a look into the database."""

    async def table(self, origins: Sequence[Place], destinations: Sequence[Place], transport: Transport) -> RoadTable:
        """Raises RoadsUnavailable where there is no answer."""


class DeadEnd(Exception):
    """No table, because these origins and destinations (their numbers, at least one) are on no road."""

    def __init__(self, origins: Iterable[int], destinations: Iterable[int]) -> None:
        self.origins, self.destinations = frozenset(origins), frozenset(destinations)


Ask = Callable[[Sequence[Place], Sequence[Place]], Awaitable[RoadTable]]


async def around_dead_ends(ask: Ask, origins: Sequence[Place], destinations: Sequence[Place]) -> RoadTable:
    """What `ask` says of those that are on roads; for each that it calls a dead end there is no road."""
    rows, columns = list(range(len(origins))), list(range(len(destinations)))
    table = no_roads(len(origins), len(destinations))
    while rows and columns:
        try:
            told = await ask([origins[row] for row in rows], [destinations[column] for column in columns])
        except DeadEnd as end:
            rows = [row for number, row in enumerate(rows) if number not in end.origins]
            columns = [column for number, column in enumerate(columns) if number not in end.destinations]
        else:
            table.seconds[np.ix_(rows, columns)], table.metres[np.ix_(rows, columns)] = told
            break
    return table


def no_roads(origins: int, destinations: int) -> RoadTable:
    """A table of this many where no road leads from anywhere to anywhere."""
    return RoadTable(*(np.full((origins, destinations), NO_ROAD, np.int32) for _ in range(2)))


def table_of(seconds: Any, metres: Any, shape: tuple[int, int]) -> RoadTable:
    """The table of rows of numbers, None where there is no way. Raises ValueError or TypeError where they are none of this
    shape."""
    times, distances = np.array(seconds, np.float64), np.array(metres, np.float64)
    if times.shape != shape or distances.shape != shape:
        raise ValueError("a table of other journeys than were asked for")
    known = np.isfinite(times) & np.isfinite(distances)
    return RoadTable(_whole(times, known), _whole(distances, known))


def _whole(numbers: NDArray[np.float64], known: NDArray[np.bool_]) -> Whole:
    return np.where(known, np.rint(np.where(known, numbers, 0)), NO_ROAD).astype(np.int32)
