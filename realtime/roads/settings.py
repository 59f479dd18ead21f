"""What can be set about roads. Validated when made; read from the environment in `dutyboard.settings` alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from domain.errors import BadSetting


@dataclass(frozen=True, slots=True)
class RoadsSettings:
    """Each field is the setting `DUTYBOARD_<NAME>`."""

    roads_from: Literal["estimate", "extract", "osrm", "valhalla"] = "estimate"
    """Who says how long journeys take: the straight line, an extract of OpenStreetMap on this machine, or a server."""
    roads_extract: Path | None = None
    """The extract (`.osm.pbf`); prepared once for each kind of transport, beside our own stores."""
    roads_url: str | None = field(default=None, repr=False, metadata={"secret": True})
    """The OSRM or Valhalla server; `{transport}` in it stands for `car`, `bike` or `foot`. Without it an OSRM is for cars."""
    roads_table_points: int = 50
    """The most origins, and the most destinations, in one question to a server; both kinds allow 50 unless told otherwise."""
    roads_timeout_s: float = 10.0
    """How long a server may take to answer one question; it is asked three times."""
    roads_kept_days: int = 90
    """How long what a server said is remembered in the database, before it is asked again."""
    roads_rush_hour: bool = True
    """Journeys take longer when everybody drives; the times that a day brought along are taken as they are."""

    def __post_init__(self) -> None:
        for name in ("roads_table_points", "roads_timeout_s", "roads_kept_days"):
            if getattr(self, name) <= 0:
                raise BadSetting(f"DUTYBOARD_{name.upper()} must be above 0, not {getattr(self, name)}.")
        if self.roads_from == "extract" and self.roads_extract is None:
            raise BadSetting("DUTYBOARD_ROADS_FROM is extract: DUTYBOARD_ROADS_EXTRACT must say where it is.")
        if self.roads_from in ("osrm", "valhalla") and not _is_address(self.roads_url or ""):
            raise BadSetting(
                f"DUTYBOARD_ROADS_FROM is {self.roads_from}: DUTYBOARD_ROADS_URL must be its http(s) address."
            )


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
