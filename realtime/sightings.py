"""Where nurses are: fixes walk their steps, every one is stored, the last trusted one is shown.

The worker that owns a partition is the only one to walk its nurses, so what it knows of them may stay in memory between
batches; it is forgotten whenever a write fails or a partition is given away. A fix that is older than one already walked
(the phone was offline, a batch came twice) makes its day walk again from the start, so that any order ends in the same
place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import msgspec
from psycopg import AsyncConnection, AsyncCursor

from db import positions
from db.positions import PositionRow, SeenRow, StoredFix, as_stored
from domain.events import Heartbeat, Inbound, Position
from domain.facts import PhoneNow, PositionNow
from domain.position import Fix, Sited, Walk, is_clean, step
from domain.timing import clock_offset
from realtime.metrics import EVENTS_REPEATED, EVENTS_WRITTEN, POSITIONS_REJECTED

SITES_KEPT = timedelta(minutes=1)


class Sighting(NamedTuple):
    """A position on its way into the database: what the phone said, who sent it, and the fix the rules see."""

    said: Position
    entry: Inbound
    fix: Fix


class Known(msgspec.Struct):
    """What is known of one nurse's whereabouts and phone."""

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


class Seen(NamedTuple):
    """What a batch changed, team by team."""

    positions: dict[str, list[PositionNow]]
    phones: dict[str, list[PhoneNow]]
    told: int
    inserted: AsyncCursor | None

    def tally(self) -> None:
        """Count what was written and what had been there before, once the batch is in."""
        new = self.inserted.rowcount if self.inserted else 0
        EVENTS_WRITTEN.labels("position").inc(new)
        EVENTS_REPEATED.inc(self.told - new)


class Sightings:
    """The whereabouts of the nurses of this worker's partitions."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}

    def forget(self) -> None:
        """What is in memory may be ahead of the database or behind it: ask again."""
        self._known.clear()

    async def take(self, conn: AsyncConnection, entries: Sequence[Inbound], now: datetime) -> Seen:
        """Walk and store every position of these entries, inside the caller's transaction."""
        by_nurse: dict[str, list[Inbound]] = defaultdict(list)
        for entry in entries:
            by_nurse[entry.nurse_id].append(entry)
        await self._learn(conn, list(by_nurse), now)
        rows: list[PositionRow] = []
        for nurse_id, said in by_nurse.items():
            if (known := self._known.get(nurse_id)) is None:
                continue
            rows += await self._walk(conn, known, _sightings(said))
            _listen(known, said)
            known.version += 1
        inserted = await positions.insert(conn, rows)
        heard = [nurse_id for nurse_id in by_nurse if nurse_id in self._known]
        await positions.save_seen(conn, [_row(nurse_id, self._known[nurse_id]) for nurse_id in heard])
        told = sum(type(event) is Position for entry in entries for event in entry.events)
        return self._changes(heard, told, inserted)

    async def _learn(self, conn: AsyncConnection, nurse_ids: list[str], now: datetime) -> None:
        strangers = [nurse_id for nurse_id in nurse_ids if nurse_id not in self._known]
        if strangers:
            for team_id, row in await positions.seen(conn, strangers):
                self._known[row.nurse_id] = _recall(team_id, row)
        stale = [
            n for n in nurse_ids if (k := self._known.get(n)) and (not k.sites_at or now - k.sites_at > SITES_KEPT)
        ]
        if stale:
            for nurse_id in stale:
                self._known[nurse_id].sites, self._known[nurse_id].sites_at = [], now
            for nurse_id, visit_id, lat, lon in await positions.sites(conn, stale, now):
                self._known[nurse_id].sites.append(Sited(visit_id, lat, lon))

    async def _walk(self, conn: AsyncConnection, known: Known, sightings: list[Sighting]) -> list[PositionRow]:
        """Rows to write for one nurse: straight on where the fixes are new, the day again where one is older."""
        frontier = known.frontier
        if frontier is None or not sightings or sightings[0].fix.at > frontier:
            return [_straight_on(known, sighting) for sighting in sightings]
        rows: list[PositionRow] = []
        by_day: dict[datetime, list[Sighting]] = defaultdict(list)
        for sighting in sightings:
            by_day[_midnight(sighting.fix.at)].append(sighting)
        for day_starts, of_day in sorted(by_day.items()):
            if of_day[0].fix.at > frontier:
                rows += [_straight_on(known, sighting) for sighting in of_day]
            else:
                rows += await _again(conn, known, day_starts, of_day)
        return rows

    def _changes(self, heard: list[str], told: int, inserted: AsyncCursor | None) -> Seen:
        shown: dict[str, list[PositionNow]] = defaultdict(list)
        phones: dict[str, list[PhoneNow]] = defaultdict(list)
        for nurse_id in heard:
            known = self._known[nurse_id]
            # Also of one who has not moved: phone and position share a version, and a board read anew has them alike.
            if known.walk:
                shown[known.team_id].append(_position_now(nurse_id, known, known.walk))
            if known.heard_at:
                phones[known.team_id].append(
                    PhoneNow(
                        nurse_id=nurse_id,
                        heard_at=known.heard_at,
                        battery_pct=known.battery_pct,
                        location_allowed=known.location_allowed,
                        version=known.version,
                    )
                )
        return Seen(shown, phones, told, inserted)


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _sightings(entries: Sequence[Inbound]) -> list[Sighting]:
    """The positions of these entries, each once, in corrected time."""
    found: list[Sighting] = []
    for entry in entries:
        offset = clock_offset(entry.sent_at, entry.received_at)
        for said in entry.events:
            if type(said) is Position:
                phone_at = said.at if said.at.tzinfo is UTC else said.at.astimezone(UTC)
                at = phone_at + offset if offset else phone_at
                fix = Fix(
                    phone_at,
                    at,
                    entry.received_at,
                    said.lat,
                    said.lon,
                    said.accuracy_m,
                    said.speed_mps,
                    said.heading_deg,
                    said.moving,
                )
                found.append(Sighting(said, entry, fix))
    found.sort(key=lambda sighting: (sighting.fix.at, sighting.said.id))
    return found


def _straight_on(known: Known, sighting: Sighting) -> PositionRow:
    fix = sighting.fix
    rejection, walk = step(fix, known.walk, known.sites)
    if rejection is None:
        known.walk = walk
    else:
        POSITIONS_REJECTED.labels(rejection).inc()
    if (known.frontier is None or fix.at > known.frontier) and (rejection is None or is_clean(fix)):
        known.frontier = fix.at
    return _position_row(sighting, rejection, walk)


async def _again(
    conn: AsyncConnection, known: Known, day_starts: datetime, sightings: list[Sighting]
) -> list[PositionRow]:
    """Walk a whole day once more with the fixes that came late; those that are stored already are not new."""
    ids, id_ats = [s.said.id for s in sightings], [s.said.id_at for s in sightings]
    there = await positions.known(conn, ids, id_ats)
    new = {sighting.said.id: sighting for sighting in sightings if sighting.said.id not in there}
    if not new:
        return []
    stored = {fix.event_id: fix for fix in await positions.of_day(conn, _nurse_of(sightings), day_starts)}
    fixes = {id: sighting.fix for id, sighting in new.items()} | {id: _fix(row) for id, row in stored.items()}
    walk: Walk | None = None
    rows, judged = list[PositionRow](), list[StoredFix]()
    for id, fix in sorted(fixes.items(), key=lambda pair: (pair[1].at, pair[0])):
        rejection, walk = step(fix, walk, known.sites)
        if sighting := new.get(id):
            if rejection:
                POSITIONS_REJECTED.labels(rejection).inc()
            rows.append(_position_row(sighting, rejection, walk))
        else:
            judged += _judged(stored[id], rejection, walk)
    await positions.judge_again(conn, judged)
    _settle(known, day_starts, walk, [fix.at for fix in fixes.values() if is_clean(fix)])
    return rows


def _nurse_of(sightings: Sequence[Sighting]) -> str:
    return sightings[0].entry.nurse_id


def _settle(known: Known, day_starts: datetime, walk: Walk | None, clean: list[datetime]) -> None:
    """Where the walk of a day, walked again, leaves the nurse: a day before the newest one changes nothing."""
    if known.walk is None or _midnight(known.walk.fix.at) <= day_starts:
        known.walk = walk or known.walk
    if clean and (known.frontier is None or max(clean) > known.frontier):
        known.frontier = max(clean)


def _judged(row: StoredFix, rejection: str | None, walk: Walk | None) -> list[StoredFix]:
    moving, at_visit = (walk.moving, walk.at_visit) if rejection is None and walk else (None, None)
    if (row.rejected, row.moving, row.at_visit) == (rejection, moving, at_visit):
        return []
    return [msgspec.structs.replace(row, rejected=rejection, moving=moving, at_visit=at_visit)]


def _fix(row: StoredFix) -> Fix:
    return Fix(
        row.phone_at,
        row.at,
        row.received_at,
        row.lat,
        row.lon,
        row.accuracy_m,
        row.speed_mps,
        row.heading_deg,
        row.phone_moving,
    )


def _position_row(sighting: Sighting, rejection: str | None, walk: Walk | None) -> PositionRow:
    said, entry, fix = sighting
    trusted = walk if rejection is None else None
    return PositionRow(
        said.id_at,
        said.id,
        entry.nurse_id,
        entry.device_id,
        entry.protocol,
        fix.phone_at,
        entry.received_at,
        fix.at,
        said.lat,
        said.lon,
        said.accuracy_m,
        said.speed_mps,
        said.heading_deg,
        said.altitude_m,
        said.battery_pct,
        said.moving,
        trusted.moving if trusted else None,
        trusted.at_visit if trusted else None,
        rejection,
    )


def _listen(known: Known, entries: Sequence[Inbound]) -> None:
    """When the phone was last heard, and the newest word it gave on its battery and on whether it may tell its place."""
    for entry in entries:
        if known.heard_at is None or entry.received_at > known.heard_at:
            known.heard_at = entry.received_at
        offset = clock_offset(entry.sent_at, entry.received_at)
        for said in entry.events:
            if said.battery_pct is not None:
                at = said.at + offset
                if known.battery_at is None or at > known.battery_at:
                    known.battery_pct, known.battery_at = said.battery_pct, at
            if type(said) is Heartbeat and said.location_allowed is not None:
                at = said.at + offset
                if known.allowed_at is None or at > known.allowed_at:
                    known.location_allowed, known.allowed_at = said.location_allowed, at


def _recall(team_id: str, row: SeenRow) -> Known:
    known = Known(
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


def _row(nurse_id: str, known: Known) -> SeenRow:
    walk = known.walk
    fix = walk.fix if walk else None
    return SeenRow(
        nurse_id=nurse_id,
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


def _position_now(nurse_id: str, known: Known, walk: Walk) -> PositionNow:
    fix = walk.fix
    return PositionNow(
        nurse_id=nurse_id,
        at=fix.at,
        lat=fix.lat,
        lon=fix.lon,
        accuracy_m=as_stored(fix.accuracy_m),
        heading_deg=as_stored(fix.heading_deg),
        speed_mps=as_stored(fix.speed_mps),
        moving=walk.moving,
        at_visit=walk.at_visit,
        version=known.version,
    )
