"""The live board: figures, the map, what needs attention, and everybody's round."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from console.elements import box, button, icon, words
from console.frame import Shown, live_options
from console.part import Part
from console.settings import ConsoleSettings

LOOK_AGAIN_S = 10.0
MAP_FILE = "/map.pmtiles"
"""Where browsers read the map's file, where one is set."""
IMPORT = "dutyboard import day day.json --team north --date 2026-11-23"
DEMO = "dutyboard demo"


def board_page(settings: ConsoleSettings, maps: list[dict[str, Any]], shown: Shown) -> None:
    if shown.team is None:
        no_team(shown)
        return
    live = live_options(settings, shown.team)
    Part("figures", live)
    Part("map", {**live, **map_options(settings, maps)})
    Part("attention", live)
    Part("rounds", live)
    Part("visit_drawer", live)
    Part("own_feet")


def map_options(settings: ConsoleSettings, maps: list[dict[str, Any]]) -> dict[str, Any]:
    """What may lie under the nurses: a tile server's tiles, else the map file, else a bundled drawing."""
    return {
        "tiles": settings.map_tile_url,
        "pmtiles": MAP_FILE if settings.map_pmtiles else None,
        "attribution": settings.map_attribution,
        "bases": maps,
    }


def no_team(shown: Shown) -> None:
    """Says why there is nothing to show, and what to do about it."""
    with box("section", "db-card db-empty"):
        icon("team")
        if shown.teams:
            words("h2", f"There is no team “{shown.asked_for}”")
            words("p", "Choose one of the teams above.")
        else:
            words("h2", "No team has been imported yet")
            words("p", "Import a team's day; this page shows it as soon as it is there:")
            words("code", IMPORT)
            words("p", "Or watch a simulated day:")
            words("code", DEMO)
            button("Look again").on("click", js_handler="() => location.reload()")
            ui.timer(LOOK_AGAIN_S, lambda: ui.navigate.reload(), once=True)
