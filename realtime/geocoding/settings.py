"""What can be set about geocoding. Validated when made; read from the environment in `dutyboard.settings` alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from domain.errors import BadSetting

ANYWHERE = "any"


@dataclass(frozen=True, slots=True)
class GeocodingSettings:
    """Each field is the setting `DUTYBOARD_<NAME>`."""

    geocoder_url: str | None = field(default=None, repr=False, metadata={"secret": True})
    """A server that speaks as Nominatim does, for addresses without coordinates; without it nobody outside is asked."""
    geocoder_sends: Literal["postcode", "address"] = "postcode"
    """What the server is told: the postcode alone, or the whole address, without which it cannot find the house."""
    geocoder_user_agent: str = "dutyboard"
    """By what name we ask; a public server wants one that leads to you, as a mail address."""
    geocoder_countries: str = "gb"
    """Where addresses are: country codes of two letters with commas between them, or `any`."""
    geocoder_pause_s: float = 1.0
    """The least time between two questions to the server; public servers allow one a second."""
    geocoder_timeout_s: float = 10.0
    """How long the server may take to answer one question; it is asked three times."""
    geocoder_kept_days: int = 180
    """How long a place that the server found is remembered, before it is asked again."""
    geocoder_failures_kept_days: int = 7
    """How long an address that the server could not place is remembered as such."""
    geocoder_farthest_km: float = 150.0
    """A place farther from the team's base is questioned, not taken."""

    def __post_init__(self) -> None:
        if self.geocoder_url is not None:
            parts = urlsplit(self.geocoder_url)
            if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
                raise BadSetting("DUTYBOARD_GEOCODER_URL must be an http(s) address without `?` and `#`.")
        above_zero = ("timeout_s", "kept_days", "failures_kept_days", "farthest_km")
        for name in (f"geocoder_{name}" for name in above_zero):
            if getattr(self, name) <= 0:
                raise BadSetting(f"DUTYBOARD_{name.upper()} must be above 0, not {getattr(self, name)}.")
        if self.geocoder_pause_s < 0:
            raise BadSetting(f"DUTYBOARD_GEOCODER_PAUSE_S must not be below 0, as {self.geocoder_pause_s} is.")
        if self.geocoder_countries != ANYWHERE and not re.fullmatch(r"[a-z]{2}(,[a-z]{2})*", self.geocoder_countries):
            raise BadSetting(
                f"DUTYBOARD_GEOCODER_COUNTRIES must be codes as gb,ie or any, not {self.geocoder_countries!r}."
            )

    @property
    def countries(self) -> list[str]:
        """The country codes, none for anywhere."""
        return [] if self.geocoder_countries == ANYWHERE else self.geocoder_countries.split(",")
