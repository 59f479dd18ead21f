"""This machine and this program: room on the disk, the clock that is shown, whether the API answers."""

from __future__ import annotations

import shutil

import httpx

from domain.clock import Clock
from dutyboard.doctor.finding import Finding
from dutyboard.settings import Settings

LITTLE_BYTES, NEARLY_NOTHING_BYTES = 5e9, 1e9


async def disk(settings: Settings, clock: Clock) -> Finding:
    folder = next(place for place in (settings.home, *settings.home.parents) if place.exists())
    free = shutil.disk_usage(folder).free
    sentence = f"{free / 1e9:.0f} GB are free where our own stores keep their files ({settings.home})."
    if free >= LITTLE_BYTES:
        return Finding("disk", "ok", sentence)
    do = "Make room, or move the data and set DUTYBOARD_HOME: with no room left nothing can be taken."
    return Finding("disk", "failed" if free < NEARLY_NOTHING_BYTES else "warning", sentence, do)


async def shown_time(settings: Settings, clock: Clock) -> Finding:
    if clock.spec == "system":
        return Finding("clock", "ok", "The board shows the real time.")
    return Finding(
        "clock",
        "warning",
        f"The time is simulated: {clock.now():%Y-%m-%d %H:%M} UTC, {clock.speed:g} times as fast as life.",
        "For a real day, take DUTYBOARD_CLOCK away.",
    )


async def api(settings: Settings, clock: Clock) -> Finding:
    address = f"http://{settings.host}:{settings.port}"
    try:
        async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=3) as client:
            alive = (await client.get("/health")).is_success
    except httpx.HTTPError:
        alive = False
    if alive:
        return Finding("api", "ok", f"The API answers on {address}.")
    do = "Start Dutyboard with `dutyboard up`. If the API runs on another machine or port, ask there."
    return Finding("api", "warning", f"No API answers on {address}: phones are not heard there.", do)
