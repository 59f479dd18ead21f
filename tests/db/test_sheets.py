"""A day that is stored reads back as it was taken in, whatever it says."""

from __future__ import annotations

import psycopg
import pytest
from day_sheets import DAY, at, nurse, patient, sheet, sheets, visit
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace
from psycopg import AsyncConnection

from db import days
from db import sheets as stored
from domain.actor import system
from domain.day import DaySheet

IMPORT = system("import")


def in_order(day: DaySheet) -> DaySheet:
    """The day as the store gives it back: its parts by their refs, and only patients who are visited."""
    visited = {visit.patient for visit in day.visits}
    patients = [patient for patient in day.patients if patient.ref in visited]
    return replace(
        day,
        staff=tuple(sorted(day.staff, key=lambda it: it.ref)),
        patients=tuple(sorted(patients, key=lambda it: it.ref)),
        visits=tuple(sorted(day.visits, key=lambda it: it.ref)),
        source="stored",
    )


@given(day=sheets().filter(lambda day: len(day.visits) > 0))
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_day_reads_back_as_it_was_taken_in(conn: AsyncConnection, day: DaySheet) -> None:
    await days.save(conn, day, at("07:00"), IMPORT)
    assert await stored.read(conn, day.team.team_id, day.day) == in_order(day)


SMALL = sheet(
    [nurse("amy", "wound")],
    [patient("p1", 1)],
    [visit("v1", "p1", ("09:00", "10:00"), ("wound", 30))],
)


async def test_who_is_not_at_work_may_be_known_and_pinned(conn: AsyncConnection) -> None:
    day = replace(
        SMALL,
        patients=(replace(SMALL.patients[0], known={"cho": 0.75}),),
        visits=(replace(SMALL.visits[0], pinned=("cho",)),),
    )
    await days.save(conn, day, at("07:00"), IMPORT)
    assert await stored.read(conn, "vale", DAY) == replace(day, source="stored")


@pytest.mark.parametrize(
    "nonsense",
    [
        "UPDATE staff SET gender = 'unknown'",
        "UPDATE patient SET carer_gender = 'any'",
        "UPDATE patient SET known = '{\"vale:amy\": 60}'",
        'UPDATE patient SET known = \'{"vale:amy": "often"}\'',
        "UPDATE patient SET known = '[0.5]'",
        "UPDATE shift SET max_work_s = 0",
        "UPDATE shift SET max_visits = -1",
        "UPDATE attendance SET band = 0",
        "UPDATE visit SET days_left = 3",
        "UPDATE visit SET optional = true, days_left = -1",
    ],
)
async def test_the_store_takes_no_nonsense(conn: AsyncConnection, nonsense: str) -> None:
    await days.save(conn, SMALL, at("07:00"), IMPORT)
    with pytest.raises(psycopg.errors.CheckViolation):
        await conn.execute(nonsense.encode())
