"""The console's pages, as one ASGI application for everything that is not the API's.

Start reading here: a page is the frame and its parts. The board's news comes from `/api/v1/feed` straight into the
browser; NiceGUI carries the pages and what is done on them.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import nicegui
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from nicegui import ui
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.types import ASGIApp

from console.base_maps import base_maps
from console.board_page import MAP_FILE, board_page
from console.dead_letters_page import dead_letters_page
from console.frame import frame
from console.guard import Guard
from console.parts import ConsoleParts
from console.questioned_page import questioned_page
from console.wall_page import wall_page

STATIC = Path(__file__).parent / "static"
LEAFLET = Path(nicegui.__file__).parent / "elements" / "leaflet" / "dist"


def build_console(parts: ConsoleParts) -> ASGIApp:
    """The console. To be built once in a process, before it is served: NiceGUI's pages belong to the process."""
    shell = FastAPI(openapi_url=None)
    shell.add_middleware(GZipMiddleware, minimum_size=2000)
    shell.mount("/static/leaflet", StaticFiles(directory=LEAFLET))
    shell.mount("/static", StaticFiles(directory=STATIC))
    if parts.settings.map_pmtiles:
        shell.add_route(MAP_FILE, partial(_map_file, parts.settings.map_pmtiles))
    _register(parts)
    ui.run_with(
        shell,
        title="Dutyboard",
        favicon=STATIC / "favicon.svg",
        language="en-GB",
        show_welcome_message=False,
        reconnect_timeout=10,
        tailwind=False,
        gzip_middleware_factory=None,
    )
    return Guard(shell, parts.settings)


async def _map_file(path: Path, _: Request) -> FileResponse:
    """The map's file, in the ranges that are asked for; compressed on the way, a range would be another."""
    return FileResponse(path, headers={"Content-Encoding": "identity", "Cache-Control": "max-age=3600"})


def _register(parts: ConsoleParts) -> None:
    maps = base_maps()

    @ui.page("/", title="Live board · Dutyboard")
    async def board(team: str = "") -> None:
        async with frame(parts, "board", team, maps) as shown:
            board_page(parts.settings, maps, shown)

    @ui.page("/wall", title="Wall board · Dutyboard")
    async def wall(team: str = "") -> None:
        await wall_page(parts, team, maps)

    @ui.page("/dead-letters", title="Dead letters · Dutyboard")
    async def dead_letters(team: str = "") -> None:
        async with frame(parts, "dead-letters", team) as shown:
            await dead_letters_page(parts, shown)

    @ui.page("/questioned", title="Questioned events · Dutyboard")
    async def questioned(team: str = "") -> None:
        async with frame(parts, "questioned", team) as shown:
            await questioned_page(parts, shown)
