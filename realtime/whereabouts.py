"""What is known of one nurse's whereabouts and phone, as it is remembered, shown and kept in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from db.positions import SeenRow, as_stored
from domain.events import Heartbeat, Inbound
from domain.facts import PhoneNow, PositionNow
from domain.position import Fix, Sited, Walk
from domain.timing import clock_offset


class Known(msgspec.Struct):
    """One nurse's walk and phone. `frontier` is the newest clean fix: an older one walks its day again."""

    nurse_id: str
    team_id: str
    version: int = 0
    walk: Walk | None = None
    frontier: datetime | None = None
    heard_at: datetime | None = None
    battery_pct: int | None = None
    battery_at: datetime | None = None
    location_allowed: bool | None = None
    allowed_at: datetime | None = None
    sites: list[Sited] = []
    sites_at: datetime | None = None

    def listen(self, entries: Sequence[Inbound]) -> None:
        """When the phone was last heard, and the newest word it gave on its battery and on whether it may tell its place."""
        for entry in entries:
            if self.heard_at is None or entry.received_at > self.heard_at:
                self.heard_at = entry.received_at
            offset = clock_offset(entry.sent_at, entry.received_at)
            for said in entry.events:
                if said.battery_pct is not None:
                    self._hear_battery(said.battery_pct, said.at + offset)
                if type(said) is Heartbeat and said.location_allowed is not None:
                    self._hear_allowed(said.location_allowed, said.at + offset)

    def position_now(self) -> PositionNow | None:
        """Where a screen shows the nurse."""
        if self.walk is None:
            return None
        fix = self.walk.fix
        return PositionNow(
            nurse_id=self.nurse_id,
            at=fix.at,
            lat=fix.lat,
            lon=fix.lon,
            accuracy_m=as_stored(fix.accuracy_m),
            heading_deg=as_stored(fix.heading_deg),
            speed_mps=as_stored(fix.speed_mps),
            moving=self.walk.moving,
            at_visit=self.walk.at_visit,
            version=self.version,
        )

    def phone_now(self) -> PhoneNow | None:
        """What a screen shows of the phone."""
        if self.heard_at is None:
            return None
        return PhoneNow(
            nurse_id=self.nurse_id,
            heard_at=self.heard_at,
            battery_pct=self.battery_pct,
            location_allowed=self.location_allowed,
            version=self.version,
        )

    def _hear_battery(self, pct: int, at: datetime) -> None:
        if self.battery_at is None or at > self.battery_at:
            self.battery_pct, self.battery_at = pct, at

    def _hear_allowed(self, allowed: bool, at: datetime) -> None:
        if self.allowed_at is None or at > self.allowed_at:
            self.location_allowed, self.allowed_at = allowed, at


def recalled(team_id: str, row: SeenRow) -> Known:
    """What the database remembers of a nurse."""
    known = Known(
        row.nurse_id,
        team_id,
        row.seen_version,
        frontier=row.frontier_at,
        heard_at=row.heard_at,
        battery_pct=row.battery_pct,
        battery_at=row.battery_at,
        location_allowed=row.location_allowed,
        allowed_at=row.allowed_at,
    )
    if row.phone_at and row.at and row.received_at and row.lat is not None and row.lon is not None:
        fix = Fix(
            row.phone_at, row.at, row.received_at, row.lat, row.lon, row.accuracy_m, row.speed_mps, row.heading_deg
        )
        known.walk = Walk(fix, bool(row.moving), row.still_since, row.at_visit)
    return known


def remembered(known: Known) -> SeenRow:
    """What the database is to remember."""
    walk = known.walk
    fix = walk.fix if walk else None
    return SeenRow(
        nurse_id=known.nurse_id,
        seen_version=known.version,
        heard_at=known.heard_at,
        battery_pct=known.battery_pct,
        battery_at=known.battery_at,
        location_allowed=known.location_allowed,
        allowed_at=known.allowed_at,
        frontier_at=known.frontier,
        phone_at=fix.phone_at if fix else None,
        at=fix.at if fix else None,
        received_at=fix.received_at if fix else None,
        lat=fix.lat if fix else None,
        lon=fix.lon if fix else None,
        accuracy_m=fix.accuracy_m if fix else None,
        heading_deg=fix.heading_deg if fix else None,
        speed_mps=fix.speed_mps if fix else None,
        moving=walk.moving if walk else None,
        still_since=walk.still_since if walk else None,
        at_visit=walk.at_visit if walk else None,
    )
