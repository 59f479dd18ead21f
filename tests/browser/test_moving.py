"""A visit moved by hand on the timeline, by pointer and by keys, told first what would come of it; and how rows are ordered."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from itertools import count
from typing import Any

import psycopg
import pytest
from playwright.async_api import Locator, Page, expect

from db import days, live_days, plans
from domain.actor import system
from domain.day import DaySheet, Need, PatientSheet, ShiftSheet, StaffSheet, Team, VisitSheet, visit_scoped
from domain.geo import Place
from domain.round import Plan, PlannedAttendance, Round
from dutyboard.embedded import attach_or_start
from tests.browser.accessibility import violations
from tests.browser.conftest import Visitor
from tests.browser.house import BASE, DAY, TEN, House

SKILLS = {"amy": "wound_care", "ben": "wound_care", "cat": "insulin", "dan": "wound_care"}
PLACED = {"v1": ("amy", 11), "v2": ("amy", 13), "v3": ("ben", 12), "v4": ("ben", 14)}
_teams = count()


def at(hour: float) -> datetime:
    return TEN.replace(hour=int(hour), minute=round(60 * (hour % 1)))


class Glen:
    """A team of a story's own in the house: Amy has `v1`, `v2`, Ben `v3`, `v4`; Cat is trained for insulin alone, Dan is free."""

    def __init__(self, house: House) -> None:
        self.house, self.team_id = house, f"glen{next(_teams)}"

    def visit(self, ref: str) -> str:
        return visit_scoped(self.team_id, DAY, ref)

    def sheet(self) -> DaySheet:
        shift = ShiftSheet(starts_at=at(8), ends_at=at(18))
        visits = [
            VisitSheet(
                ref=ref,
                patient=f"p{ref[1:]}",
                windows=((at(hour - 0.5), at(hour + 1)),),
                needs=(Need(service="wound_care", duration_s=1800),),
            )
            for ref, (_, hour) in PLACED.items()
        ]
        homes = {f"p{no}": Place(lat=BASE.lat + no / 200, lon=BASE.lon) for no in range(1, 5)}
        return DaySheet(
            team=Team(team_id=self.team_id, name="Glen", base=BASE),
            day=DAY,
            staff=tuple(
                StaffSheet(ref=ref, name=ref.title(), skills=frozenset({skill}), shift=shift)
                for ref, skill in SKILLS.items()
            ),
            patients=tuple(PatientSheet(ref=ref, name="Somebody", home=home) for ref, home in homes.items()),
            visits=tuple(visits),
        )

    def plan(self) -> Plan:
        def stop(ref: str, hour: int) -> PlannedAttendance:
            return PlannedAttendance(visit_id=self.visit(ref), carer_no=1, starts_at=at(hour), ends_at=at(hour + 0.5))

        rounds = tuple(
            Round(
                nurse_id=f"{self.team_id}:{nurse}",
                attendances=tuple(stop(ref, hour) for ref, (whose, hour) in PLACED.items() if whose == nurse),
            )
            for nurse in ("amy", "ben")
        )
        return Plan(team_id=self.team_id, day=DAY, made_by="search", rounds=rounds)

    async def at_work(self) -> None:
        await self.decide(lambda conn: days.save(conn, self.sheet(), TEN, system("import")))
        await self.decide(lambda conn: plans.accept(conn, self.plan(), TEN, system("import")))

    async def decide(self, act: Callable[[psycopg.AsyncConnection], Awaitable[Any]]) -> Any:
        """Do something to the day behind the board's back, or look at it."""
        with attach_or_start(self.house.running.home) as urls:
            async with await psycopg.AsyncConnection.connect(urls.database_url) as conn:
                return await act(conn)

    async def rounds(self) -> dict[str, list[str]]:
        """Who has which visits, as it is in the database."""
        found = await self.decide(lambda conn: live_days.in_force(conn, self.team_id, DAY))
        plan: Plan = found[1]
        return {
            it.nurse_id.rpartition(":")[2]: [stop.visit_id.rpartition(":")[2] for stop in it.attendances]
            for it in plan.rounds
            if it.attendances
        }


UNMOVED = {"amy": ["v1", "v2"], "ben": ["v3", "v4"]}


@pytest.fixture
async def glen(house: House) -> Glen:
    glen = Glen(house)
    await glen.at_work()
    return glen


@pytest.fixture
async def page(visitor: Visitor, glen: Glen) -> Page:
    return await opened(visitor, glen)


async def opened(visitor: Visitor, glen: Glen) -> Page:
    page = await visitor.page()
    await page.add_init_script("localStorage.setItem('db-span', 'Day')")
    await page.goto(f"{glen.house.address}/?team={glen.team_id}")
    await expect(page.locator("html")).to_have_attribute("data-feed", "live")
    await expect(bar(page, "v4")).to_be_visible()
    return page


def bar(page: Page, ref: str) -> Locator:
    return page.locator(f".db-bar[data-stop$=':{ref}#1']")


def row(page: Page, nurse: str) -> Locator:
    return page.locator(f".db-round[data-nurse$=':{nurse}']")


def verdict(page: Page) -> Locator:
    return page.locator(".db-move-note")


def toast(page: Page) -> Locator:
    return page.locator(".db-toast").last


async def middle(element: Locator) -> tuple[float, float]:
    box = await element.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def dragged_over(page: Page, ref: str, nurse: str) -> None:
    """Take up a visit's bar and hold it over a nurse's row."""
    x, y = await middle(bar(page, ref))
    _, down = await middle(row(page, nurse))
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 2, (y + down) / 2, steps=4)
    await page.mouse.move(x, down, steps=4)


async def test_a_bar_dragged_to_another_nurse_is_told_first_and_then_done(page: Page, glen: Glen) -> None:
    await dragged_over(page, "v2", "dan")
    await expect(verdict(page)).to_have_attribute("data-weighs", "fine")
    await expect(verdict(page)).to_contain_text(re.compile(r"12:30 with Dan: .* travel, nobody late\."))
    await expect(row(page, "dan").locator(".db-move-ghost")).to_have_text("12:30")
    await expect(bar(page, "v2")).to_have_attribute("data-moving", "yes")
    await expect(row(page, "dan").locator(".db-strip")).to_have_css("overflow", "hidden")
    assert await violations(page) == []
    assert await glen.rounds() == UNMOVED

    await page.mouse.up()

    await expect(toast(page)).to_contain_text("is in force")
    assert await glen.rounds() == {"amy": ["v1"], "ben": ["v3", "v4"], "dan": ["v2"]}
    await expect(row(page, "dan").locator(".db-bar")).to_have_count(1)
    await expect(verdict(page)).to_be_hidden()


async def test_what_was_dragged_is_taken_back_from_the_toast(page: Page, glen: Glen) -> None:
    await dragged_over(page, "v2", "dan")
    await expect(verdict(page)).to_have_attribute("data-weighs", "fine")
    await page.mouse.up()
    await expect(row(page, "dan").locator(".db-bar")).to_have_count(1)
    await toast(page).get_by_role("button", name="Undo").click()
    await expect(row(page, "amy").locator(".db-bar")).to_have_count(2)
    assert await glen.rounds() == UNMOVED


async def test_a_refused_place_says_why_and_nothing_is_done(page: Page, glen: Glen) -> None:
    await dragged_over(page, "v2", "cat")
    await expect(verdict(page)).to_have_attribute("data-weighs", "refused")
    await expect(verdict(page)).to_contain_text("May not: Cat cannot give")
    await page.mouse.up()
    await expect(toast(page)).to_contain_text("stays where it is. May not: Cat cannot give")
    assert await glen.rounds() == UNMOVED


async def test_a_drop_without_waiting_is_judged_all_the_same(page: Page, glen: Glen) -> None:
    await dragged_over(page, "v2", "cat")
    await page.mouse.up()
    await expect(toast(page)).to_contain_text("May not: Cat cannot give")
    await dragged_over(page, "v2", "dan")
    await page.mouse.up()
    await expect(row(page, "dan").locator(".db-bar")).to_have_count(1)
    assert (await glen.rounds())["dan"] == ["v2"]


async def test_a_bar_is_dragged_to_another_time_of_the_same_round(page: Page, glen: Glen) -> None:
    x, y = await middle(bar(page, "v3"))
    later, _ = await middle(bar(page, "v4"))
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(later + 20, y, steps=6)
    await expect(verdict(page)).to_have_attribute("data-weighs", "costly")
    await expect(verdict(page)).to_contain_text("p3 would be ")
    await page.mouse.up()
    await expect(toast(page)).to_contain_text("is in force")
    assert await glen.rounds() == {"amy": ["v1", "v2"], "ben": ["v4", "v3"]}


@pytest.mark.parametrize("how", ["Escape", "away"])
async def test_a_drag_is_left_by_escape_or_by_leaving_the_timeline(page: Page, glen: Glen, how: str) -> None:
    await dragged_over(page, "v2", "dan")
    await expect(verdict(page)).to_have_attribute("data-weighs", "fine")
    if how == "Escape":
        await page.keyboard.press("Escape")
    else:
        await page.mouse.move(300, 60, steps=3)
    await expect(verdict(page)).to_be_hidden()
    await page.mouse.up()
    await expect(page.locator(".db-toast")).to_have_count(0)
    await expect(page.locator("[data-picked=yes]")).to_have_count(0)
    assert await glen.rounds() == UNMOVED


async def test_a_visit_that_has_begun_cannot_be_dragged_and_says_so(visitor: Visitor, glen: Glen) -> None:
    done = "UPDATE attendance SET state = 'done', arrived_at = %s, finished_at = %s WHERE visit_id = %s"
    await glen.decide(lambda conn: conn.execute(done, (at(9), at(9.5), glen.visit("v1"))))
    page = await opened(visitor, glen)
    await expect(bar(page, "v1")).to_have_attribute("data-state", "done")
    await expect(bar(page, "v2")).to_have_css("cursor", "grab")
    await expect(bar(page, "v1")).not_to_have_css("cursor", "grab")
    await dragged_over(page, "v1", "dan")
    await expect(toast(page)).to_contain_text("p1 cannot be moved. It has begun")
    await expect(verdict(page)).to_be_hidden()
    await page.mouse.up()
    assert await glen.rounds() == UNMOVED


async def test_a_visit_is_moved_by_keys_and_read_out(page: Page, glen: Glen) -> None:
    await bar(page, "v2").focus()
    await page.keyboard.press("m")
    await expect(verdict(page)).to_contain_text("Enter moves it")
    status = verdict(page).get_by_role("status")
    await expect(status).to_contain_text("Wound care · p2 → Amy, about 13:00")
    await page.keyboard.press("ArrowRight")
    await expect(status).to_contain_text("about 13:05")
    await page.keyboard.press("Shift+ArrowLeft")
    await expect(status).to_contain_text("about 12:35")
    for nurse in ("Ben", "Cat", "Dan"):
        await page.keyboard.press("ArrowDown")
        await expect(status).to_contain_text(f"→ {nurse}, about 12:35")
    await expect(status).to_contain_text("with Dan: ")
    assert await violations(page) == []

    await page.keyboard.press("Enter")

    await expect(row(page, "dan").locator(".db-bar")).to_be_focused()
    assert await glen.rounds() == {"amy": ["v1"], "ben": ["v3", "v4"], "dan": ["v2"]}


async def test_escape_leaves_a_visit_where_it_was_and_the_keys_where_they_were(page: Page, glen: Glen) -> None:
    await bar(page, "v2").focus()
    await page.keyboard.press("m")
    await page.keyboard.press("ArrowDown")
    await expect(verdict(page)).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(verdict(page)).to_be_hidden()
    await expect(bar(page, "v2")).to_be_focused()
    await page.keyboard.press("ArrowLeft")
    await expect(bar(page, "v1")).to_be_focused()
    assert await glen.rounds() == UNMOVED


async def test_a_visit_is_moved_from_its_drawer_as_well(page: Page, glen: Glen) -> None:
    await bar(page, "v2").click()
    await page.keyboard.press("d")
    for nurse, told in (("Cat", "May not: Cat cannot give"), ("Dan", "with Dan: ")):
        await page.get_by_role("button", name="Move to…").click()
        dialog = page.get_by_role("dialog", name="Move the visit")
        await dialog.get_by_label("To").select_option(label=nurse)
        await dialog.get_by_role("button", name="Look whether it fits").click()
        await expect(page.get_by_text(told)).to_be_visible()
    await page.get_by_role("button", name="Move it").click()
    await expect(row(page, "dan").locator(".db-bar")).to_have_count(1)
    assert (await glen.rounds())["dan"] == ["v2"]


async def test_rows_are_by_need_or_by_name_and_that_is_remembered(page: Page, glen: Glen) -> None:
    by_need = page.get_by_role("group", name="Order of the rounds").get_by_role("button", name="By need")
    await expect(by_need).to_have_attribute("aria-pressed", "true")
    await page.keyboard.press("o")
    await expect(by_need).to_have_attribute("aria-pressed", "false")
    await expect(page.locator(".db-group:visible")).to_have_count(1)
    await expect(page.locator(".db-who-name")).to_have_text(["Amy", "Ben", "Cat", "Dan"])
    assert await violations(page) == []
    await page.reload()
    await expect(page.locator("[data-group=all] .db-round")).to_have_count(4)
    await by_need.click()
    await expect(page.locator("[data-group=all]")).to_be_hidden()


async def test_the_keys_of_moving_and_of_the_order_are_listed(page: Page) -> None:
    await page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    await expect(dialog).to_contain_text("Move the visit in focus")
    await expect(dialog).to_contain_text("Rounds by need, or by name")
