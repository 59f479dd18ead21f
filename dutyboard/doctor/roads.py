"""Roads: who says how long journeys take, and can they be asked."""

from __future__ import annotations

import httpx

from domain.clock import Clock
from domain.errors import RoadsUnavailable
from dutyboard.doctor.finding import Finding
from dutyboard.settings import Settings
from realtime.roads.prepared import toolchain

ESTIMATED = "until then journeys are estimated from straight lines."


async def roads(settings: Settings, clock: Clock) -> Finding:
    asked = settings.roads
    if asked.roads_from == "estimate":
        return Finding("roads", "ok", "Journeys are estimated from straight lines, at the usual speeds.")
    if asked.roads_from == "extract":
        return _extract(settings)
    return await _server(asked.roads_from, asked.roads_url or "", asked.roads_timeout_s)


def _extract(settings: Settings) -> Finding:
    extract = settings.roads.roads_extract
    if extract is None or not extract.is_file():
        do = f"Is DUTYBOARD_ROADS_EXTRACT right? It is {extract}; {ESTIMATED}"
        return Finding("roads", "failed", "There is no extract of OpenStreetMap where the settings say.", do)
    try:
        osrm = toolchain()
    except RoadsUnavailable as error:
        do = f"Install the extra: pip install 'dutyboard[roads]'; {ESTIMATED}"
        return Finding("roads", "failed", error.detail, do)
    return Finding("roads", "ok", f"Roads are those of {extract.name}, read by OSRM {osrm.version} in our own process.")


async def _server(kind: str, url: str, timeout_s: float) -> Finding:
    address = httpx.URL(url.replace("{transport}", "car"))
    name = f"The {kind} server at {address.host}"
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=min(timeout_s, 3)) as client:
            status = (await client.get(address)).status_code
    except httpx.HTTPError as error:
        do = f"Is it running, and is DUTYBOARD_ROADS_URL right? Again when it answers; {ESTIMATED}"
        return Finding("roads", "failed", f"{name} does not answer ({type(error).__name__}).", do)
    if status >= 500:
        do = f"Ask whoever runs it; {ESTIMATED}"
        return Finding("roads", "failed", f"{name} is in trouble (HTTP {status}).", do)
    return Finding("roads", "ok", f"{name} answers.")
