"""Ways to drive: along the roads of the land where there are any, along a bent line elsewhere.

Speeds are those of ordinary driving with its junctions, so that a way takes about as long as planners expect: on average
40 km/h over 1.3 times the straight line (`tests/sim` holds the two together).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import heappop, heappush
from itertools import pairwise
from math import atan2, cos, degrees, dist, radians
from random import Random

from domain.geo import Place, distance_m
from sim.geography import EAST_KM, NORTH_KM, Land, ashbourne_vale, place_of, point_of
from sim.shapes import XY, Line, bent

SPEED_KMH = {"street": 38.0, "lane": 45.0, "b_road": 58.0, "a_road": 68.0, "motorway": 95.0}
CROSS_COUNTRY_KMH = 35.0
DOOR_TO_ROAD_KMH = 20.0
_TOP_KMH = 70.0
"""Nobody gets nearer to where they want to be faster than this: no road the net has is faster."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Where somebody on a way is, how fast and in which direction (degrees clockwise from north)."""

    place: Place
    speed_mps: float
    heading_deg: float


class Way:
    """A way from door to door: points with the seconds at which each is reached."""

    def __init__(self, places: Sequence[Place], seconds: Sequence[float]) -> None:
        self.places, self.seconds = places, seconds

    @property
    def takes_s(self) -> float:
        return self.seconds[-1]

    def at(self, since_s: float) -> Moment:
        """Where one is, so many seconds after setting off."""
        leg = min(max(bisect_right(self.seconds, since_s), 1), len(self.seconds) - 1)
        here, there = self.places[leg - 1], self.places[leg]
        began, takes = self.seconds[leg - 1], self.seconds[leg] - self.seconds[leg - 1]
        part = min(1.0, max(0.0, (since_s - began) / takes)) if takes else 1.0
        north, east = there.lat - here.lat, there.lon - here.lon
        heading = degrees(atan2(east * cos(radians(here.lat)), north)) % 360
        speed = distance_m(here.lat, here.lon, there.lat, there.lon) / takes if takes else 0.0
        return Moment(Place(lat=here.lat + part * north, lon=here.lon + part * east), speed, heading)


class Roads:
    """The roads of the land as a net of crossings."""

    def __init__(self, land: Land) -> None:
        self._at: list[XY] = []
        self._number: dict[XY, int] = {}
        self._next: list[list[tuple[int, float]]] = []
        for road in land.roads:
            if road.kind != "motorway":
                self._lay(road.line, SPEED_KMH[road.kind])
        self._main = len(self._at)
        for quarter in land.quarters:
            self._lay_streets(
                [street.line for street in quarter.streets], quarter.settlement.at, quarter.settlement.radius_km
            )
        self._open = self._reachable()

    def way(self, start: Place, end: Place) -> Way:
        """The quickest way by road between two doors on the land."""
        here, there = point_of(start), point_of(end)
        first, last = self._nearest(here), self._nearest(there)
        legs = [(here, DOOR_TO_ROAD_KMH), *self._quickest(first, last), (there, DOOR_TO_ROAD_KMH)]
        places, seconds = [start], [0.0]
        for (before, _), (point, kmh) in pairwise(legs):
            places.append(place_of(point))
            seconds.append(seconds[-1] + 3600 * dist(before, point) / kmh)
        return Way([*places[:-1], end], seconds)

    def covers(self, place: Place) -> bool:
        """Whether a place is on the land that is drawn."""
        x, y = point_of(place)
        return abs(x) <= EAST_KM and abs(y) <= NORTH_KM

    def _lay_streets(self, streets: Sequence[Line], centre: XY, radius_km: float) -> None:
        known = len(self._at)
        for street in streets:
            self._lay(street, SPEED_KMH["street"])
        corners = range(known, len(self._at))
        for main in range(self._main):
            if corners and dist(self._at[main], centre) < radius_km:
                near = min(corners, key=lambda corner: dist(self._at[corner], self._at[main]))
                self._join(main, near, SPEED_KMH["street"])

    def _lay(self, line: Line, kmh: float) -> None:
        for here, there in pairwise(line):
            self._join(self._crossing(here), self._crossing(there), kmh)

    def _crossing(self, point: XY) -> int:
        if point not in self._number:
            self._number[point] = len(self._at)
            self._at.append(point)
            self._next.append([])
        return self._number[point]

    def _join(self, here: int, there: int, kmh: float) -> None:
        self._next[here].append((there, kmh))
        self._next[there].append((here, kmh))

    def _reachable(self) -> list[int]:
        """The crossings that can be reached from the first one: not every end of a street is joined to a road."""
        seen, waiting = {0}, [0]
        while waiting:
            fresh = {crossing for crossing, _ in self._next[waiting.pop()]} - seen
            seen |= fresh
            waiting.extend(fresh)
        return sorted(seen)

    def _nearest(self, point: XY) -> int:
        return min(self._open, key=lambda crossing: dist(self._at[crossing], point))

    def _quickest(self, first: int, last: int) -> list[tuple[XY, float]]:
        """The crossings from `first` to `last` with the speed at which each is reached (A*)."""
        goal = self._at[last]
        best, came = {first: 0.0}, {first: (first, DOOR_TO_ROAD_KMH)}
        waiting = [(0.0, first)]
        while waiting and (crossing := heappop(waiting)[1]) != last:
            for following, kmh in self._next[crossing]:
                hours = best[crossing] + dist(self._at[crossing], self._at[following]) / kmh
                if hours < best.get(following, float("inf")):
                    best[following], came[following] = hours, (crossing, kmh)
                    heappush(waiting, (hours + dist(self._at[following], goal) / _TOP_KMH, following))
        return self._back(came, first, last)

    def _back(self, came: dict[int, tuple[int, float]], first: int, last: int) -> list[tuple[XY, float]]:
        legs, crossing = [], last
        while crossing != first:
            before, kmh = came[crossing]
            legs.append((self._at[crossing], kmh))
            crossing = before
        return [(self._at[first], DOOR_TO_ROAD_KMH), *reversed(legs)]


@cache
def vale_roads() -> Roads:
    """The roads of Ashbourne Vale."""
    return Roads(ashbourne_vale())


def cross_country(start: Place, end: Place, rng: Random) -> Way:
    """A plausible way where we know no roads: bends like a road's, and a road's speed."""
    north, east = end.lat - start.lat, end.lon - start.lon
    straight_m = distance_m(start.lat, start.lon, end.lat, end.lon)
    line = bent((0.0, 0.0), (1.0, 0.0), rng, 0.16, 0.06 if straight_m > 500 else 0.34)
    places = [Place(lat=start.lat + t * north + a * east, lon=start.lon + t * east - a * north) for t, a in line]
    return Way(places, _seconds(places, CROSS_COUNTRY_KMH))


def _seconds(places: Iterable[Place], kmh: float) -> list[float]:
    seconds = [0.0]
    for here, there in pairwise(places):
        seconds.append(seconds[-1] + 3.6 * distance_m(here.lat, here.lon, there.lat, there.lon) / kmh)
    return seconds


def way_between(start: Place, end: Place, roads: Roads | None, rng: Random) -> Way:
    """The way by road where both doors are on our land, else a plausible one."""
    if roads and roads.covers(start) and roads.covers(end):
        return roads.way(start, end)
    return cross_country(start, end, rng)
