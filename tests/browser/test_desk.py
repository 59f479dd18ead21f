"""What a coordinator does at the board: a name for the desk, who is away, who could take a visit, a visit moved by hand."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.accessibility import violations
from tests.browser.conftest import Visitor
from tests.browser.house import House, visit_id
from tests.browser.test_live_board import row
from tests.browser.test_search_and_keys import on_the_board


@pytest.fixture(scope="module")
def house(own_house: House) -> House:
    return own_house


async def test_a_desk_is_given_a_name_once_and_keeps_it(visitor: Visitor, house: House) -> None:
    page = await on_the_board(visitor, house)
    await page.get_by_role("button", name="Who is here?").click()
    dialog = page.get_by_role("dialog", name="Your name at this desk")
    await dialog.get_by_label("Name").fill("Róisín")
    assert await violations(page) == []
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Róisín")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("button", name="Róisín")).to_be_visible()


async def test_it_is_said_of_each_who_cannot_take_a_visit_why_not(visitor: Visitor, house: House) -> None:
    page = await on_the_board(visitor, house)
    await page.locator(f".db-bar[data-stop='{visit_id('v3')}#1']").click()
    await page.keyboard.press("d")
    await page.get_by_role("button", name="Who can take this?").click()
    dialog = page.get_by_role("dialog", name="Who can take Wound care · p3?")
    await dialog.get_by_text("4 cannot").click()
    await expect(dialog.get_by_role("listitem")).to_have_count(4)
    for one in await dialog.get_by_role("listitem").all():
        await expect(one.locator("span")).not_to_be_empty()
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()


async def test_a_nurse_who_has_gone_home_is_marked_until_they_are_back(visitor: Visitor, house: House) -> None:
    page = await on_the_board(visitor, house)
    await row(page, "zoe").get_by_role("button").first.click()
    await page.get_by_role("button", name="Gone home").click()
    await page.get_by_role("dialog", name="has gone home").get_by_role("button", name="Yes").click()
    back = page.get_by_role("button", name="Back at work")
    await expect(back).to_be_visible()
    assert await violations(page) == []
    await back.click()
    await expect(page.get_by_role("button", name="Gone home")).to_be_visible()


async def test_a_nurse_is_called_by_the_number_that_is_known(visitor: Visitor, house: House) -> None:
    page = await on_the_board(visitor, house)
    await row(page, "amy").get_by_role("button").first.click()
    await expect(page.get_by_role("link", name="Call 07700 900001")).to_have_attribute("href", "tel:07700900001")
    await expect(page.get_by_role("region", name="Picked nurse")).to_contain_text("3 of 3 visits to go")
    assert await violations(page) == []
    await row(page, "zoe").get_by_role("button").first.click()
    await expect(page.get_by_role("link", name="Call")).to_have_count(0)
    await expect(page.get_by_role("region", name="Picked nurse")).to_contain_text("not known")
