"""Finding somebody without a mouse, and the keys that one can look up."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import Visitor, complete
from tests.browser.house import House, visit_id
from tests.browser.test_live_board import row


async def on_the_board(visitor: Visitor, house: House) -> Page:
    page = await visitor.page()
    await page.goto(f"{house.address}/?team=vale")
    await complete(page)
    return page


async def test_a_nurse_is_found_by_a_few_letters_without_accents_and_picked(visitor: Visitor, house: House) -> None:
    page = await on_the_board(visitor, house)
    await page.keyboard.press("/")
    await page.keyboard.type("zoe")
    found = page.locator(".db-found").get_by_role("option")
    await expect(found).to_have_count(1)
    await expect(found).to_contain_text("Zoë")
    assert await violations(page) == []
    await page.keyboard.press("Enter")
    await expect(row(page, "zoe")).to_have_attribute("data-picked", "yes")
    await expect(page.get_by_role("listbox", name="Found")).to_be_hidden()


async def test_a_patient_is_found_by_reference_and_a_place_by_name(visitor: Visitor, house: House) -> None:
    page = await on_the_board(visitor, house)
    search = page.get_by_role("combobox", name="Search")
    await search.fill("oakh")
    await expect(page.locator(".db-found").get_by_role("option").first).to_contain_text("Place")
    await search.press("Enter")
    view = await page.evaluate("() => JSON.parse(sessionStorage.getItem('db-view-vale')).zoom")
    assert view == 13
    await search.fill("nobody of this name")
    await expect(page.get_by_text("Nothing is called “nobody of this name”")).to_be_visible()
    await search.press("Escape")
    await expect(search).to_have_value("")


async def test_the_keys_are_listed_under_a_question_mark(visitor: Visitor, house: House) -> None:
    page = await on_the_board(visitor, house)
    await page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    await expect(dialog.get_by_text("Search")).to_be_visible()
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await page.get_by_role("combobox", name="Search").fill("?")
    await expect(dialog).to_be_hidden()


async def test_a_visit_is_opened_in_full_with_its_history(visitor: Visitor, house: House) -> None:
    page = await on_the_board(visitor, house)
    await page.locator(f".db-bar[data-stop='{visit_id('v3')}#1']").click()
    await page.keyboard.press("d")
    drawer = page.get_by_role("complementary", name="Visit in full")
    await expect(drawer.get_by_role("heading", name="Wound care · p3")).to_be_visible()
    await expect(drawer.get_by_text("Planned for Amy Okafor at 13:00.")).to_be_visible()
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await expect(drawer).to_be_hidden()


async def test_one_shift_is_looked_at(visitor: Visitor, house: House) -> None:
    page = await on_the_board(visitor, house)
    shifts = page.get_by_role("combobox", name="Shift")
    await expect(shifts.get_by_role("option")).to_have_text(["All shifts", "08:00–16:00 (3)", "09:00–17:00 (1)"])
    await shifts.select_option("09:00–17:00 (1)")
    await expect(page.locator(".db-round")).to_have_count(1)
    await expect(row(page, "dan")).to_be_visible()
    assert await violations(page) == []
    await shifts.select_option("All shifts")
    await expect(page.locator(".db-round")).to_have_count(4)
