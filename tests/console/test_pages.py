"""The pages as they leave the server: what they say, and what they let a browser do."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import httpx
import pytest

from console.parts import QuestionedDay
from db.events import QuestionedEvent
from domain.board import BoardTeam
from realtime.dead_letters import DeadLetter
from tests.console.conftest import Desk

NINE = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
VALE = BoardTeam(team_id="vale", name="Ashbourne Vale", timezone="Europe/London", base_lat=53.2, base_lon=-2.1)
MOOR = BoardTeam(team_id="moor", name="Brackley Moor", timezone="Europe/London", base_lat=53.1, base_lon=-2.0)


async def test_without_a_team_the_board_says_which_command_brings_one(browser: httpx.AsyncClient, desk: Desk) -> None:
    page = (await browser.get("/")).text
    assert "No team has been imported yet" in page
    assert "dutyboard import" in page
    assert "dutyboard demo" in page


async def test_the_board_shows_the_first_team_or_the_one_that_is_asked_for(
    browser: httpx.AsyncClient, desk: Desk
) -> None:
    desk.teams = [VALE, MOOR]
    assert '"team":"vale"' in (await browser.get("/")).text
    assert '"team":"moor"' in (await browser.get("/?team=moor")).text


async def test_a_team_that_is_not_there_is_not_replaced_by_another(browser: httpx.AsyncClient, desk: Desk) -> None:
    desk.teams = [VALE]
    page = (await browser.get("/?team=moor")).text
    assert "There is no team “moor”" in page
    assert '"team":"vale"' not in page


async def test_a_page_carries_no_part_of_the_board_itself(browser: httpx.AsyncClient, desk: Desk) -> None:
    """Its news comes over the feed, which has a gate of its own."""
    desk.teams = [VALE]
    page = (await browser.get("/?team=vale")).text
    assert "attendances" not in page
    assert len(page) < 60_000


async def test_dead_letters_are_listed_with_their_reason(browser: httpx.AsyncClient, desk: Desk) -> None:
    desk.letters = [
        DeadLetter(
            id="1-0", stream="dutyboard:events:3", entry="9-0", reason="not an event of ours", at=NINE,
            nurse_id=None, kinds=[],
        )
    ]  # fmt: skip
    page = (await browser.get("/dead-letters")).text
    assert "not an event of ours" in page
    assert "dutyboard:events:3" in page
    assert "Wed 01 Jul 09:00:00" in page
    assert "cannot be read" in page


async def test_questioned_events_are_told_by_name_and_in_the_teams_time(browser: httpx.AsyncClient, desk: Desk) -> None:
    event = QuestionedEvent(
        event_id=UUID(int=1), kind="arrived", nurse_id="vale:n1", visit_id="vale:20260701:v7", at=NINE,
        phone_at=NINE, received_at=NINE.replace(hour=12), verdict="illegal", late=True,
    )  # fmt: skip
    desk.teams = [VALE]
    desk.questioned["vale"] = QuestionedDay(VALE, date(2026, 7, 1), {"vale:n1": "Amy Okafor"}, [event])
    page = (await browser.get("/questioned?team=vale")).text
    assert "Amy Okafor" in page
    assert "Wed 01 Jul 10:00:00" in page
    assert "Fits no step" in page
    assert "Came 3 h 0 min after it happened" in page


@pytest.mark.parametrize("path", ["/", "/dead-letters", "/questioned", "/static/board.css", "/static/map.js"])
async def test_every_answer_forbids_what_no_page_of_ours_needs(
    browser: httpx.AsyncClient, desk: Desk, path: str
) -> None:
    answer = await browser.get(path)
    assert answer.status_code == 200
    policy = dict(rule.split(" ", 1) for rule in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["connect-src"] == "'self'"
    assert policy["img-src"] == "'self' data: https://tiles.example.org"
    assert policy["frame-ancestors"] == "'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] in {"no-cache", "no-store"}


async def test_a_page_of_another_site_may_not_open_the_consoles_socket(browser: httpx.AsyncClient) -> None:
    path = "/_nicegui_ws/socket.io/?EIO=4&transport=polling"
    assert (await browser.get(path, headers={"origin": "http://elsewhere.test"})).status_code == 403
    assert (await browser.get(path, headers={"origin": "null"})).status_code == 403
    assert (await browser.get(path, headers={"origin": "http://board.test"})).status_code == 200


async def test_what_the_pages_are_made_of_is_bundled(browser: httpx.AsyncClient) -> None:
    for path in ("/static/leaflet/leaflet/leaflet.css", "/static/fonts/inter-latin.woff2", "/static/icons.svg"):
        assert (await browser.get(path)).status_code == 200


async def test_the_map_file_is_served_in_the_ranges_that_are_asked_for(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/map.pmtiles", headers={"range": "bytes=0-6", "accept-encoding": "gzip"})
    assert answer.status_code == 206
    assert answer.content == b"PMTiles"
