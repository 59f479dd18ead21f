"""An OSRM server: its table service over HTTP, version 1 (https://project-osrm.org/docs/v26.7.3/api/#table-service)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import httpx
import numpy as np

from domain.errors import RoadsUnavailable
from domain.geo import Place
from realtime.roads.asking import FIRST_PAUSE_S, Asker, server_name
from realtime.roads.source import FARTHEST_ROAD_M, DeadEnd, RoadTable, around_dead_ends, no_roads, table_of
from solver.travel.known_roads import NO_ROAD
from solver.travel.port import Transport

_COORDINATE = re.compile(r"coordinate (\d+)")
CARS: frozenset[Transport] = frozenset({"car"})
EVERYBODY: frozenset[Transport] = frozenset({"car", "bike", "foot"})


class OsrmServer:
    """Asks an OSRM at `url`. One OSRM knows the roads of one kind of transport, whatever it is asked for: `{transport}` in the
    address tells where each is; without it, it is taken for one of cars.
    """

    is_worth_keeping = True

    def __init__(
        self, client: httpx.AsyncClient, url: str, most_points: int = 50, pause_s: float = FIRST_PAUSE_S
    ) -> None:
        self.name = server_name("OSRM", url)
        self.most_points = most_points
        self.transports = EVERYBODY if "{transport}" in url else CARS
        self._client, self._url = client, url.rstrip("/")
        self._asker = Asker(client, f"The OSRM at {httpx.URL(url).host}", pause_s)

    async def table(self, origins: Sequence[Place], destinations: Sequence[Place], transport: Transport) -> RoadTable:
        base = self._url.replace("{transport}", transport)

        async def ask(origins: Sequence[Place], destinations: Sequence[Place]) -> RoadTable:
            address = f"{base}/table/v1/driving/{question(origins, destinations)}"
            status, told = await self._asker.answer(lambda: self._client.build_request("GET", address))
            return self._understood(status, told, origins, destinations)

        return await around_dead_ends(ask, origins, destinations)

    def _understood(self, status: int, told: Any, origins: Sequence[Place], destinations: Sequence[Place]) -> RoadTable:
        told = told if isinstance(told, dict) else {}
        code = told.get("code")
        if code == "NoTable":
            return no_roads(len(origins), len(destinations))
        if code == "NoSegment" and (number := _COORDINATE.search(str(told.get("message")))):
            raise _dead_end(int(number[1]), len(origins))
        if code != "Ok":
            raise RoadsUnavailable(f"{self.name} refuses (HTTP {status}, {code}): {told.get('message', 'no reason')}.")
        try:
            return understood(told, (len(origins), len(destinations)))
        except (KeyError, TypeError, ValueError) as error:
            raise RoadsUnavailable(f"{self.name} answers what is no table ({type(error).__name__}).") from error


def question(origins: Sequence[Place], destinations: Sequence[Place]) -> str:
    """Path and query of a table: all places, then which of them are origins and which destinations."""
    places = ";".join(f"{place.lon:.5f},{place.lat:.5f}" for place in (*origins, *destinations))
    first = len(origins)
    sources, targets = _numbers(range(first)), _numbers(range(first, first + len(destinations)))
    return f"{places}?annotations=duration,distance&sources={sources}&destinations={targets}"


def understood(told: Any, shape: tuple[int, int]) -> RoadTable:
    """The table in an answer, over HTTP or of the engine itself; where the nearest road is far from a place, there is none."""
    table = table_of([list(row) for row in told["durations"]], [list(row) for row in told["distances"]], shape)
    on_road, at_road = (
        np.array([float(end["distance"]) <= FARTHEST_ROAD_M for end in told[ends]], np.bool_)
        for ends in ("sources", "destinations")
    )
    off = ~(on_road[:, None] & at_road)
    table.seconds[off] = table.metres[off] = NO_ROAD
    return table


def _dead_end(number: int, origins: int) -> DeadEnd:
    return DeadEnd([number], []) if number < origins else DeadEnd([], [number - origins])


def _numbers(numbers: Iterable[int]) -> str:
    return ";".join(map(str, numbers))
