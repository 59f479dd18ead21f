"""The board on a wall: it fits, needs no hands, and tells nobody of a patient."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import Visitor
from tests.browser.house import House, sheet
from tests.browser.test_looks import SCROLLS

DRAWN = """() => {
    const [visits] = document.querySelectorAll(".db-map-live");
    if (!visits?.width) return false;
    return visits.getContext("2d").getImageData(0, 0, visits.width, visits.height).data.some((value) => value > 0);
}"""
"""Whether anything is on the sheet of the map that visits are drawn on."""


async def on_the_wall(visitor: Visitor, house: House, **how: object) -> Page:
    page = await visitor.page(viewport={"width": 1920, "height": 1080}, **how)
    await page.goto(f"{house.address}/wall?team=vale")
    await page.locator(".db-bar").first.wait_for()
    return page


async def test_no_word_on_it_is_a_patients_reference(visitor: Visitor, house: House) -> None:
    page = await on_the_wall(visitor, house)
    told = await page.evaluate("() => document.querySelector('.db-wall').outerHTML")
    assert "Wound care" in told
    assert not {one.ref for one in sheet().patients if re.search(rf"\\b{one.ref}\\b", told, re.IGNORECASE)}


async def test_its_map_has_nurses_and_no_visits(visitor: Visitor, house: House) -> None:
    desk = await visitor.page()
    await desk.goto(f"{house.address}/?team=vale")
    await desk.wait_for_function(DRAWN)
    page = await on_the_wall(visitor, house)
    assert not await page.evaluate(DRAWN)


async def test_it_fits_and_has_nothing_to_press(visitor: Visitor, house: House) -> None:
    page = await on_the_wall(visitor, house, color_scheme="dark")
    assert await page.evaluate(SCROLLS) == [0, 0]
    await expect(page.get_by_role("navigation")).to_have_count(0)
    await expect(page.locator(".db-part-rounds .db-spans")).to_be_hidden()
    assert await violations(page) == []
