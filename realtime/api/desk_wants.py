"""What is wanted of a day, changed by a coordinator: who is away, and which visits are made when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from db import desk
from domain.day import Need, Priority
from domain.errors import BadInput
from domain.geo import Place
from realtime import wants
from realtime.api.desk_bodies import Id, Instant, Reason, in_calendar
from realtime.api.desk_calls import Call, desk_post
from realtime.wants import NewPatient, WantedVisit

LONGEST_WINDOW = timedelta(days=1)
Minutes = Annotated[int, msgspec.Meta(ge=1, le=24 * 60)]
Window = tuple[datetime, datetime]


class NurseAway(msgspec.Struct, frozen=True, kw_only=True):
    """Who is off sick, stuck or going home, from now where `since` is not said, for the rest of the shift without `until`."""

    nurse_id: Id
    kind: Literal["sick", "stuck", "home"]
    since: Instant | None = None
    until: Instant | None = None
    because: Reason | None = None


class NurseBack(msgspec.Struct, frozen=True, kw_only=True):
    """Who is there after all."""

    nurse_id: Id


class AbsenceNoted(msgspec.Struct, frozen=True, kw_only=True):
    absence_id: UUID


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """It is done; what it led to comes by the feed."""

    done: Literal[True] = True


class PatientAdded(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody not yet known: the sender's reference, the name, and the home in degrees."""

    ref: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    lon: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    address: Annotated[str, msgspec.Meta(max_length=300)] | None = None


class ServiceAdded(msgspec.Struct, frozen=True, kw_only=True):
    """One nurse's part in a visit."""

    service: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    duration_min: Minutes
    band: Annotated[int, msgspec.Meta(ge=1, le=9)] | None = None


class VisitAdded(msgspec.Struct, frozen=True, kw_only=True):
    """A visit that is asked for while the day is under way: at a `patient`, by reference, or a `new_patient`; to start within so
    many minutes, or in a window of its own. Two services are two nurses at once."""

    team_id: Id
    services: Annotated[list[ServiceAdded], msgspec.Meta(min_length=1, max_length=2)]
    patient: Annotated[str, msgspec.Meta(min_length=1, max_length=60)] | None = None
    new_patient: PatientAdded | None = None
    within_min: Minutes = 120
    window_from: Instant | None = None
    window_until: Instant | None = None
    priority: Priority = "urgent"


class VisitKept(msgspec.Struct, frozen=True, kw_only=True):
    visit_id: str


class VisitNotMade(msgspec.Struct, frozen=True, kw_only=True):
    """Which visit is not made today, and why."""

    visit_id: Id
    because: Reason


class VisitRestored(msgspec.Struct, frozen=True, kw_only=True):
    """Which visit is to be made after all."""

    visit_id: Id


class VisitMoved(msgspec.Struct, frozen=True, kw_only=True):
    """Which visit is to start in another window, and why."""

    visit_id: Id
    window_from: Instant
    window_until: Instant
    because: Reason


@desk_post("/api/v1/absences", NurseAway, "noteAbsence", "Note that a nurse is away", 404, 409)
async def note_absence(call: Call, asked: NurseAway) -> AbsenceNoted:
    """The absence: what the nurse has not begun is for others from then on."""
    since = asked.since or call.now
    in_calendar("since", since)
    in_calendar("until", asked.until)
    if asked.until is not None and asked.until <= since:
        raise BadInput("`until`: it must be after `since`.")
    async with call.pool.connection() as conn:
        day = (await desk.of_nurse(conn, asked.nurse_id, call.now)).day
        absence_id = await wants.note_absence(
            conn, asked.nurse_id, day, asked.kind, since, asked.until, asked.because, call.now, call.actor
        )
    return AbsenceNoted(absence_id=absence_id)


@desk_post("/api/v1/absences/end", NurseBack, "endAbsence", "Note that a nurse is back", 404, 409)
async def end_absence(call: Call, asked: NurseBack) -> Done:
    """The nurse is there after all; who has their visits now keeps them until another plan is accepted."""
    async with call.pool.connection() as conn:
        day = (await desk.of_nurse(conn, asked.nurse_id, call.now)).day
        await wants.end_absence(conn, asked.nurse_id, day, call.now, call.actor)
    return Done()


@desk_post("/api/v1/visits/add", VisitAdded, "addVisit", "Add a visit to the day", 404, 409)
async def add_visit(call: Call, asked: VisitAdded) -> VisitKept:
    """The visit, in no round yet."""
    wanted = _wanted(asked, _window(asked, call.now))
    async with call.pool.connection() as conn:
        day = (await desk.shown(conn, asked.team_id, call.now)).day
        visit_id = await wants.add_visit(conn, asked.team_id, day, wanted, call.now, call.actor)
    return VisitKept(visit_id=visit_id)


@desk_post("/api/v1/visits/cancel", VisitNotMade, "cancelVisit", "Cancel a visit", 404, 409)
async def cancel_visit(call: Call, asked: VisitNotMade) -> Done:
    """It is not made; its time is given back at once."""
    async with call.pool.connection() as conn:
        await wants.cancel_visit(conn, asked.visit_id, asked.because, call.now, call.actor)
    return Done()


@desk_post("/api/v1/visits/defer", VisitNotMade, "deferVisit", "Put a visit off to another day", 404, 409)
async def defer_visit(call: Call, asked: VisitNotMade) -> Done:
    """It is not made today; its time is given back at once."""
    async with call.pool.connection() as conn:
        await wants.defer_visit(conn, asked.visit_id, asked.because, call.now, call.actor)
    return Done()


@desk_post(
    "/api/v1/visits/restore", VisitRestored, "restoreVisit", "Take a cancelled or deferred visit back in", 404, 409
)
async def restore_visit(call: Call, asked: VisitRestored) -> Done:
    """It is to be made after all, and in no round yet."""
    async with call.pool.connection() as conn:
        await wants.restore_visit(conn, asked.visit_id, call.now, call.actor)
    return Done()


@desk_post("/api/v1/visits/move", VisitMoved, "moveVisit", "Move a visit to another window", 404, 409)
async def move_visit(call: Call, asked: VisitMoved) -> Done:
    """It is to start in this window; the plan is as it was until another is accepted."""
    _sane_window(asked.window_from, asked.window_until)
    async with call.pool.connection() as conn:
        await wants.move_visit(
            conn, asked.visit_id, asked.window_from, asked.window_until, asked.because, call.now, call.actor
        )
    return Done()


WANTS_ROUTES = [note_absence, end_absence, add_visit, cancel_visit, defer_visit, restore_visit, move_visit]


def _window(asked: VisitAdded, now: datetime) -> Window:
    if asked.window_from is None and asked.window_until is None:
        return now, now + timedelta(minutes=asked.within_min)
    if asked.window_from is None or asked.window_until is None:
        raise BadInput("`window_from` and `window_until` go together.")
    _sane_window(asked.window_from, asked.window_until)
    return asked.window_from, asked.window_until


def _sane_window(opens: datetime, closes: datetime) -> None:
    in_calendar("window_from", opens)
    in_calendar("window_until", closes)
    if not opens <= closes <= opens + LONGEST_WINDOW:
        raise BadInput("`window_until`: it must be within a day after `window_from`.")


def _wanted(asked: VisitAdded, window: Window) -> WantedVisit:
    new, known = asked.new_patient, asked.patient
    if new is not None and known is None:
        home = Place(lat=new.lat, lon=new.lon)
        patient: str | NewPatient = NewPatient(ref=new.ref, name=new.name, home=home, address=new.address)
    elif known is not None and new is None:
        patient = known
    else:
        raise BadInput("Either `patient` or `new_patient` says where the visit is.")
    return WantedVisit(
        patient=patient,
        needs=tuple(Need(service=it.service, duration_s=60 * it.duration_min, band=it.band) for it in asked.services),
        window_from=window[0],
        window_until=window[1],
        priority=asked.priority,
    )
