"""A coordinator at the alerts, through the API, over real stores."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from alerts import book
from db.pool import Pool
from domain.alert import AlertNow
from domain.clock import ManualClock
from tests.api.callers import DAY, EIGHT

ZOE = {"dutyboard-coordinator": "Zo%C3%AB"}


@pytest.fixture
async def alert(pool: Pool) -> AlertNow:
    """Amy's round slips."""
    draft = book.AlertDraft(
        team_id="north",
        day=DAY,
        kind="round_slips",
        subject=f"nurse:{uuid4()}",
        priority="high",
        says="Amy is 20 min over.",
    )
    async with pool.connection() as conn:
        return await book.raise_alert(conn, draft, EIGHT)


async def test_acknowledged_by_whom_the_header_names(http: httpx.AsyncClient, alert: AlertNow, pool: Pool) -> None:
    answer = await http.post("/api/v1/alerts/acknowledge", json={"alert_id": str(alert.alert_id)}, headers=ZOE)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["state"], told["version"]) == ("acknowledged", alert.version + 1)
    assert told["acknowledged_by"].endswith("Zoë")
    async with pool.connection() as conn:
        row = await (
            await conn.execute("SELECT actor FROM audit WHERE subject LIKE %s", (f"%{alert.alert_id}%",))
        ).fetchone()
    assert row == ("coordinator:Zoë",)


async def test_put_off_until_so_many_minutes_from_now(
    http: httpx.AsyncClient, alert: AlertNow, clock: ManualClock
) -> None:
    answer = await http.post("/api/v1/alerts/snooze", json={"alert_id": str(alert.alert_id), "minutes": 15})
    assert answer.json()["snoozed_until"] == (clock.now() + timedelta(minutes=15)).isoformat().replace("+00:00", "Z")


async def test_closed_once_and_then_over(http: httpx.AsyncClient, alert: AlertNow) -> None:
    said = {"alert_id": str(alert.alert_id), "because": "Spoken to Amy."}
    first, again = [await http.post("/api/v1/alerts/close", json=said) for _ in range(2)]
    assert (first.status_code, first.json()["ended_because"]) == (200, "Spoken to Amy.")
    assert (again.status_code, again.headers["content-type"]) == (409, "application/problem+json")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"alert_id": str(uuid4())}, 404),
        ({"alert_id": "none"}, 422),
        ({}, 422),
        ([], 422),
    ],
)
async def test_what_is_no_alert_is_refused(http: httpx.AsyncClient, said: object, status: int) -> None:
    answer = await http.post("/api/v1/alerts/acknowledge", json=said)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


@pytest.mark.parametrize("body", [b"", b"{", b'{"alert_id": "\\u0000"}', b"\xff", b'{"x": ' + b"[" * 100_000])
async def test_what_is_no_text_is_refused(http: httpx.AsyncClient, body: bytes) -> None:
    assert (await http.post("/api/v1/alerts/acknowledge", content=body)).status_code == 400


async def test_another_sites_page_changes_nothing(http: httpx.AsyncClient, alert: AlertNow, pool: Pool) -> None:
    said, elsewhere = {"alert_id": str(alert.alert_id)}, {"origin": "https://elsewhere.example"}
    answer = await http.post("/api/v1/alerts/acknowledge", json=said, headers=elsewhere)
    assert answer.status_code == 403
    ours = await http.post("/api/v1/alerts/acknowledge", json=said, headers={"origin": "http://board"})
    assert ours.json()["version"] == alert.version + 1


async def test_a_teams_rules_are_what_was_said_last(http: httpx.AsyncClient) -> None:
    usual = (await http.get("/api/v1/policy", params={"team": "north"})).json()
    assert usual["accepts_harmless"] is False
    said = {"team_id": "north", "asks_by_itself": ["overrun"], "accepts_harmless": True, "acknowledge_within_s": 300}
    set_ = await http.post("/api/v1/policy", json=said, headers=ZOE)
    kept = await http.get("/api/v1/policy", params={"team": "north"})
    assert set_.status_code == 200
    assert kept.json() == set_.json()
    assert kept.json()["asks_by_itself"] == ["overrun"]
    assert kept.json()["debounce_s"] == usual["debounce_s"]
    await http.post("/api/v1/policy", json={"team_id": "north"})
    again = (await http.get("/api/v1/policy", params={"team": "north"})).json()
    assert sorted(again.pop("asks_by_itself")) == sorted(usual.pop("asks_by_itself"))
    assert again == usual


async def test_no_rules_of_a_team_that_is_none(http: httpx.AsyncClient) -> None:
    assert (await http.get("/api/v1/policy", params={"team": "nowhere"})).status_code == 404
    assert (await http.post("/api/v1/policy", json={"team_id": "nowhere"})).status_code == 404
