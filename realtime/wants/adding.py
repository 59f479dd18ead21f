"""Visits that are asked for while the day is under way."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from psycopg import AsyncConnection

from db import board, plans, revisions, wants
from db.day_rows import Row
from domain.actor import Actor
from domain.day import Need, Priority, scoped, visit_scoped
from domain.errors import BadInput, Conflict, NotFound
from domain.geo import Place
from domain.ids import uuid7
from domain.replanning import Trigger
from realtime.wants.changing import Change, tell
from realtime.wants.rounds import WANTED, without

MOST_PARTS = 2
"""A visit is made by one nurse, or by two at once."""


class NewPatient(msgspec.Struct, frozen=True, kw_only=True):
    """A patient whom the team does not know yet."""

    ref: str
    name: str
    home: Place
    address: str | None = None


class WantedVisit(msgspec.Struct, frozen=True, kw_only=True):
    """A visit that is asked for: of a patient the team knows, by reference, or of a new one; with two needs two nurses come
    at the same time."""

    patient: str | NewPatient
    needs: tuple[Need, ...]
    window_from: datetime
    window_until: datetime
    priority: Priority = "urgent"


async def add_visit(
    conn: AsyncConnection, team_id: str, day: date, wanted: WantedVisit, now: datetime, actor: Actor
) -> str:
    """Add a visit to a day, in no round yet; its id.

    Raises NotFound where team or patient are not known, BadInput for a visit that cannot be, Conflict where the reference
    of a new patient is another patient's.
    """
    _check(wanted, now)
    async with conn.transaction():
        team = await board.team(conn, team_id)
        await revisions.hold_day(conn, team_id, day)
        asked_at = f"{now.astimezone(ZoneInfo(team.timezone)):%H:%M}"
        because = f"Asked for at {asked_at}; not yet in a round."
        in_force = await revisions.in_force(conn, team_id, day)
        ref = await _patient(conn, team_id, wanted.patient)
        visit_id = visit_scoped(team_id, day, f"asked-{_short(uuid7(now))}")
        parts = _parts(visit_id, wanted, because if in_force else None)
        await wants.add_visit(conn, _visit(visit_id, team_id, day, ref, wanted, now), parts)
        if in_force:
            after = without(in_force.plan, [(visit_id, part["carer_no"]) for part in parts], because)
            await plans.accept(conn, msgspec.structs.replace(after, made_by=WANTED), now, actor)
        services = " and ".join(dict.fromkeys(need.service for need in wanted.needs))
        change = Change(
            team_id=team_id,
            day=day,
            action="visit_added",
            subject=f"visit:{visit_id}",
            before=None,
            after={"priority": wanted.priority, "window": [wanted.window_from, wanted.window_until]},
            trigger=Trigger(situation="urgent_visit", visit_id=visit_id),
            says=f"Visit of {ref} for {services}: asked for at {asked_at}; not yet in a round.",
        )
        await tell(conn, change, now, actor)
    return visit_id


def _check(wanted: WantedVisit, now: datetime) -> None:
    if not 1 <= len(wanted.needs) <= MOST_PARTS:
        raise BadInput(f"A visit has one service for each nurse who comes, one or {MOST_PARTS} of them.")
    if any(need.duration_s <= 0 for need in wanted.needs):
        raise BadInput("A service takes some time.")
    if wanted.window_until < wanted.window_from:
        raise BadInput("A window ends after it begins.")
    if wanted.window_until <= now:
        raise BadInput("A visit is asked for at a time that is still to come.")


async def _patient(conn: AsyncConnection, team_id: str, patient: str | NewPatient) -> str:
    """The patient's reference, added where new."""
    if isinstance(patient, str):
        if not await wants.has_patient(conn, team_id, scoped(team_id, patient)):
            raise NotFound("The team knows no patient of this reference.")
        return patient
    row: Row = {
        "patient_id": scoped(team_id, patient.ref),
        "team_id": team_id,
        "name": patient.name,
        "address": patient.address,
        "lat": patient.home.lat,
        "lon": patient.home.lon,
    }
    if not await wants.add_patient(conn, row):
        raise Conflict(
            "The team has a patient of this reference: ask for a visit of that one, or give another reference."
        )
    return patient.ref


def _visit(visit_id: str, team_id: str, day: date, ref: str, wanted: WantedVisit, now: datetime) -> Row:
    return {
        "visit_id": visit_id,
        "team_id": team_id,
        "day": day,
        "patient_id": scoped(team_id, ref),
        "window_start": wanted.window_from,
        "window_end": wanted.window_until,
        "synchronisation": "simultaneous" if len(wanted.needs) > 1 else "independent",
        "priority": wanted.priority,
        "asked_at": now,
    }


def _parts(visit_id: str, wanted: WantedVisit, because: str | None) -> list[Row]:
    return [
        {
            "visit_id": visit_id,
            "carer_no": carer_no,
            "service": need.service,
            "duration_s": need.duration_s,
            "band": need.band,
            "unplaced_because": because,
        }
        for carer_no, need in enumerate(wanted.needs, start=1)
    ]


def _short(id: UUID) -> str:
    """The random end of an id: enough to tell the visits of a day apart."""
    return id.hex[-10:]
