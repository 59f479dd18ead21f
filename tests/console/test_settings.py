"""What the console can be told, and what it refuses to be told."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.settings import ConsoleSettings
from domain.errors import BadSetting
from tests.console.map_files import smallest


def test_without_a_tile_server_the_browser_may_ask_nobody_else() -> None:
    assert ConsoleSettings().tile_origin is None
    assert ConsoleSettings(map_tile_url="/tiles/{z}/{x}/{y}.png").tile_origin is None


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://tiles.example.org/{z}/{x}/{y}.png?key=1", "https://tiles.example.org"),
        ("https://{s}.tiles.example.org/{z}/{x}/{y}.png", "https://*.tiles.example.org"),
        ("http://10.0.0.5:8000/{z}/{x}/{y}", "http://10.0.0.5:8000"),
    ],
)
def test_with_a_tile_server_it_may_ask_that_one(url: str, origin: str) -> None:
    assert ConsoleSettings(map_tile_url=url).tile_origin == origin


@pytest.mark.parametrize(
    "url",
    [
        "https://tiles.example.org/tiles.png",
        "ftp://tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}/{y}.png; script-src *",
    ],
)
def test_an_address_that_is_no_tile_server_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(BadSetting, match="must look like https://tiles"):
        ConsoleSettings(map_tile_url=url)


@pytest.mark.parametrize(("stale", "unknown"), [(0, 600), (600, 600), (700, 600)])
def test_a_position_is_old_before_it_is_unknown(stale: int, unknown: int) -> None:
    with pytest.raises(BadSetting, match="STALE_AFTER_S"):
        ConsoleSettings(stale_after_s=stale, unknown_after_s=unknown)


def test_a_map_file_is_looked_at_before_it_is_served(tmp_path: Path) -> None:
    path = tmp_path / "area.pmtiles"
    with pytest.raises(BadSetting, match="no file in the PMTiles format"):
        ConsoleSettings(map_pmtiles=path)
    path.write_bytes(smallest())
    assert ConsoleSettings(map_pmtiles=path).map_pmtiles == path
