"""A Valhalla server: its matrix service over HTTP (https://valhalla.github.io/valhalla/api/matrix/api-reference/)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx
import numpy as np

from domain.errors import RoadsUnavailable
from domain.geo import Place
from realtime.roads.asking import FIRST_PAUSE_S, Asker, server_name
from realtime.roads.source import FARTHEST_ROAD_M, DeadEnd, RoadTable, around_dead_ends, no_roads, table_of
from solver.travel.port import Transport

COSTING: dict[Transport, str] = {"car": "auto", "bike": "bicycle", "foot": "pedestrian"}
TOO_FAR, UNCONNECTED, NO_EDGES = 154, 170, 171
"""Why a whole matrix is refused for the sake of one pair or place in it."""
LOCATED_AT_ONCE = 20
"""What a Valhalla locates in one question, unless told otherwise."""


class ValhallaServer:
    """Asks a Valhalla at `url` for any kind of transport."""

    is_worth_keeping = True
    transports: frozenset[Transport] = frozenset(COSTING)

    def __init__(
        self, client: httpx.AsyncClient, url: str, most_points: int = 50, pause_s: float = FIRST_PAUSE_S
    ) -> None:
        self.name = server_name("Valhalla", url)
        self.most_points = most_points
        self._client, self._url = client, url.rstrip("/")
        self._asker = Asker(client, f"The Valhalla at {httpx.URL(url).host}", pause_s)

    async def table(self, origins: Sequence[Place], destinations: Sequence[Place], transport: Transport) -> RoadTable:
        async def ask(origins: Sequence[Place], destinations: Sequence[Place]) -> RoadTable:
            return await self._matrix(origins, destinations, transport)

        return await around_dead_ends(ask, origins, destinations)

    async def _matrix(self, origins: Sequence[Place], destinations: Sequence[Place], transport: Transport) -> RoadTable:
        """The table of places that are all on roads. Raises DeadEnd where some are not."""
        asked = {
            "sources": [_location(place) for place in origins],
            "targets": [_location(place) for place in destinations],
            "costing": COSTING[transport],
            "units": "kilometers",
            "verbose": False,
        }
        status, told = await self._post("sources_to_targets", asked)
        code = told.get("error_code") if isinstance(told, dict) else None
        if code in (UNCONNECTED, NO_EDGES):
            await self._find_dead_ends(origins, destinations, transport)
        if code in (TOO_FAR, UNCONNECTED, NO_EDGES):
            return await self._in_halves(origins, destinations, transport)
        if status != 200:
            raise RoadsUnavailable(f"{self.name} refuses (HTTP {status}, {code}): {_reason(told)}.")
        try:
            return _understood(told, (len(origins), len(destinations)))
        except (KeyError, TypeError, ValueError) as error:
            raise RoadsUnavailable(f"{self.name} answers what is no table ({type(error).__name__}).") from error

    async def _find_dead_ends(
        self, origins: Sequence[Place], destinations: Sequence[Place], transport: Transport
    ) -> None:
        """Raise DeadEnd where some of these places are on no road; a matrix is refused without saying which."""
        places = list(dict.fromkeys((*origins, *destinations)))
        off_road = set[Place]()
        for first in range(0, len(places), LOCATED_AT_ONCE):
            group = places[first : first + LOCATED_AT_ONCE]
            asked = {
                "locations": [_location(place) for place in group],
                "costing": COSTING[transport],
                "verbose": False,
            }
            status, told = await self._post("locate", asked)
            if status != 200 or not isinstance(told, list) or len(told) != len(group):
                raise RoadsUnavailable(f"{self.name} does not say which places it knows (HTTP {status}).")
            off_road |= {place for place, found in zip(group, told, strict=True) if not found.get("edges")}
        if off_road:
            raise DeadEnd(*([no for no, it in enumerate(ends) if it in off_road] for ends in (origins, destinations)))

    async def _in_halves(
        self, origins: Sequence[Place], destinations: Sequence[Place], transport: Transport
    ) -> RoadTable:
        """The table of places between some of which there is no way, for which the whole was refused."""
        if len(origins) == len(destinations) == 1:
            return no_roads(1, 1)
        if len(origins) >= len(destinations):
            parts = [await self._matrix(half, destinations, transport) for half in _halves(origins)]
            return RoadTable(*(np.vstack(column) for column in zip(*parts, strict=True)))
        parts = [await self._matrix(origins, half, transport) for half in _halves(destinations)]
        return RoadTable(*(np.hstack(column) for column in zip(*parts, strict=True)))

    async def _post(self, service: str, asked: dict[str, Any]) -> tuple[int, Any]:
        return await self._asker.answer(
            lambda: self._client.build_request("POST", f"{self._url}/{service}", json=asked)
        )


def _understood(told: Any, shape: tuple[int, int]) -> RoadTable:
    """The table in an answer, concise as it was asked for, or pair by pair as older servers answer anyway."""
    matrix = told["sources_to_targets"]
    if isinstance(matrix, dict):
        seconds, km = matrix["durations"], matrix["distances"]
    else:
        seconds, km = ([[pair[of] for pair in row] for row in matrix] for of in ("time", "distance"))
    return table_of(seconds, np.array(km, np.float64) * 1000, shape)


def _location(place: Place) -> dict[str, float]:
    return {"lat": round(place.lat, 5), "lon": round(place.lon, 5), "search_cutoff": FARTHEST_ROAD_M}


def _halves(places: Sequence[Place]) -> tuple[Sequence[Place], Sequence[Place]]:
    return places[: len(places) // 2], places[len(places) // 2 :]


def _reason(told: Any) -> str:
    return str(told.get("error", "no reason")) if isinstance(told, dict) else "no reason"
