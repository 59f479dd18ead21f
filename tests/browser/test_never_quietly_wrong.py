"""The board is never wrong quietly: it says since when it knows nothing new, and puts itself right by itself."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import Visitor, complete
from tests.browser.house import House
from tests.browser.scripted import ScriptedFeed, attendance, instant, snapshot, state
from tests.browser.test_live_board import row
from tests.ops.waiting import until

GREYED = "() => getComputedStyle(document.querySelector('.db-main-board')).filter"


async def test_a_server_that_was_stopped_is_told_of_and_met_again_without_a_reload(
    visitor: Visitor, own_house: House
) -> None:
    page = await visitor.page()
    await page.goto(f"{own_house.address}/?team=vale")
    await complete(page)
    await page.evaluate("window.wasHere = true")

    await own_house.running.end()
    await expect(page.get_by_role("alert")).to_contain_text("Nothing heard from the server since 10:", timeout=20_000)
    assert "grayscale" in await page.evaluate(GREYED)
    assert await violations(page) == []

    await own_house.running.start("up")
    await expect(page.locator(".db-health")).to_have_attribute("data-state", "live", timeout=90_000)
    await expect(page.get_by_role("alert")).to_be_hidden()
    assert await page.evaluate(GREYED) == "none"
    await own_house.say("ben", "shift_started")
    await expect(row(page, "ben")).to_have_attribute("data-status", "available")
    assert await page.evaluate("window.wasHere") is True


async def fed(visitor: Visitor, house: House, **changed: object) -> tuple[Page, ScriptedFeed]:
    page = await visitor.page()
    feed = ScriptedFeed(page, lambda: snapshot(**changed))
    await feed.open()
    await page.goto(f"{house.address}/?team=vale")
    await until(lambda: feed.sockets == 1)
    return page, feed


async def test_a_gap_in_the_numbers_brings_a_snapshot_and_nothing_after_the_gap_is_believed(
    visitor: Visitor, house: House
) -> None:
    page, feed = await fed(visitor, house)
    feed.say("diff", epoch="e1", n=2, nurse_states=[state(9, "with_patient")])
    await until(lambda: feed.heard == ["resync"])
    await expect(page.locator(".db-round")).to_contain_text("Available")
    feed.greet(snapshot(n=2, nurse_states=[state(9, "en_route")]))
    await expect(page.locator(".db-round")).to_contain_text("Travelling")


def alert(name: str, version: int = 1, **more: object) -> dict[str, object]:
    usual = {
        "alert_id": name, "kind": "round_slips", "nurse_id": "vale:amy", "visit_id": None, "priority": "high",
        "state": "open", "says": "Two visits are late.", "knock_on": [], "opened_at": instant(-60), "version": version,
        "acknowledged_by": None, "acknowledged_at": None, "snoozed_until": None,
    }  # fmt: skip
    return {**usual, **more}


async def test_what_is_pressed_stays_under_the_pointer_until_it_is_let_go(visitor: Visitor, house: House) -> None:
    """A worse alert comes between press and release: the click is for the button that was pressed."""
    page, feed = await fed(visitor, house, alerts=[alert("a1")])
    asked: list[str] = []
    await page.route(
        "**/api/v1/alerts/**", lambda route: asked.append(route.request.post_data) or route.abort("connectionrefused")
    )
    await page.get_by_role("button", name="Acknowledge").hover()
    await page.mouse.down()
    worse = alert("a2", priority="critical", says="Insulin is late.")
    feed.say("diff", epoch="e1", n=1, alerts=[worse, alert("a1", 2, says="Three visits are late.")])
    await expect(page.locator(".db-round")).to_have_attribute("data-status", "available")
    await page.wait_for_timeout(600)  # more than the rail rests between two drawings
    await expect(page.locator(".db-alert")).to_have_count(1)
    await page.mouse.up()
    await expect(page.locator(".db-alert")).to_have_count(2)
    assert asked == ['{"alert_id":"a1"}']


async def test_a_bar_drawn_anew_between_press_and_release_is_picked_all_the_same(
    visitor: Visitor, house: House
) -> None:
    page, feed = await fed(visitor, house)
    bar = page.locator(".db-bar")
    await bar.hover()
    await page.mouse.down()
    feed.say("diff", epoch="e1", n=1, attendances=[attendance(2, state="in_progress", arrived_at=instant())])
    await expect(bar).to_have_attribute("data-state", "in_progress")
    await page.mouse.up()
    await expect(page.locator(".db-round")).to_have_attribute("data-picked", "yes")


async def test_an_action_that_does_not_reach_the_server_says_that_nothing_was_changed(
    visitor: Visitor, house: House
) -> None:
    page, _ = await fed(visitor, house, alerts=[alert("a1")])
    await page.route("**/api/v1/alerts/**", lambda route: route.abort("connectionrefused"))
    await page.get_by_role("button", name="Acknowledge").click()
    await expect(page.get_by_text("The server cannot be reached. Nothing was changed.")).to_be_visible()
    await expect(page.get_by_role("button", name="Acknowledge")).to_be_enabled()


async def test_an_empty_panel_says_what_will_come_there(visitor: Visitor, house: House) -> None:
    empty = {part: [] for part in ("nurses", "visits", "attendances", "nurse_states", "positions", "phones")}
    page, _ = await fed(visitor, house, **empty)
    for words in ("Nothing needs you just now.", "Visits that nobody can make are listed here"):
        await expect(page.get_by_text(words)).to_be_visible()
    await page.get_by_role("button", name="Mine").click()
    await expect(page.get_by_text("An alert that you acknowledge stays here")).to_be_visible()
    await page.get_by_role("button", name="All", exact=True).click()
    await expect(page.get_by_text("No alert today.")).to_be_visible()
    assert await violations(page) == []
