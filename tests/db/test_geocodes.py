"""What geocoders said: remembered by source and question, problems for a shorter time than places, addresses never."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from ashbourne import EIGHT
from psycopg import AsyncConnection

from db import geocodes
from db.geocodes import Said, Since

MILL_ROW = "4 mill row ashbourne de6 1ab"
PLACE = Said("rooftop", 53.0165, -1.7312, 12.0)
PROBLEM = Said(problem="Nobody knows it.")
SINCE = Since(found=EIGHT - timedelta(days=180), failed=EIGHT - timedelta(days=7))


def after(days: int) -> Since:
    return Since(*(moment + timedelta(days=days) for moment in SINCE))


async def test_what_was_said_is_read_again_from_its_source_alone(conn: AsyncConnection) -> None:
    await geocodes.keep(conn, "Nominatim a", MILL_ROW, PLACE, EIGHT)
    assert await geocodes.read(conn, "Nominatim a", MILL_ROW, SINCE) == PLACE
    assert await geocodes.read(conn, "Nominatim b", MILL_ROW, SINCE) is None
    assert await geocodes.read(conn, "Nominatim a", "5 mill row ashbourne de6 1ab", SINCE) is None


async def test_a_problem_is_asked_again_sooner_than_a_place(conn: AsyncConnection) -> None:
    await geocodes.keep(conn, "a", "found", PLACE, EIGHT)
    await geocodes.keep(conn, "a", "failed", PROBLEM, EIGHT)
    assert await geocodes.read(conn, "a", "failed", after(days=7)) == PROBLEM
    assert await geocodes.read(conn, "a", "failed", after(days=8)) is None
    assert await geocodes.read(conn, "a", "found", after(days=180)) == PLACE
    assert await geocodes.read(conn, "a", "found", after(days=181)) is None


async def test_what_is_too_old_is_forgotten(conn: AsyncConnection) -> None:
    await geocodes.keep(conn, "a", "found", PLACE, EIGHT)
    await geocodes.keep(conn, "a", "failed", PROBLEM, EIGHT)
    assert await geocodes.forget(conn, after(days=7)) == 0
    assert await geocodes.forget(conn, after(days=8)) == 1
    assert await geocodes.read(conn, "a", "found", after(days=8)) == PLACE
    assert await geocodes.forget(conn, after(days=181)) == 1


async def test_what_is_said_later_goes_before(conn: AsyncConnection) -> None:
    await geocodes.keep(conn, "a", MILL_ROW, PROBLEM, EIGHT)
    await geocodes.keep(conn, "a", MILL_ROW, PLACE, EIGHT + timedelta(hours=1))
    assert await geocodes.read(conn, "a", MILL_ROW, after(days=100)) == PLACE


async def test_no_address_is_in_the_table(conn: AsyncConnection) -> None:
    await geocodes.keep(conn, "a", MILL_ROW, PLACE, EIGHT)
    (row,) = await (await conn.execute("SELECT to_jsonb(geocode)::text FROM geocode")).fetchall()
    assert "mill" not in row[0]
    assert "de6" not in row[0]


@pytest.mark.parametrize("said", [Said(), Said("rooftop", 53.0), Said("rooftop", 53.0, -1.7, problem="no")])
async def test_half_an_answer_is_refused(conn: AsyncConnection, said: Said) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        await geocodes.keep(conn, "a", MILL_ROW, said, EIGHT)
