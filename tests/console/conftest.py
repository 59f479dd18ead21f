"""The console in this process, over whatever a test puts into its desk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest
from starlette.types import ASGIApp, Message

from console.pages import build_console
from console.parts import ConsoleParts, QuestionedDay
from console.settings import ConsoleSettings
from domain.board import BoardTeam
from domain.errors import NotFound
from realtime.dead_letters import DeadLetter
from tests.console.map_files import smallest


@dataclass
class Desk:
    """What the pages find when they ask."""

    teams: list[BoardTeam] = field(default_factory=list)
    questioned: dict[str, QuestionedDay] = field(default_factory=dict)
    letters: list[DeadLetter] = field(default_factory=list)

    async def list_teams(self) -> Sequence[BoardTeam]:
        return self.teams

    async def questioned_of(self, team_id: str) -> QuestionedDay:
        if team_id not in self.questioned:
            raise NotFound(f"There is no team {team_id!r}.")
        return self.questioned[team_id]

    async def list_letters(self) -> Sequence[DeadLetter]:
        return self.letters

    async def remove(self, ids: Sequence[str]) -> int:
        before = len(self.letters)
        self.letters = [letter for letter in self.letters if letter.id not in ids]
        return before - len(self.letters)


@pytest.fixture(scope="session")
def the_desk() -> Desk:
    return Desk()


@pytest.fixture(scope="session")
async def console(the_desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ASGIApp]:
    """Built once, and up: the pages belong to the process."""
    desk = the_desk
    area = tmp_path_factory.mktemp("maps") / "area.pmtiles"
    area.write_bytes(smallest())
    settings = ConsoleSettings(map_tile_url="https://tiles.example.org/{z}/{x}/{y}.png", map_pmtiles=area)
    parts = ConsoleParts(settings, desk.list_teams, desk.questioned_of, desk.list_letters, desk.remove, desk.remove)
    app = build_console(parts)
    async with up(app):
        yield app


@asynccontextmanager
async def up(app: ASGIApp) -> AsyncIterator[None]:
    """An application between its startup and its shutdown."""
    to_app, from_app = asyncio.Queue[Message](), asyncio.Queue[Message]()
    living = asyncio.create_task(app({"type": "lifespan", "asgi": {"version": "3.0"}}, to_app.get, from_app.put))
    for phase in ("startup", "shutdown"):
        await to_app.put({"type": f"lifespan.{phase}"})
        assert (await from_app.get())["type"] == f"lifespan.{phase}.complete"
        if phase == "startup":
            yield
    await living


@pytest.fixture
def desk(the_desk: Desk) -> Desk:
    """An empty desk."""
    the_desk.teams, the_desk.questioned, the_desk.letters = [], {}, []
    return the_desk


@pytest.fixture
async def browser(console: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    """Asks the console for pages, as a browser without scripts would."""
    transport = httpx.ASGITransport(app=console)
    async with httpx.AsyncClient(transport=transport, base_url="http://board.test") as client:
        yield client
