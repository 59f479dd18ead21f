"""How long nurses take from door to door, by the travel times that the solver plans with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from time import monotonic

from psycopg import AsyncConnection

from db import live_days, sheets
from domain.day import DaySheet
from domain.geo import Place
from domain.journeys import WayS
from solver.travel import Point, Transport, TravelTimes, points_of

TravelFor = Callable[[DaySheet], TravelTimes]
MOST_KEPT = 32
"""Days kept at hand, a team's each."""
KEPT_S = 60.0
"""How long travel times are kept, in seconds of life: meanwhile more roads may have been learnt."""
ELSEWHERE = "@seen"
"""Names a place that is none of the day's: where somebody was seen."""


@dataclass(frozen=True, slots=True)
class _Day:
    """A day's travel times and points by where they are, of the `version` of what is wanted, read at a time."""

    version: int
    read_at: float
    travel: TravelTimes
    points: Mapping[tuple[float, float], Point]

    def point(self, place: Place) -> Point:
        return self.points.get((place.lat, place.lon)) or Point(ELSEWHERE, place)


class Ways:
    """The roads of the days at hand; read again when what is wanted of a day has changed, and now and then."""

    def __init__(self, travel_for: TravelFor) -> None:
        self._travel_for = travel_for
        self._kept: dict[tuple[str, date], _Day] = {}

    async def of(self, conn: AsyncConnection, team_id: str, day: date, transport: Transport) -> WayS:
        """How long the way from place to place takes when set off at a time, with this transport."""
        known = await self._day(conn, team_id, day)

        def way_s(here: Place, there: Place, leaves: datetime) -> float:
            return known.travel.seconds(known.point(here), known.point(there), transport, int(leaves.timestamp()))

        return way_s

    async def _day(self, conn: AsyncConnection, team_id: str, day: date) -> _Day:
        version = await live_days.wanted_version(conn, team_id, day)
        kept = self._kept.get((team_id, day))
        if kept is not None and kept.version == version and monotonic() - kept.read_at < KEPT_S:
            return kept
        sheet = await sheets.read(conn, team_id, day)
        points = {(point.place.lat, point.place.lon): point for point in points_of(sheet)}
        while len(self._kept) >= MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[team_id, day] = read = _Day(version, monotonic(), self._travel_for(sheet), points)
        return read
