"""Whose visit it is: asked for by somebody with a name, shown in the drawer, and gone when it is left."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.accessibility import violations
from tests.browser.conftest import Visitor
from tests.browser.house import House, visit_id
from tests.browser.test_search_and_keys import on_the_board


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_patient_is_shown_to_who_has_said_their_name_and_forgotten_with_the_drawer(
    visitor: Visitor, house: House, scheme: str
) -> None:
    page = await on_the_board(visitor, house)
    await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    await page.locator(f".db-bar[data-stop='{visit_id('v3')}#1']").click()
    await page.keyboard.press("d")
    await expect(page.get_by_text("Somebody")).to_have_count(0)
    await page.get_by_role("button", name="Who is p3?").click()
    dialog = page.get_by_role("dialog", name="Your name at this desk")
    await dialog.get_by_label("Name").fill("Ruth")
    await page.keyboard.press("Enter")
    patient = page.get_by_role("region", name="Patient")
    await expect(patient.get_by_text("Somebody", exact=True)).to_be_visible()
    await expect(patient.get_by_text("not known").first).to_be_visible()
    await expect(patient.get_by_role("list", name="Visits of this patient today").get_by_role("button")).to_have_count(
        1
    )
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await expect(page.get_by_text("Somebody")).to_have_count(0)
    await page.keyboard.press("d")
    await expect(page.get_by_role("button", name="Who is p3?")).to_be_visible()
