"""A browser, the house it looks at, and pages that may ask no address but the house's."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.browser import browsers
from tests.browser.house import House
from tests.browser.line import Line

WIDE = {"width": 1920, "height": 1080}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
async def chromium(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    found = browsers.find(tmp_path_factory.mktemp("chromium"))
    if found is None and os.environ.get("CI"):
        pytest.fail(browsers.HOW_TO)
    if found is None:
        pytest.skip(browsers.HOW_TO)
    async with async_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"]
        browser = await playwright.chromium.launch(executable_path=found.path, args=arguments, env=found.environ)
        yield browser
        await browser.close()


@pytest.fixture(scope="package")
async def house(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house that many look at: its team `vale` is left as it is, and what is to happen happens to another team."""
    opened = await House.opened(tmp_path_factory.mktemp("house"))
    yield opened
    await opened.running.clear_away()


@pytest.fixture(scope="module")
async def own_house(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house for one file alone, in which anything may happen."""
    opened = await House.opened(tmp_path_factory.mktemp("own-house"))
    yield opened
    await opened.running.clear_away()


@pytest.fixture
async def line(house: House) -> AsyncIterator[Line]:
    """A line to the house that a test may cut."""
    line = Line(house.running.port)
    await line.mend()
    yield line
    await line.cut()


class Visitor:
    """Opens pages, and remembers what they asked for and complained of."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.contexts: list[BrowserContext] = []
        self.asked: list[str] = []
        self.complaints: list[str] = []

    async def context(self, **how: object) -> BrowserContext:
        context = await self.browser.new_context(**{"viewport": WIDE, "color_scheme": "light", **how})  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        return context

    async def page(self, context: BrowserContext | None = None, **how: object) -> Page:
        page = await (context or await self.context(**how)).new_page()
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("websocket", lambda socket: self.asked.append(socket.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        return page

    def strangers(self) -> set[str]:
        """Hosts that were asked and are not this machine."""
        hosts = {urlsplit(url).hostname for url in self.asked if not url.startswith(("data:", "blob:"))}
        return {str(host) for host in hosts - {"127.0.0.1"}}


@pytest.fixture
async def visitor(chromium: Browser) -> AsyncIterator[Visitor]:
    """Every test ends with the same two questions: did a page ask a stranger, did a script fail?"""
    visitor = Visitor(chromium)
    yield visitor
    for context in visitor.contexts:
        with suppress(Exception):
            await context.close()
    assert visitor.strangers() == set()
    assert [
        said for said in visitor.complaints if "ERR_CONNECTION" not in said and "WebSocket connection" not in said
    ] == []


@pytest.fixture
async def board(visitor: Visitor, house: House) -> Page:
    """The live board of the house, on a wall screen."""
    page = await visitor.page()
    await page.goto(f"{house.address}/?team=vale")
    await complete(page)
    return page


async def complete(page: Page) -> None:
    """Wait until every part of the board is there and shows the team."""
    await page.locator(".db-round").first.wait_for()
    await page.get_by_text("Schematic base map").wait_for()
    await page.locator(".db-figure strong").first.filter(has_not_text="–").wait_for()
    await page.locator(".db-entry").first.wait_for()
    await page.locator(".db-clock-time").filter(has_not_text="--").wait_for()
