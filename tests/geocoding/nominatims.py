"""A Nominatim on loopback that knows a few addresses of a made-up town; it counts what it is asked and can be told to fail."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from urllib.parse import parse_qs

import uvicorn

from realtime.geocoding.settings import GeocodingSettings

Told = dict[str, Any]
"""A place in an answer."""
Settled = Callable[..., GeocodingSettings]
"""Makes settings that name the twin."""


def told(lat: float, lon: float, of: str, kind: str, rank: int, half_m: float = 0, **address: str) -> Told:
    """A place as Nominatim tells it: numbers as text, a box around it."""
    half = half_m / 111_195
    return {
        "place_id": 1,
        "licence": "Data © OpenStreetMap contributors, ODbL 1.0. http://osm.org/copyright",
        "lat": f"{lat:.7f}",
        "lon": f"{lon:.7f}",
        "class": of,
        "type": kind,
        "place_rank": rank,
        "addresstype": kind,
        "importance": 0.1,
        "display_name": "somewhere",
        "address": address | {"country_code": "gb"},
        "boundingbox": [str(lat - half), str(lat + half), str(lon - half), str(lon + half)],
    }


HOUSE = told(52.0712, -1.4287, "place", "house", 30, 6, house_number="4", road="Mill Row")
CARE_HOME = told(52.0720, -1.4270, "amenity", "nursing_home", 30, 25, amenity="The Elms", road="Mill Row")
POST_BOX = told(52.0704, -1.4291, "amenity", "post_box", 30, 5, road="Mill Row")
BUILDING = told(52.0713, -1.4286, "building", "yes", 30, 8)
STREET = told(52.0700, -1.4300, "highway", "residential", 26, 200, road="Mill Row")
FAR_STREET = told(53.4000, -2.2000, "highway", "residential", 26, 150, road="Mill Row")
TOWN = told(52.0502, -1.4521, "place", "town", 18, 2500)
BUS_STOP = told(52.0705, -1.4290, "highway", "bus_stop", 30, 5, road="Mill Row")
WIDE_POSTCODE = told(52.0900, -1.4290, "place", "postcode", 21, 5500)
FAR_POSTCODE = told(52.2000, -1.4290, "place", "postcode", 21, 5500)
POSTCODE = told(52.0710, -1.4290, "place", "postcode", 21, 5500)


@dataclass
class Asked:
    """A question as it came."""

    query: dict[str, str]
    user_agent: str
    at_s: float


@dataclass
class NominatimTwin:
    """What it knows by question (`q` or `postalcode`), what it was asked, and what it is told to do wrong."""

    knows: dict[str, list[Told]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    refuses: list[int] = field(default_factory=list)
    """Statuses with which the next questions are answered."""
    says: bytes | None = None
    """Said in the place of any answer."""
    slow_s: float = 0.0
    url: str = ""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        query = {key: values[0] for key, values in parse_qs(scope["query_string"].decode()).items()}
        agent = dict(scope["headers"]).get(b"user-agent", b"").decode()
        self.asked.append(Asked(query, agent, monotonic()))
        await asyncio.sleep(self.slow_s)
        status = self.refuses.pop(0) if self.refuses else 200 if scope["path"] == "/nominatim/search" else 404
        answer = self.knows.get(query.get("q", query.get("postalcode", "")), [])[: int(query.get("limit", "10"))]
        body = self.says if self.says is not None else json.dumps(answer if status == 200 else {}).encode()
        headers = [(b"content-type", b"application/json; charset=utf-8")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@contextmanager
def serving(twin: NominatimTwin) -> Iterator[NominatimTwin]:
    """The twin, listening on loopback for as long as this is open."""
    config = uvicorn.Config(twin, host="127.0.0.1", port=0, lifespan="off", log_config=None, ws="none")
    server = uvicorn.Server(config)
    socket = config.bind_socket()
    socket.listen()
    thread = threading.Thread(target=server.run, args=([socket],), daemon=True)
    twin.url = f"http://127.0.0.1:{socket.getsockname()[1]}/nominatim"
    thread.start()
    try:
        yield twin
    finally:
        server.should_exit = True
        thread.join()
        socket.close()
