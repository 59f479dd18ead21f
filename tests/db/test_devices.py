"""Devices: a token speaks for a nurse until it is revoked, and nobody can read it again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from ashbourne import DINAH, EIGHT, column, sheet
from psycopg import AsyncConnection

from db import audit, days, devices
from db.devices import Device
from domain.errors import NotFound


@pytest.fixture(autouse=True)
async def _team(conn: AsyncConnection) -> None:
    await days.save(conn, sheet(), EIGHT, DINAH)


async def test_a_token_speaks_for_its_nurse(conn: AsyncConnection) -> None:
    amys, bens = [await devices.issue(conn, f"ash:{name}", "phone", EIGHT) for name in ("amy", "ben")]
    assert await devices.find(conn, amys.token) == Device(amys.device_id, "ash:amy", "ash")
    assert await devices.find(conn, bens.token) == Device(bens.device_id, "ash:ben", "ash")
    assert await devices.find(conn, "guessed") is None


async def test_a_token_is_long_unlike_any_other_and_not_stored(conn: AsyncConnection) -> None:
    tokens = {(await devices.issue(conn, "ash:amy", "phone", EIGHT)).token for _ in range(3)}
    assert len(tokens) == 3
    assert all(len(token) >= 43 for token in tokens), "256 bits in base64"
    everything = " ".join(await column(conn, "SELECT device::text FROM device UNION ALL SELECT audit::text FROM audit"))
    assert not [token for token in tokens if token in everything or token.encode().hex() in everything]


async def test_a_revoked_device_is_not_known_any_more(conn: AsyncConnection) -> None:
    issued = await devices.issue(conn, "ash:amy", "phone", EIGHT)
    other = await devices.issue(conn, "ash:amy", "tablet", EIGHT)
    await devices.revoke(conn, issued.device_id, EIGHT + timedelta(hours=1), DINAH)
    assert await devices.find(conn, issued.token) is None
    assert await devices.find(conn, other.token) is not None
    with pytest.raises(NotFound, match="not revoked already"):
        await devices.revoke(conn, issued.device_id, EIGHT, DINAH)


async def test_who_gave_and_took_a_device_is_known(conn: AsyncConnection) -> None:
    issued = await devices.issue(conn, "ash:amy", "phone", EIGHT, DINAH)
    await devices.revoke(conn, issued.device_id, EIGHT, DINAH)
    lines = await audit.of_subject(conn, f"device:{issued.device_id}")
    assert [(it.actor, it.action, it.team_id) for it in lines] == [
        ("coordinator:dinah", "device_issued", "ash"),
        ("coordinator:dinah", "device_revoked", "ash"),
    ]


async def test_a_nurse_who_has_left_has_no_voice(conn: AsyncConnection) -> None:
    issued = await devices.issue(conn, "ash:amy", "phone", EIGHT)
    await conn.execute("UPDATE staff SET active = false WHERE staff_id = 'ash:amy'")
    assert await devices.find(conn, issued.token) is None
    for nobody in ("ash:amy", "ash:zoe"):
        with pytest.raises(NotFound, match=nobody):
            await devices.issue(conn, nobody, "phone", EIGHT)
