"""What can be set about the console. Validated when made; read from the environment in `dutyboard.settings` alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from domain.errors import BadSetting


@dataclass(frozen=True, slots=True)
class ConsoleSettings:
    """Each field is the setting `DUTYBOARD_<NAME>`."""

    map_tile_url: str | None = None
    """Where map tiles come from, with `{z}`, `{x}` and `{y}` in it; without it the bundled schematic map is drawn."""
    map_pmtiles: Path | None = None
    """A map of your area in one file, in the PMTiles format with Protomaps' layers; used where no tile server is set."""
    map_attribution: str = ""
    """Whom the map thanks for the tiles; most tile servers ask for it."""
    stale_after_s: int = 300
    """A position or a phone older than this, in the clock's time, is drawn as old, with its age."""
    unknown_after_s: int = 600
    """A position older than this is no position any more: where the nurse is, is unknown."""

    def __post_init__(self) -> None:
        if not 0 < self.stale_after_s < self.unknown_after_s:
            raise BadSetting(
                "DUTYBOARD_STALE_AFTER_S must be above 0 and below DUTYBOARD_UNKNOWN_AFTER_S, "
                f"not {self.stale_after_s} and {self.unknown_after_s}."
            )
        if self.map_tile_url and not _is_tile_url(self.map_tile_url):
            raise BadSetting(
                "DUTYBOARD_MAP_TILE_URL must look like https://tiles.example.org/{z}/{x}/{y}.png, "
                f"not {self.map_tile_url!r}."
            )
        if self.map_pmtiles and not _is_pmtiles(self.map_pmtiles):
            raise BadSetting(f"DUTYBOARD_MAP_PMTILES names {self.map_pmtiles}, which is no file in the PMTiles format.")

    @property
    def tile_origin(self) -> str | None:
        """The one address besides our own that a browser may ask for pictures."""
        if not self.map_tile_url or self.map_tile_url.startswith("/"):
            return None
        parts = urlsplit(self.map_tile_url.replace("{s}", "*"))
        return f"{parts.scheme}://{parts.netloc}"


def _is_tile_url(url: str) -> bool:
    named = all(f"{{{axis}}}" in url for axis in "zxy")
    here = url.startswith(("http://", "https://", "/"))
    return named and here and not any(mark in url for mark in " ;,'\"")


def _is_pmtiles(path: Path) -> bool:
    """Whether the file begins as the format (version 3) says."""
    try:
        with path.open("rb") as file:
            return file.read(8) == b"PMTiles\x03"
    except OSError:
        return False
