"""What an administrator does: looks at what could not be handled, and decides."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, Page, expect

from realtime.streams import EVENT_FIELD, events_stream
from tests.browser.conftest import Visitor
from tests.browser.house import House, visit_id

STREAM = events_stream(0)


@pytest.fixture(scope="module")
def house(own_house: House) -> House:
    return own_house


async def page_at(visitor: Visitor, house: House, path: str) -> Page:
    page = await visitor.page()
    await page.goto(f"{house.address}{path}?team=vale")
    return page


def rows(page: Page) -> Locator:
    return page.locator(".db-table tbody tr")


async def _once_listed(page: Page, count: int) -> None:
    """Look again until so many are there: the worker takes a moment to put them aside."""
    for _ in range(50):
        if await rows(page).count() == count:
            return
        await page.get_by_role("button", name="Look again").click()
        await page.wait_for_timeout(200)
    await expect(rows(page)).to_have_count(count)


async def test_a_dead_letter_is_sent_round_again_or_dropped_but_only_after_a_second_word(
    visitor: Visitor, house: House
) -> None:
    for nonsense in (b"not json", b'{"v": 1, "nurse_id": "vale:amy", "events": [{"kind": "arrived"}]}'):
        await house.put(STREAM, **{EVENT_FIELD: nonsense})
    page = await page_at(visitor, house, "/dead-letters")
    await _once_listed(page, 2)
    await expect(rows(page).filter(has_text="vale:amy")).to_contain_text("arrived")
    await expect(rows(page).filter(has_text="cannot be read")).to_contain_text("not an event of ours")

    await page.get_by_role("button", name="Drop…").click()
    await expect(page.get_by_text("Pick the entries first.")).to_be_visible()

    await rows(page).filter(has_text="cannot be read").get_by_role("checkbox").check()
    await page.get_by_role("button", name="Drop…").click()
    await page.get_by_role("button", name="Cancel").click()
    await page.reload()
    await expect(rows(page)).to_have_count(2)

    await rows(page).filter(has_text="cannot be read").get_by_role("checkbox").check()
    await page.get_by_role("button", name="Drop…").click()
    await expect(page.get_by_text("cannot be brought back")).to_be_visible()
    await page.get_by_role("button", name="Drop for good").click()
    await expect(rows(page)).to_have_count(1)

    before = await rows(page).locator("input").get_attribute("aria-label")
    await rows(page).get_by_role("checkbox").check()
    await page.get_by_role("button", name="Send round again…").click()
    await page.locator(".db-dialog").get_by_role("button", name="Send round again").click()
    await expect(page.get_by_label(before or "")).to_have_count(0)
    await _once_listed(page, 1)


async def test_a_questioned_event_is_shown_with_its_reason(visitor: Visitor, house: House) -> None:
    await house.say("dan", "finished", visit_id=visit_id("v5"))
    page = await page_at(visitor, house, "/questioned")
    for _ in range(50):
        if await rows(page).filter(has_text="Checked out").count():
            break
        await page.reload()
        await page.get_by_role("heading", name="Ashbourne Vale").wait_for()
    row = rows(page).filter(has_text="Checked out")
    await expect(row).to_contain_text("Dan Price")
    await expect(row).to_contain_text("v5")
    await expect(row).to_contain_text("The nurse was not on this visit")


async def test_a_team_that_is_not_there_is_not_replaced_by_another(visitor: Visitor, house: House) -> None:
    page = await visitor.page()
    await page.goto(f"{house.address}/?team=elsewhere")
    await expect(page.get_by_role("heading", name="There is no team “elsewhere”")).to_be_visible()
    await page.get_by_label("Team").select_option("vale")
    await expect(page.locator(".db-round")).to_have_count(4)
