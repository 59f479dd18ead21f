"""Real roads in this process, from an extract of OpenStreetMap: no server, no network, nothing leaves the house."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from domain.errors import RoadsUnavailable
from domain.geo import Place
from realtime.roads.osrm import understood
from realtime.roads.prepared import PROFILES, prepared, toolchain
from realtime.roads.source import RoadTable
from solver.travel.port import Transport


class ExtractRoads:
    """Asks OSRM's own engine in this process; roads are prepared, once, when a kind of transport is first asked for.

    The engine holds Python's lock while it works, so a question is small: 100 by 100 take some 20 ms.
    """

    is_worth_keeping = False
    most_points = 100
    transports: frozenset[Transport] = frozenset(PROFILES)

    def __init__(self, extract: Path, folder: Path) -> None:
        self.name = f"extract {extract.name}"
        self._extract, self._folder = extract, folder
        self._engines: dict[Transport, Any] = {}
        self._one_at_a_time = asyncio.Lock()

    async def table(self, origins: Sequence[Place], destinations: Sequence[Place], transport: Transport) -> RoadTable:
        engine = await self._engine(transport)
        try:
            return await asyncio.to_thread(_ask, engine, origins, destinations)
        except RuntimeError as error:
            raise RoadsUnavailable(f"The roads of {self._extract.name} give no table: {error}.") from error

    async def _engine(self, transport: Transport) -> Any:
        async with self._one_at_a_time:
            if transport not in self._engines:
                roads = await prepared(self._extract, transport, self._folder, toolchain())
                self._engines[transport] = await asyncio.to_thread(_open, roads)
            return self._engines[transport]


def _open(roads: Path) -> Any:
    """The engine of prepared roads, read from the disk as they are needed: processes share what is in memory."""
    import osrm

    return osrm.OSRM(
        algorithm="MLD",
        storage_config=str(roads),
        use_shared_memory=False,
        use_mmap=True,
        max_locations_distance_table=-1,
        verbosity="NONE",
    )


def _ask(engine: Any, origins: Sequence[Place], destinations: Sequence[Place]) -> RoadTable:
    import osrm

    first = len(origins)
    asked = osrm.TableParameters(
        coordinates=[(place.lon, place.lat) for place in (*origins, *destinations)],
        sources=list(range(first)),
        destinations=list(range(first, first + len(destinations))),
        annotations=["duration", "distance"],
        generate_hints=False,
    )
    return understood(engine.Table(asked), (len(origins), len(destinations)))
