"""The desk's page shows how each of its routes is called, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from realtime.api.desk_routes import DESK_ROUTES

PAGE = Path(__file__).parents[2] / "docs" / "desk.md"


def test_every_route_has_its_example() -> None:
    shown = set(re.findall(r"^(GET|POST) +(/api/v1/[a-z/-]+)", PAGE.read_text(), re.MULTILINE))
    served = {(method, path) for route in DESK_ROUTES for path in route.paths for method in route.http_methods}
    assert shown == {(str(getattr(method, "value", method)), path) for method, path in served}
