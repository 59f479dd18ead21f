"""The frame around every page: where one can go, which team is shown, what time it is, whether the news is fresh."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import quote

from nicegui import ui

from console.elements import box, icon, words
from console.part import Part
from console.parts import ConsoleParts
from console.settings import ConsoleSettings
from domain.board import BoardTeam

PAGES = {
    "board": ("/", "Live board", "board"),
    "questioned": ("/questioned", "Questioned events", "question"),
    "dead-letters": ("/dead-letters", "Dead letters", "letter"),
}
"""page → its path, its name, its icon."""

HEAD = """
<script src="/static/before.js"></script>
<link rel="preload" href="/static/fonts/inter-latin.woff2" as="font" type="font/woff2" crossorigin>
<link rel="stylesheet" href="/static/leaflet/leaflet/leaflet.css">
"""
STYLES = (
    "tokens",
    "frame",
    "search",
    "board",
    "map",
    "rounds",
    "round_row",
    "bars",
    "moving",
    "drawer",
    "desk",
    "dialog",
    "alerts",
    "proposal",
    "pages",
)
PICKED = "(event) => location.assign('?team=' + encodeURIComponent(event.target.value))"


@dataclass(frozen=True)
class Shown:
    """The team a page is about; None where there is none yet, or none of the id that was asked for."""

    team: BoardTeam | None
    teams: Sequence[BoardTeam]
    asked_for: str


@asynccontextmanager
async def frame(parts: ConsoleParts, page: str, asked_for: str, maps: Sequence[object] = ()) -> AsyncIterator[Shown]:
    """The page's frame; what is made inside it becomes the page's main part. With `maps` there is a search over them."""
    teams = await parts.teams()
    chosen = [team for team in teams if team.team_id == asked_for] if asked_for else list(teams)
    shown = Shown(chosen[0] if chosen else None, teams, asked_for)
    ui.add_head_html(HEAD + "".join(f'<link rel="stylesheet" href="/static/{name}.css">\n' for name in STYLES))
    with box("div", "db-app"):
        _navigation(page, shown)
        _header(page, shown, parts.settings, maps)
        with box("div", f"db-main db-main-{page}"):
            yield shown


def live_options(settings: ConsoleSettings, team: BoardTeam) -> dict[str, object]:
    """What every part that listens to the feed is told."""
    return {
        "team": team.team_id,
        "staleAfterS": settings.stale_after_s,
        "unknownAfterS": settings.unknown_after_s,
    }


def _navigation(page: str, shown: Shown) -> None:
    query = f"?team={quote(shown.team.team_id)}" if shown.team else ""
    with box("nav", "db-nav", aria_label="Pages"):
        with box("span", "db-logo"):
            icon("logo")
        for key, (path, name, drawing) in PAGES.items():
            with box("a", href=path + query, aria_label=name, title=name) as link:
                icon(drawing)
            if key == page:
                link.props["aria-current"] = "page"


def _header(page: str, shown: Shown, settings: ConsoleSettings, maps: Sequence[object]) -> None:
    with box("header", "db-top"):
        words("h1", PAGES[page][1])
        if shown.teams:
            _team_picker(shown)
        if shown.team and page == "board":
            Part("shift_filter", live_options(settings, shown.team))
        if shown.team and maps:
            Part("search", {**live_options(settings, shown.team), "bases": maps})
        box("span", "db-space")
        if shown.team:
            if page == "board":
                Part("desk_bar", live_options(settings, shown.team))
            Part("health", live_options(settings, shown.team))
            Part("clock", live_options(settings, shown.team))
        Part("shortcuts")
        Part("theme")


def _team_picker(shown: Shown) -> None:
    with box("label", "db-picker"):
        icon("team")
        words("span", "Team", "db-unseen")
        with box("select").on("change", js_handler=PICKED):
            for team in shown.teams:
                option = words("option", team.name, value=team.team_id)
                if team == shown.team:
                    option.props["selected"] = True
            if not shown.team:
                words("option", "Choose a team", value="", selected=True, disabled=True)
