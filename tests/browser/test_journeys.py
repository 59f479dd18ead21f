"""What coordinators do about a visit that does not end, with the house's own lookout behind the board."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.browser.accessibility import violations
from tests.browser.conftest import Visitor
from tests.browser.house import House
from tests.browser.slipping import alert, slipping


async def test_two_coordinators_see_what_the_other_has_in_hand(visitor: Visitor, house: House) -> None:
    slip = await slipping(house, "two-desks")
    ruth, sam = await slip.board(visitor, "Ruth"), await slip.board(visitor, "Sam")
    await alert(ruth).get_by_role("button", name="Acknowledge").press("Enter")
    await expect(alert(sam)).to_have_count(0)
    await sam.get_by_role("button", name="All", exact=True).click()
    await expect(alert(sam)).to_contain_text("In hand: Ruth")
    await ruth.get_by_role("button", name="Mine").click()
    await expect(alert(ruth)).to_be_visible()

    await alert(ruth).get_by_role("button", name="Close…").click()
    why = ruth.get_by_role("dialog", name="Close the alert")
    await why.get_by_label("Why").fill("Spoken to Amy.")
    assert await violations(ruth) == []
    await ruth.keyboard.press("Enter")
    await expect(alert(sam)).to_contain_text("Spoken to Amy.")
    await expect(alert(sam).get_by_role("button", name="Acknowledge")).to_have_count(0)


async def test_from_the_alert_it_is_asked_who_can_take_the_visit_that_suffers_most(
    visitor: Visitor, house: House
) -> None:
    slip = await slipping(house, "who-can")
    page = await slip.board(visitor, "Ruth")
    await alert(page).get_by_role("button", name="Who can take this?").click()
    dialog = page.get_by_role("dialog", name=re.compile("Who can take Wound care · p-a"))
    await expect(dialog.get_by_role("list", name="Who can")).to_contain_text("Ben Sharma")
    assert await violations(page) == []
