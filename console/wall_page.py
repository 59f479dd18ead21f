"""The board on a wall: larger, nothing to press, and nothing on it by which a passer-by could tell a patient.

Visits are not on its map and references are in none of its words. It needs no hands: the clock and the health of the feed stay.
"""

from __future__ import annotations

from typing import Any

from nicegui import ui

from console.board_page import map_options, no_team
from console.elements import box, words
from console.frame import HEAD, Shown, live_options
from console.part import Part
from console.parts import ConsoleParts

STYLES = ("tokens", "frame", "board", "map", "rounds", "round_row", "bars", "wall")


async def wall_page(parts: ConsoleParts, asked_for: str, maps: list[dict[str, Any]]) -> None:
    teams = await parts.teams()
    chosen = [team for team in teams if team.team_id == asked_for] if asked_for else list(teams)
    shown = Shown(chosen[0] if chosen else None, teams, asked_for)
    ui.add_head_html(HEAD + "".join(f'<link rel="stylesheet" href="/static/{name}.css">\n' for name in STYLES))
    with box("div", "db-app db-wall"):
        if shown.team is None:
            no_team(shown)
            return
        live = {**live_options(parts.settings, shown.team), "wall": True}
        with box("header", "db-top"):
            words("h1", shown.team.name)
            box("span", "db-space")
            Part("health", live)
            Part("clock", live)
        with box("div", "db-main db-main-board"):
            Part("figures", live)
            Part("map", {**live, **map_options(parts.settings, maps)})
            Part("wall_alerts", live)
            Part("rounds", live)
            Part("own_feet")
