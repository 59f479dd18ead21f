"""From a visit that does not end to rounds that hold again, and back: what coordinators do at the board, with the house's own
lookout, planner and checker behind it."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import Visitor
from tests.browser.house import House
from tests.browser.slipping import alert, slipping

PLANNED_MS = 120_000
"""How long the house may look for another plan."""


async def shown_proposal(page: Page) -> Locator:
    """The proposal, opened from the alert; asked for where the team's rules have not."""
    asks = alert(page).get_by_role("button", name="Ask for re-plan")
    offer = alert(page).get_by_role("button", name="Show re-plan")
    await expect(asks.or_(offer)).to_be_visible()
    if await asks.is_visible():
        await asks.click()
    await offer.click(timeout=PLANNED_MS)
    return page.get_by_role("dialog", name="Re-plan", exact=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_an_overrun_is_told_with_whom_it_reaches_and_a_part_of_the_re_plan_is_accepted_and_taken_back(
    visitor: Visitor, house: House, scheme: str
) -> None:
    slip = await slipping(house, f"journey-{scheme}")
    page = await slip.board(visitor, "Ruth", color_scheme=scheme)
    await expect(alert(page).get_by_role("listitem").first).to_contain_text("Wound care · p-a")
    assert await violations(page) == []

    dialog = await shown_proposal(page)
    assert await violations(page) == []
    ref = await only_one_given_away(dialog)
    await dialog.get_by_role("button", name="Accept").click()
    await expect(dialog).to_be_hidden()
    await expect(slip.bar(page, ref, "amy")).to_have_count(0)
    await expect(slip.bar(page, ref, "ben").or_(slip.bar(page, ref, "cat"))).to_have_count(1)

    await page.get_by_role("button", name="Undo", exact=True).click()
    await expect(slip.bar(page, ref, "amy")).to_have_count(1)


async def only_one_given_away(dialog: Locator) -> str:
    """Leave of all moves only the first that gives a visit to somebody else; which visit that is."""
    moves = dialog.get_by_role("list", name="Moves").get_by_role("listitem")
    given = moves.filter(has_text=re.compile("Ben Sharma|Cat Lewis")).first
    words = await given.locator("strong").inner_text()
    for move in await moves.all():
        if words not in (await move.inner_text()):
            await move.get_by_role("checkbox").uncheck()
    return words.rpartition("p-")[2]


async def test_a_re_plan_is_rejected_with_a_reason(visitor: Visitor, house: House) -> None:
    slip = await slipping(house, "rejecting")
    page = await slip.board(visitor, "Ruth")
    dialog = await shown_proposal(page)
    await dialog.get_by_role("button", name="Reject…").click()
    why = page.get_by_role("dialog", name="Reject the re-plan")
    await why.get_by_label("Why").fill("Amy is on her way.")
    assert await violations(page) == []
    await why.get_by_role("button", name="Reject it").click()
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_text("Re-plan ready")).to_have_count(0)
    await expect(slip.bar(page, "a1", "amy")).to_have_count(1)
