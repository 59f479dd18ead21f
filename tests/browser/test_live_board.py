"""Stories of the live board: real phones, the real road, a real browser."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from playwright.async_api import Locator, Page, expect

from domain.geo import Place
from tests.browser.conftest import Visitor, complete
from tests.browser.house import BASE, NOBODY_FREE, House, visit_id
from tests.browser.line import Line

NORTH = Place(lat=BASE.lat + 0.01, lon=BASE.lon)
"""About a kilometre away: two minutes by car."""


@pytest.fixture(scope="module")
def house(own_house: House) -> House:
    return own_house


def row(page: Page, nurse: str) -> Locator:
    return page.locator(f".db-round[data-nurse='vale:{nurse}']")


def figure(page: Page, name: str) -> Locator:
    return page.locator(f".db-figure[data-figure={name}] strong")


def bar(page: Page, ref: str) -> Locator:
    return page.locator(f".db-bar[data-stop='{visit_id(ref)}#1']")


async def centred_on(visitor: Visitor, house: House, place: Place) -> Page:
    """A board whose map has this place in its middle."""
    page = await visitor.page()
    view = json.dumps({"center": [place.lat, place.lon], "zoom": 14})
    await page.add_init_script(f"sessionStorage.setItem('db-view-vale', JSON.stringify({view}))")
    await page.goto(f"{house.address}/?team=vale")
    await complete(page)
    return page


async def pointing_at_the_middle(page: Page) -> Locator:
    """The card of whoever is, or comes, under a pointer that rests in the middle of the map."""
    box = await page.locator(".db-map-ground").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await page.mouse.move(x - 60, y - 60)
    await page.mouse.move(x, y)
    return page.locator(".db-hover")


async def test_a_nurse_is_followed_on_the_map_while_moving(visitor: Visitor, house: House) -> None:
    await house.say("ben", "shift_started", ago_s=200)
    await house.see("ben", BASE, ago_s=120)
    page = await centred_on(visitor, house, NORTH)
    await expect(row(page, "ben")).to_have_attribute("data-status", "available")
    card = await pointing_at_the_middle(page)
    await expect(card).to_be_hidden()

    await house.see("ben", NORTH, battery_pct=71)

    await expect(card).to_contain_text("Ben Sharma")
    await expect(card).to_contain_text("± 9 m")
    await expect(card).to_contain_text("71%")


async def test_a_visit_goes_from_planned_to_done_as_the_nurse_says_so(board: Page, house: House) -> None:
    await house.say("amy", "shift_started")
    await expect(row(board, "amy")).to_have_attribute("data-status", "available")
    await expect(bar(board, "v1")).to_have_attribute("data-state", "planned")

    await house.say("amy", "en_route", visit_id=visit_id("v1"))
    await expect(bar(board, "v1")).to_have_attribute("data-state", "en_route")
    await expect(row(board, "amy")).to_contain_text("Travelling")

    await house.say("amy", "arrived", visit_id=visit_id("v1"))
    await expect(bar(board, "v1")).to_have_attribute("data-state", "in_progress")
    await expect(row(board, "amy")).to_contain_text("With patient")
    await expect(figure(board, "inProgress")).to_have_text("1")

    await house.say("amy", "finished", visit_id=visit_id("v1"))
    await expect(bar(board, "v1")).to_have_attribute("data-state", "done")
    await expect(row(board, "amy")).to_contain_text("1/3")
    await expect(figure(board, "completed")).to_have_text("1")


async def test_whoever_calls_for_help_comes_first_and_is_red(board: Page, house: House) -> None:
    await house.say("zoe", "shift_started")
    await house.say("zoe", "sos")

    await expect(figure(board, "sos")).to_have_text("1")
    await expect(board.locator(".db-round").first).to_have_attribute("data-status", "sos")
    await expect(board.locator(".db-entry").first).to_contain_text("Zoë <b>Doyle</b>")
    await expect(board).to_have_title("SOS 1 · Live board · Dutyboard")


async def test_an_unallocated_visit_is_listed_with_the_reason(board: Page) -> None:
    section = board.locator("#db-unallocated")
    await expect(section).to_contain_text("Wound care · p6")
    await expect(section).to_contain_text(NOBODY_FREE)
    await expect(figure(board, "unallocated")).to_have_text("1")

    await board.get_by_role("button", name="Unallocated").click()
    await expect(section).to_be_focused()


async def test_a_picked_nurse_shows_the_round_and_lets_go_again(board: Page) -> None:
    await row(board, "ben").locator(".db-who").click()
    stops = board.locator(".db-stop")
    await expect(stops).to_have_count(2)
    await expect(stops.nth(0)).to_contain_text("p4")
    second = board.locator(".db-stops > li").nth(1)
    await expect(second).to_have_text("Break 11:35–11:55")
    await expect(row(board, "ben").locator(".db-rest")).to_have_attribute("title", "Break 11:35–11:55")
    await expect(row(board, "amy").locator(".db-rest")).to_be_hidden()
    await expect(board.locator(".db-nurse-card .db-facts")).to_contain_text("08:00–16:00")

    await board.get_by_role("button", name="Close").click()
    await expect(board.get_by_role("heading", name="Alerts")).to_be_visible()


async def test_a_figure_lists_what_it_counts(board: Page, house: House) -> None:
    await house.say("dan", "shift_started")
    await expect(row(board, "dan")).to_have_attribute("data-status", "available")
    await expect(figure(board, "onShift")).not_to_have_text("0")
    await board.get_by_role("button", name="Staff on shift").click()
    await expect(row(board, "dan")).to_be_visible()
    await expect(board.locator("[data-group=not_started] .db-round:visible")).to_have_count(0)

    await board.get_by_role("button", name="Only on shift").click()
    await expect(board.locator(".db-round")).to_have_count(4)


async def test_the_rounds_are_walked_by_keyboard(board: Page) -> None:
    await row(board, "ben").locator(".db-who").focus()
    await board.keyboard.press("ArrowRight")
    await expect(bar(board, "v4")).to_be_focused()
    await board.keyboard.press("ArrowRight")
    await expect(bar(board, "v5")).to_be_focused()
    await expect(board.locator(".db-tip")).to_contain_text("p5, planned 12:00–12:30")

    await board.keyboard.press("Enter")
    await expect(row(board, "ben")).to_have_attribute("data-picked", "yes")
    await expect(bar(board, "v5")).to_be_focused()
    await board.keyboard.press("Escape")
    await expect(row(board, "ben")).not_to_have_attribute("data-picked", "yes")

    await board.keyboard.press("Home")
    await expect(row(board, "ben").locator(".db-who")).to_be_focused()
    tab_stops = board.locator(".db-grid button[tabindex='0']")
    await expect(tab_stops).to_have_count(1)


async def test_a_board_that_hears_nothing_says_since_when_and_comes_back_by_itself(
    visitor: Visitor, house: House, line: Line
) -> None:
    page = await visitor.page()
    await page.goto(f"{line.address}/?team=vale")
    await complete(page)
    await page.evaluate("window.notReloaded = true")

    await line.cut()
    bar_ = page.get_by_role("alert")
    await expect(bar_).to_contain_text("Nothing heard from the server since 10:")
    await expect(page.locator(".db-health")).to_have_attribute("data-state", "lost")
    await expect(page.locator("html")).to_have_attribute("data-feed", "lost")

    await line.mend()
    await expect(page.locator(".db-health")).to_have_attribute("data-state", "live")
    await expect(bar_).to_be_hidden()
    await house.see("ben", BASE, battery_pct=64)
    await expect(row(page, "ben").locator(".db-who-battery")).to_have_text("64%")
    assert await page.evaluate("window.notReloaded") is True


async def test_the_clock_is_the_house_clock(board: Page, house: House) -> None:
    clock = board.locator(".db-clock-time")
    await expect(clock).to_have_text(re.compile(r"\d\d:\d\d:\d\d"))
    shown = await clock.text_content()
    now = house.now()
    assert shown in {f"{now - timedelta(seconds=late):%H:%M:%S}" for late in range(3)}


async def test_the_map_shows_the_way_that_a_picked_nurse_has_come(visitor: Visitor, house: House) -> None:
    await house.say("ben", "shift_started", ago_s=400)
    for step in range(4):
        await house.see("ben", Place(lat=BASE.lat + 0.002 * step, lon=BASE.lon), ago_s=300 - 60 * step)
    page = await visitor.page()
    await page.goto(f"{house.address}/?team=vale")
    await complete(page)
    async with page.expect_response("**/api/v1/trail**") as answered:
        await row(page, "ben").locator(".db-who").click()
    shown = await (await answered.value).json()
    times = [point["at"] for point in shown]
    assert times == sorted(times)
    assert {round(BASE.lat + 0.002 * step, 6) for step in range(4)} <= {round(point["lat"], 6) for point in shown}


async def test_visits_that_would_cover_each_other_are_counted_but_for_those_that_stand_out(
    visitor: Visitor, house: House
) -> None:
    page = await visitor.page()
    await page.goto(f"{house.address}/?team=vale")
    told = await page.evaluate(
        """async () => {
            const { clustered } = await import("/static/clusters.js");
            const near = (state, x) => ({ at: { x, y: 10 }, state, unallocated: false, picked: false });
            const marks = [...[1, 2, 3, 4, 5].map((x) => near("planned", x)), near("missed", 3), near("planned", 300)];
            const { single, groups } = clustered(marks);
            return [single.map(({ state, at }) => [state, at.x]), groups.map(({ count, at }) => [count, at.x])];
        }"""
    )
    assert told == [[["missed", 3], ["planned", 300]], [[5, 3]]]
