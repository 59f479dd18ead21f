"""A call for help at the desk: heard, seen and said until somebody there has taken note."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import Visitor
from tests.browser.house import House
from tests.browser.scripted import ScriptedFeed, instant, snapshot, state
from tests.ops.waiting import until

LISTEN = """
window.tones = [];
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) { window.tones.push(this.frequency.value); return start.call(this, at); };
"""
Desk = tuple[Page, ScriptedFeed]


@pytest.fixture
async def desk(visitor: Visitor, house: House) -> Desk:
    return await sitting_down(visitor, house)


async def sitting_down(visitor: Visitor, house: House, **how: Any) -> Desk:
    """A board whose tones are counted, with a clock that a test may move on."""
    page = await visitor.page(**how)
    await page.clock.install()
    await page.add_init_script(LISTEN)
    feed = ScriptedFeed(page, snapshot)
    await feed.open()
    await page.goto(f"{house.address}/?team=vale")
    await until(lambda: feed.sockets == 1)
    await expect(page.locator(".db-round")).to_be_visible()
    return page, feed


def call(feed: ScriptedFeed, n: int = 1) -> None:
    feed.say("diff", epoch="e1", n=n, nurse_states=[state(1 + n, sos_since=instant(-60))])


def called(page: Page) -> Locator:
    """The call for help in the rail."""
    return page.locator(".db-entry").filter(has_text="Called for help")


def sound(page: Page) -> Locator:
    return page.get_by_role("button", name="Sound")


async def tones(page: Page) -> list[float]:
    heard: list[float] = await page.evaluate("window.tones")
    return heard


async def test_no_tone_before_sound_is_asked_for_and_two_again_and_again_after(desk: Desk) -> None:
    page, feed = desk
    call(feed)
    await expect(called(page)).to_be_visible()
    await page.clock.run_for(6_000)
    assert await tones(page) == []
    await sound(page).click()
    await expect(sound(page)).to_have_text("Sound on")
    await expect(sound(page)).to_have_attribute("aria-pressed", "true")
    await page.clock.run_for(4_100)
    heard = await tones(page)
    assert heard[:2] == [880, 660]
    assert len(heard) >= 4


async def test_a_silenced_call_stays_first_and_rings_no_more_also_after_a_reload(desk: Desk) -> None:
    page, feed = desk
    await sound(page).click()
    call(feed)
    await page.get_by_role("button", name="Silence here").click()
    await expect(page.locator(".db-entry").first).to_contain_text("Silenced at this desk")
    before = len(await tones(page))
    await page.clock.run_for(6_000)
    assert len(await tones(page)) == before
    await expect(page).to_have_title("SOS 1 · Live board · Dutyboard")

    feed.greeting = lambda: snapshot(nurse_states=[state(2, sos_since=instant(-60))])
    await page.reload()
    await expect(page.locator(".db-entry").first).to_contain_text("Silenced at this desk")
    await expect(sound(page)).to_have_attribute("aria-pressed", "true")


async def test_another_call_of_the_same_nurse_rings_again(desk: Desk) -> None:
    page, feed = desk
    await sound(page).click()
    call(feed)
    await page.get_by_role("button", name="Silence here").click()
    feed.say("diff", epoch="e1", n=2, nurse_states=[state(3, sos_since=instant(-5))])
    await expect(page.get_by_role("button", name="Silence here")).to_be_visible()
    before = len(await tones(page))
    await page.clock.run_for(2_100)
    assert len(await tones(page)) > before


async def test_a_call_that_is_over_is_quiet(desk: Desk) -> None:
    page, feed = desk
    await sound(page).click()
    call(feed)
    await expect(called(page)).to_be_visible()
    feed.say("diff", epoch="e1", n=2, nurse_states=[state(3)])
    await expect(called(page)).to_have_count(0)
    before = len(await tones(page))
    await page.clock.run_for(6_000)
    assert len(await tones(page)) == before
    await expect(page).to_have_title("Live board · Dutyboard")


async def test_the_title_says_by_turns_who_calls(desk: Desk) -> None:
    page, feed = desk
    call(feed)
    await expect(called(page)).to_be_visible()
    seen = set()
    for _ in range(4):
        await page.clock.run_for(1_000)
        seen.add(await page.title())
    assert seen == {"SOS · Amy Okafor", "SOS 1 · Live board · Dutyboard"}


async def test_the_title_stands_still_for_whom_motion_is_too_much(visitor: Visitor, house: House) -> None:
    page, feed = await sitting_down(visitor, house, reduced_motion="reduce")
    call(feed)
    await expect(page).to_have_title("SOS · Amy Okafor · Live board · Dutyboard")
    await page.clock.run_for(1_000)
    await expect(page).to_have_title("SOS · Amy Okafor · Live board · Dutyboard")


async def test_only_a_call_for_help_interrupts_whoever_listens_to_the_page(desk: Desk) -> None:
    page, feed = desk
    call(feed)
    await expect(page.locator("[aria-live=assertive]")).to_have_text("SOS. Amy Okafor called for help at 09:59.")
    await expect(page.locator("[aria-live=assertive]")).to_have_count(1)
    await expect(page.locator("[role=alert]:not([aria-live=polite])")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_rail_keeps_the_rules_of_accessibility_while_it_rings(
    visitor: Visitor, house: House, scheme: str
) -> None:
    page, feed = await sitting_down(visitor, house, color_scheme=scheme)
    call(feed)
    await expect(page.get_by_role("button", name="Silence here")).to_be_visible()
    assert await violations(page) == []
