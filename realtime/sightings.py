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
from db.positions import PositionRow, StoredFix
from domain.errors import NotFound
from domain.events import Inbound, Position
from domain.facts import PhoneNow, PositionNow
from domain.position import Fix, Sited, Walk, is_clean, step
from domain.timing import clock_offset
from realtime.metrics import EVENTS_REPEATED, EVENTS_WRITTEN, POSITIONS_REJECTED
from realtime.whereabouts import Known, recalled, remembered

SITES_KEPT = timedelta(minutes=1)


class Sighting(NamedTuple):
    """A position on its way into the database: what the phone said, who sent it, and the fix the rules see."""

    said: Position
    entry: Inbound
    fix: Fix


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
            known = self._known[nurse_id]
            rows += await self._walk(conn, known, _sightings(said))
            known.listen(said)
            known.version += 1
        inserted = await positions.insert(conn, rows)
        heard = [self._known[nurse_id] for nurse_id in by_nurse]
        await positions.save_seen(conn, [remembered(known) for known in heard])
        told = sum(type(event) is Position for entry in entries for event in entry.events)
        return _changes(heard, told, inserted)

    async def _learn(self, conn: AsyncConnection, nurse_ids: list[str], now: datetime) -> None:
        strangers = [nurse_id for nurse_id in nurse_ids if nurse_id not in self._known]
        if strangers:
            for team_id, row in await positions.seen(conn, strangers):
                self._known[row.nurse_id] = recalled(team_id, row)
        if unknown := [nurse_id for nurse_id in strangers if nurse_id not in self._known]:
            raise NotFound(f"There are no such nurses: {', '.join(unknown)}.")
        everybody = [self._known[nurse_id] for nurse_id in nurse_ids]
        await self._look_at_rounds(conn, [known for known in everybody if _needs_sites(known, now)], now)

    async def _look_at_rounds(self, conn: AsyncConnection, nurses: list[Known], now: datetime) -> None:
        """Which homes are on these nurses' rounds, for the fence."""
        if nurses:
            for known in nurses:
                known.sites, known.sites_at = [], now
            for nurse_id, visit_id, lat, lon in await positions.sites(conn, [known.nurse_id for known in nurses], now):
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


def _needs_sites(known: Known, now: datetime) -> bool:
    return known.sites_at is None or now - known.sites_at > SITES_KEPT


def _changes(heard: Sequence[Known], told: int, inserted: AsyncCursor | None) -> Seen:
    """What to tell: also of one who has not moved, for phone and position share a version."""
    positions_now: dict[str, list[PositionNow]] = defaultdict(list)
    phones_now: dict[str, list[PhoneNow]] = defaultdict(list)
    for known in heard:
        if position := known.position_now():
            positions_now[known.team_id].append(position)
        if phone := known.phone_now():
            phones_now[known.team_id].append(phone)
    return Seen(positions_now, phones_now, told, inserted)


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
    stored = {fix.event_id: fix for fix in await positions.of_day(conn, known.nurse_id, day_starts)}
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
