"""Travel times by real roads as far as they are known, and estimates, marked, where they are not (yet)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from solver.travel.base import Travel
from solver.travel.known_roads import KnownRoads, place_code
from solver.travel.port import Pace, Point, Table, Transport, TravelTimes, free_flow


class RoadTravel(Travel):
    """Journeys on roads that are known; the others, and those for which there is no road, are told by `otherwise`.

    What is known must not change any more (`KnownRoads.only`): search and checker are to be told the same.
    """

    def __init__(
        self, known: Mapping[Transport, KnownRoads], otherwise: TravelTimes, *, pace: Pace = free_flow
    ) -> None:
        super().__init__(pace)
        self._known, self._otherwise = known, otherwise

    def metres(self, origin: Point, destination: Point, transport: Transport) -> int:
        seconds, metres = self._pair(origin, destination, transport)
        return metres if seconds >= 0 else self._otherwise.metres(origin, destination, transport)

    def estimated(self, origin: Point, destination: Point, transport: Transport) -> bool:
        seconds, _ = self._pair(origin, destination, transport)
        return seconds < 0 and self._otherwise.estimated(origin, destination, transport)

    def _quiet_s(self, origin: Point, destination: Point, transport: Transport) -> int:
        seconds, _ = self._pair(origin, destination, transport)
        return seconds if seconds >= 0 else self._otherwise.seconds(origin, destination, transport)

    def _pair(self, origin: Point, destination: Point, transport: Transport) -> tuple[int, int]:
        return self._on(transport).pair(place_code(origin.place), place_code(destination.place))

    def _on(self, transport: Transport) -> KnownRoads:
        return self._known.get(transport) or KnownRoads()

    def _block(self, origins: Sequence[Point], destinations: Sequence[Point], transport: Transport) -> Table:
        here, there = ([place_code(point.place) for point in points] for points in (origins, destinations))
        seconds, metres = self._on(transport).block(here, there)
        if (known := seconds >= 0).all():
            return Table(seconds, metres, ~known)
        both = self._otherwise.table([*origins, *destinations], transport)
        other = both.of(np.arange(len(here)), np.arange(len(here), len(here) + len(there)))
        return Table(
            np.where(known, seconds, other.seconds),
            np.where(known, metres, other.metres),
            other.estimated & ~known,
        )
