"""What a screen makes of its feed, message by message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Visitor
from tests.browser.house import House
from tests.browser.scripted import ScriptedFeed, attendance, instant, phone, position, snapshot, state
from tests.ops.waiting import until

Screen = tuple[Page, ScriptedFeed]


@pytest.fixture
async def screen(visitor: Visitor, house: House) -> Screen:
    return await looking(visitor, house, snapshot)


async def looking(visitor: Visitor, house: House, greeting: Callable[[], dict[str, Any]], path: str = "/") -> Screen:
    """A board fed by a script, with a clock of its own that a test may move on."""
    page = await visitor.page()
    await page.clock.install()
    feed = ScriptedFeed(page, greeting)
    await feed.open()
    await page.goto(f"{house.address}{path}?team=vale")
    await until(lambda: feed.sockets == 1)
    return page, feed


def amy(page: Page) -> Locator:
    return page.locator(".db-round[data-nurse='vale:amy']")


def health(page: Page) -> Locator:
    return page.locator(".db-health")


async def test_changes_in_their_order_are_drawn(screen: Screen) -> None:
    page, feed = screen
    feed.say("diff", epoch="e1", n=1, nurse_states=[state(2, "en_route")])
    feed.say("diff", epoch="e1", n=2, nurse_states=[state(3, "with_patient")], phones=[phone(2, 5, 41)])
    await expect(amy(page)).to_contain_text("With patient")
    await expect(amy(page)).to_contain_text("41%")
    assert feed.heard == []


async def test_a_missing_change_asks_for_a_snapshot_and_draws_nothing_until_it_comes(screen: Screen) -> None:
    page, feed = screen
    feed.say("diff", epoch="e1", n=3, nurse_states=[state(9, "with_patient")])
    await until(lambda: feed.heard == ["resync"])
    await expect(amy(page)).to_contain_text("Available")

    feed.say("diff", epoch="e1", n=4, nurse_states=[state(10, "with_patient")])
    feed.greet(snapshot(n=4, nurse_states=[state(10, "en_route")]))
    await expect(amy(page)).to_contain_text("Travelling")
    feed.say("diff", epoch="e1", n=5, nurse_states=[state(11, "available")])
    await expect(amy(page)).to_contain_text("Available")
    assert feed.heard == ["resync"]


async def test_a_change_of_another_run_of_the_server_asks_for_a_snapshot(screen: Screen) -> None:
    _, feed = screen
    feed.say("diff", epoch="e2", n=1, nurse_states=[state(2, "with_patient")])
    await until(lambda: feed.heard == ["resync"])


async def test_what_is_older_than_what_is_known_changes_nothing(screen: Screen) -> None:
    page, feed = screen
    feed.say(
        "diff",
        epoch="e1",
        n=1,
        nurse_states=[state(5, "with_patient")],
        attendances=[attendance(5, state="in_progress", arrived_at=instant(0))],
    )
    feed.say(
        "diff", epoch="e1", n=2, nurse_states=[state(4, "en_route")], attendances=[attendance(4, state="en_route")]
    )
    feed.say("diff", epoch="e1", n=3, phones=[phone(2, 0, 17)])
    await expect(amy(page)).to_contain_text("17%")
    await expect(amy(page)).to_contain_text("With patient")
    await expect(page.locator(".db-bar")).to_have_attribute("data-state", "in_progress")


async def test_a_ping_is_answered(screen: Screen) -> None:
    _, feed = screen
    feed.say("ping", stale_since=None)
    await until(lambda: feed.heard == ["pong"])


async def test_silence_for_twelve_seconds_is_told_and_mended(screen: Screen) -> None:
    page, feed = screen
    await expect(amy(page)).to_be_visible()
    await page.clock.run_for(10_000)
    await expect(health(page)).to_have_attribute("data-state", "live")

    feed.greeting = None
    await page.clock.run_for(2_600)
    await expect(health(page)).to_have_attribute("data-state", "lost")
    await expect(page.get_by_role("alert")).to_contain_text("since 10:00:")
    await until(lambda: feed.sockets == 2)

    feed.greet(snapshot())
    await expect(health(page)).to_have_attribute("data-state", "live")
    await expect(page.get_by_role("alert")).to_be_hidden()


async def test_a_server_whose_stores_stand_still_is_told_apart_from_a_lost_one(screen: Screen) -> None:
    page, feed = screen
    feed.say("ping", stale_since=instant(-30))
    await expect(health(page)).to_have_attribute("data-state", "stale")
    await expect(page.get_by_role("alert")).to_contain_text("no news has reached it since 09:59:30")
    feed.say("ping", stale_since=None)
    await expect(health(page)).to_have_attribute("data-state", "live")


async def test_a_board_that_is_refused_says_so(visitor: Visitor, house: House) -> None:
    page, feed = await looking(visitor, house, snapshot)
    feed.refuses = (4404, "There is no team 'vale'.")
    await feed.hang_up()
    await page.clock.run_for(3_000)
    await expect(page.get_by_role("alert")).to_contain_text("There is no team 'vale'.")


async def test_the_clock_runs_on_at_the_servers_speed(visitor: Visitor, house: House) -> None:
    page, feed = await looking(visitor, house, lambda: snapshot(speed=30.0))
    await expect(page.locator(".db-pace")).to_have_text("×30")
    feed.say("ping", now=instant(0), stale_since=None)
    before = await page.locator(".db-clock-time").text_content()
    await page.clock.run_for(4_000)
    after = await page.locator(".db-clock-time").text_content()
    assert before is not None
    assert after is not None
    assert 115 <= _seconds(after) - _seconds(before) <= 160


async def test_a_position_grows_old_and_then_unknown_although_nothing_is_said(visitor: Visitor, house: House) -> None:
    page, feed = await looking(visitor, house, lambda: snapshot(speed=60.0))
    await amy(page).locator(".db-who").click()
    facts = page.locator(".db-nurse-card .db-facts")
    await expect(facts).to_contain_text(" s ago")

    await page.clock.run_for(7_000)
    feed.say("ping", now=instant(420), stale_since=None)
    await expect(facts).to_contain_text("7 min ago – old")
    await expect(amy(page)).to_contain_text("phone silent")

    feed.say("ping", now=instant(700), stale_since=None)
    await page.clock.run_for(1_000)
    await expect(facts).to_contain_text("unknown, last 1")

    feed.say("diff", epoch="e1", n=1, now=instant(760), positions=[position(2, 759)], phones=[phone(2, 759)])
    await page.clock.run_for(1_000)
    await expect(facts).not_to_contain_text("unknown, last")
    await expect(amy(page)).not_to_contain_text("phone silent")


async def test_a_window_that_is_over_brings_the_nurse_to_the_top(screen: Screen) -> None:
    page, feed = screen
    await expect(page.locator(".db-bar")).to_have_attribute("data-state", "planned")
    feed.say("ping", now=instant(7260), stale_since=None)
    await page.clock.run_for(1_500)
    await expect(page.locator(".db-bar")).to_have_attribute("data-state", "late")
    await expect(page.locator("[data-group=attention] .db-round")).to_have_count(1)
    await expect(amy(page)).to_contain_text("1 late")


def _seconds(clock: str) -> int:
    hours, minutes, seconds = (int(part) for part in clock.split(":"))
    return (hours * 60 + minutes) * 60 + seconds
