"""How the board looks: it fits its screens, in both themes, for everybody, and asks nobody else for anything."""

from __future__ import annotations

from base64 import b64decode

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import Visitor, complete
from tests.browser.house import House
from tests.console.map_files import smallest

SCROLLS = (
    "() => [document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]"
)
BACKGROUND = "() => getComputedStyle(document.body).backgroundColor"
LIGHT, DARK = "rgb(233, 238, 243)", "rgb(8, 15, 22)"
PAGES = ("/", "/questioned", "/dead-letters")


async def opened(visitor: Visitor, house: House, **how: object) -> Page:
    page = await visitor.page(**how)
    await page.goto(f"{house.address}/?team=vale")
    await complete(page)
    return page


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1440, 900)])
async def test_the_board_fits_a_desk_without_scrolling(visitor: Visitor, house: House, width: int, height: int) -> None:
    page = await opened(visitor, house, viewport={"width": width, "height": height})
    assert await page.evaluate(SCROLLS) == [0, 0]
    for part, least in (("figures", 50), ("map", 250), ("attention", 250), ("rounds", 300)):
        box = await page.locator(f".db-part-{part}").bounding_box()
        assert box is not None
        assert box["height"] >= least
        assert box["y"] + box["height"] <= height
        assert box["x"] + box["width"] <= width


async def test_the_board_fits_the_width_of_a_phone_and_is_read_downwards(visitor: Visitor, house: House) -> None:
    page = await opened(visitor, house, viewport={"width": 390, "height": 844}, has_touch=True)
    across, down = await page.evaluate(SCROLLS)
    assert across == 0
    assert down > 0
    await page.locator(".db-round").last.scroll_into_view_if_needed()
    await expect(page.locator(".db-round").last).to_be_in_viewport()


async def test_the_theme_follows_the_system_until_one_is_chosen_and_the_choice_is_remembered(
    visitor: Visitor, house: House
) -> None:
    page = await opened(visitor, house, color_scheme="light")
    assert await page.evaluate(BACKGROUND) == LIGHT
    await page.emulate_media(color_scheme="dark")
    assert await page.evaluate(BACKGROUND) == DARK

    await page.get_by_role("button", name="Theme: as the system has it").click()
    assert await page.evaluate(BACKGROUND) == LIGHT
    await page.reload()
    await complete(page)
    assert await page.evaluate(BACKGROUND) == LIGHT
    await expect(page.get_by_role("button", name="Theme: light")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
async def test_the_rules_of_accessibility_are_kept(visitor: Visitor, house: House, scheme: str, path: str) -> None:
    page = await visitor.page(color_scheme=scheme)
    await page.goto(f"{house.address}{path}?team=vale")
    await page.locator(".db-clock-time").filter(has_not_text="--").wait_for()
    if path == "/":
        await complete(page)
    assert await violations(page) == []


BASE_MAP = """async () => {
    const { leaflet: L } = await import("nicegui-leaflet");
    const { BaseMap } = await import("/static/base_map.js");
    const ground = document.createElement("div");
    ground.style.cssText = "width: 600px; height: 400px; position: fixed; top: 0; left: 0; z-index: 9999";
    ground.id = "other-map";
    document.body.append(ground);
    const map = L.map(ground, { attributionControl: false }).setView([53.2, -2.1], 12);
    const bases = [{ url: "/static/base/ashbourne-vale.geojson", bbox: [-3, 53, -1, 54] }];
    const options = { tiles: "/tiles/{z}/{x}/{y}.png", attribution: "© <b>Mappers</b>", bases };
    new BaseMap(map, ground, options).settleAt({ team_id: "t", base_lat: 53.2, base_lon: -2.1, planar: false });
}"""
PIXEL = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


async def test_tiles_are_drawn_where_a_server_is_set_and_it_is_thanked(visitor: Visitor, house: House) -> None:
    page = await opened(visitor, house)
    await page.route("**/tiles/**", lambda route: route.fulfill(body=PIXEL, content_type="image/png"))
    await page.evaluate(BASE_MAP)
    await page.locator("#other-map img.leaflet-tile-loaded").first.wait_for(state="attached")
    await expect(page.locator("#other-map .leaflet-control-attribution")).to_have_text("© <b>Mappers</b>")


async def test_tiles_that_do_not_come_are_replaced_by_the_bundled_map(visitor: Visitor, house: House) -> None:
    page = await opened(visitor, house)
    await page.evaluate(BASE_MAP)
    credit = page.locator("#other-map .leaflet-control-attribution")
    await expect(credit).to_have_text("Schematic base map (the tile server does not answer)")
    assert any("/tiles/" in url for url in visitor.asked)
    visitor.complaints.clear()


FILE_MAP = BASE_MAP.replace(
    'tiles: "/tiles/{z}/{x}/{y}.png", attribution: "© <b>Mappers</b>"', 'pmtiles: "/area.pmtiles"'
).replace("12);", "2);")
WATER = """() => [...document.querySelectorAll("#other-map canvas")].some((canvas) => {
    const [red, green, blue, alpha] = canvas.getContext("2d").getImageData(100, 100, 1, 1).data;
    return alpha === 255 && blue > red;
})"""


async def test_a_map_file_is_drawn_where_one_is_set(visitor: Visitor, house: House) -> None:
    page = await opened(visitor, house)
    whole = smallest()

    async def serve(route: Route) -> None:
        first, last = map(int, str(route.request.headers["range"]).removeprefix("bytes=").split("-"))
        await route.fulfill(status=206, body=whole[first : last + 1], content_type="application/octet-stream")

    await page.route("**/area.pmtiles", serve)
    await page.evaluate(FILE_MAP)
    await expect(page.locator("#other-map .leaflet-control-attribution")).to_have_text("© OpenStreetMap contributors")
    await page.wait_for_function(WATER)


async def test_a_map_file_that_cannot_be_read_is_replaced_by_the_bundled_map(visitor: Visitor, house: House) -> None:
    page = await opened(visitor, house)
    await page.evaluate(FILE_MAP)
    credit = page.locator("#other-map .leaflet-control-attribution")
    await expect(credit).to_have_text("Schematic base map (the map file cannot be read)")
    visitor.complaints.clear()


async def test_nobody_but_the_house_is_asked_for_anything(visitor: Visitor, house: House) -> None:
    page = await opened(visitor, house)
    for path in PAGES:
        await page.goto(f"{house.address}{path}?team=vale")
        await page.locator(".db-health[data-state=live]").wait_for()
    assert len(visitor.asked) > 20
    assert visitor.strangers() == set()
    assert any("/api/v1/feed" in url for url in visitor.asked)
    assert not any("tile" in url for url in visitor.asked)


async def test_names_are_text_and_never_markup(board: Page) -> None:
    await expect(board.locator(".db-round[data-nurse='vale:zoe']")).to_contain_text("Zoë <b>Doyle</b>")
    await expect(board.locator(".db-round b")).to_have_count(0)
