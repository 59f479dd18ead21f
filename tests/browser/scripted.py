"""A feed that says what a test tells it to: the other end of a screen's socket, in the words of the feed's protocol."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.async_api import Page, WebSocketRoute

TEN = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def instant(seconds: float = 0) -> str:
    """So long after ten, as it is written on the wire."""
    return (TEN + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


def state(version: int, status: str = "available", **more: Any) -> dict[str, Any]:
    return {"nurse_id": "vale:amy", "status": status, "shift": "on", "questioned": 0, "version": version, **more}


def position(version: int, seconds: float = 0, lat: float = 53.205, lon: float = -2.165) -> dict[str, Any]:
    return {"nurse_id": "vale:amy", "at": instant(seconds), "lat": lat, "lon": lon, "moving": False, "version": version}


def phone(version: int, seconds: float = 0, battery_pct: int | None = 80) -> dict[str, Any]:
    return {"nurse_id": "vale:amy", "heard_at": instant(seconds), "battery_pct": battery_pct, "version": version}


def attendance(version: int, **more: Any) -> dict[str, Any]:
    usual = {"nurse_id": "vale:amy", "place_in_round": 0, "planned_start": instant(600), "planned_end": instant(2400)}
    return {"visit_id": "vale:v1", "carer_no": 1, "state": "planned", "version": version, **usual, **more}


def board(**changed: Any) -> dict[str, Any]:
    """Amy, one visit, all at version 1."""
    team = {"team_id": "vale", "name": "Vale", "timezone": "Europe/London", "base_lat": 53.205, "base_lon": -2.165}
    nurse = {
        "nurse_id": "vale:amy",
        "name": "Amy Okafor",
        "band": 6,
        "shift_starts_at": instant(-7200),
        "shift_ends_at": instant(21600),
    }
    visit = {
        "visit_id": "vale:v1", "patient": "vale:p1", "lat": 53.21, "lon": -2.16, "priority": "routine",
        "window_start": instant(0), "window_end": instant(7200), "synchronisation": "independent",
        "services": ["wound_care"], "durations_s": [1800], "unplaced_because": None,
    }  # fmt: skip
    usual = {
        "team": {**team, "planar": False}, "day": "2026-11-23", "plan_revision": 1, "made_by": "test",
        "nurses": [nurse], "visits": [visit], "rests": [], "attendances": [attendance(1)],
        "nurse_states": [state(1)], "positions": [position(1)], "phones": [phone(1)],
    }  # fmt: skip
    return {**usual, **changed}


class ScriptedFeed:
    """Greets whoever comes, where it has a greeting; `heard` is what the screen said, `sockets` how often it came."""

    def __init__(self, page: Page, greeting: Callable[[], dict[str, Any]] | None) -> None:
        self.page, self.greeting = page, greeting
        self.heard: list[str] = []
        self.sockets = 0
        self.refuses: tuple[int, str] | None = None
        self._socket: WebSocketRoute | None = None

    async def open(self) -> None:
        await self.page.route_web_socket(lambda url: "/api/v1/feed" in url, self._came)

    async def _came(self, socket: WebSocketRoute) -> None:
        self.sockets += 1
        self._socket = socket
        socket.on_message(self._hear)
        if self.refuses:
            await socket.close(code=self.refuses[0], reason=self.refuses[1])
        elif self.greeting:
            self.greet(self.greeting())

    def _hear(self, text: str | bytes) -> None:
        self.heard.append(json.loads(text)["type"])

    def greet(self, snapshot: dict[str, Any]) -> None:
        assert self._socket is not None
        self._socket.send(json.dumps(snapshot))

    def say(self, kind: str, **message: Any) -> None:
        assert self._socket is not None
        self._socket.send(json.dumps({"type": kind, "now": instant(), "sent_ms": 0, **message}))

    async def hang_up(self) -> None:
        assert self._socket is not None
        await self._socket.close(code=1011, reason="gone")


def snapshot(n: int = 0, epoch: str = "e1", speed: float = 1.0, **changed: Any) -> dict[str, Any]:
    return {
        "type": "snapshot", "epoch": epoch, "n": n, "now": instant(), "speed": speed, "sent_ms": 0, "stale_since": None,
        "board": board(**changed),
    }  # fmt: skip
