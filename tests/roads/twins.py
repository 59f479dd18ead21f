"""An OSRM and a Valhalla of a made-up land, on loopback: they speak as the real ones do, which the tests ask, too, where they
are installed, and can be told to fail.

The land has a street everywhere, straight north and east, between 42.40 and 42.70° north and 1.40 and 1.80° east; going north
is slower. East of 1.75° is an island.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

Spot = tuple[float, float]
"""Latitude and longitude."""
SOUTH, WEST, NORTH, EAST, ISLAND_EAST_OF = 42.40, 1.40, 42.70, 1.80, 1.75
DEGREE_NORTH_M, DEGREE_EAST_M = 111_100.0, 82_000.0
METRES_PER_S = {"car": 10.0, "auto": 10.0, "bike": 4.0, "bicycle": 4.0, "foot": 1.3, "pedestrian": 1.3}
LOCATED_AT_ONCE = 20


class Twin:
    """What a server was asked, and what it is told to do wrong."""

    def __init__(self, most_points: int = 100) -> None:
        self.most_points = most_points
        self.sizes: list[tuple[int, int]] = []
        """Origins and destinations of each table that was answered."""
        self.busy_times, self.drops_times = 0, 0
        self.says: bytes | None = None
        """Said in the place of any answer."""
        self.drips = False
        """Answers byte by byte, for a minute or so."""
        self.old_tongue = False
        """A Valhalla that tells its matrix pair by pair whatever it is asked for; an OSRM started with a radius of 500 m."""
        self.goes_on = threading.Event()
        self.goes_on.set()
        self.knocks = 0
        self.url = ""


def snapped_m(spot: Spot) -> float:
    """How far from a spot the nearest street is."""
    lat, lon = min(max(spot[0], SOUTH), NORTH), min(max(spot[1], WEST), EAST)
    return abs(spot[0] - lat) * DEGREE_NORTH_M + abs(spot[1] - lon) * DEGREE_EAST_M


def road(here: Spot, there: Spot, transport: str) -> tuple[float, float] | None:
    """Seconds and metres of the way, None where there is none."""
    if (here[1] > ISLAND_EAST_OF) != (there[1] > ISLAND_EAST_OF):
        return None
    metres = abs(here[0] - there[0]) * DEGREE_NORTH_M + abs(here[1] - there[1]) * DEGREE_EAST_M
    return metres / METRES_PER_S[transport] * (1.2 if there[0] > here[0] else 1.0), metres


def columns(origins: Sequence[Spot], destinations: Sequence[Spot], transport: str) -> tuple[Any, Any]:
    """Rows of seconds and rows of metres."""
    rows = [[road(here, there, transport) for there in destinations] for here in origins]
    return tuple([[way and round(way[of], 1) for way in row] for row in rows] for of in (0, 1))  # type: ignore[return-value]


class _Handler(BaseHTTPRequestHandler):
    twin: ClassVar[Twin]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self._serve(None)

    def do_POST(self) -> None:
        self._serve(json.loads(self.rfile.read(int(self.headers["content-length"]))))

    def _serve(self, body: Any) -> None:
        self.twin.knocks += 1
        self.twin.goes_on.wait(20)
        if self.twin.drops_times:
            self.twin.drops_times -= 1
            self.close_connection = True
            return
        if self.twin.busy_times:
            self.twin.busy_times -= 1
            self._send(503, b"<html>Service Unavailable</html>")
            return
        status, told = self._valhalla(body) if body is not None else self._osrm()
        self._send(status, self.twin.says or json.dumps(told).encode())

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        with suppress(ConnectionError):
            for first in range(0, len(body), size := 1 if self.twin.drips else len(body)):
                self.wfile.write(body[first : first + size])
                threading.Event().wait(0.05 if self.twin.drips else 0)

    def _osrm(self) -> tuple[int, Any]:
        asked = urlsplit(self.path)
        path = re.fullmatch(r"(?:/(car|bike|foot))?/table/v1/driving/([-\d.,;]+)", asked.path)
        if not path:
            return 400, {"message": 'URL string malformed close to position 1: "/"', "code": "InvalidUrl"}
        spots = [(float(lat), float(lon)) for lon, lat in (it.split(",") for it in path[2].split(";"))]
        options = parse_qs(asked.query.replace(";", ","))
        assert options["annotations"] == ["duration,distance"]
        origins, destinations = (
            [spots[int(number)] for number in options[of][0].split(",")] for of in ("sources", "destinations")
        )
        if len(origins) * len(destinations) > self.twin.most_points**2:
            return 400, {"message": "Too many table coordinates", "code": "TooBig"}
        off = [number for number, spot in enumerate(spots) if snapped_m(spot) > 500]
        if off and self.twin.old_tongue:
            return 400, {"message": f"Could not find a matching segment for coordinate {off[0]}", "code": "NoSegment"}
        self.twin.sizes.append((len(origins), len(destinations)))
        seconds, metres = columns(origins, destinations, path[1] or "car")
        ends = {
            of: [
                {"hint": "", "location": [lon, lat], "name": "", "distance": snapped_m((lat, lon))}
                for lat, lon in spots
            ]
            for of, spots in (("sources", origins), ("destinations", destinations))
        }
        return 200, {"code": "Ok", "durations": seconds, "distances": metres, **ends}

    def _valhalla(self, asked: Any) -> tuple[int, Any]:
        if self.path == "/locate":
            return self._located(asked["locations"])
        if self.path != "/sources_to_targets":
            return 404, {
                "error_code": 106,
                "error": "Try any of: '/locate' …",
                "status_code": 404,
                "status": "Not Found",
            }
        origins, destinations = (
            [(spot["lat"], spot["lon"]) for spot in asked[of] if spot["search_cutoff"] == 1000.0]
            for of in ("sources", "targets")
        )
        if len(origins) * len(destinations) > self.twin.most_points**2:
            return 400, {"error_code": 150, "error": "Exceeded max locations: 2500.000000", "status_code": 400}
        spots = [*origins, *destinations]
        if any(snapped_m(spot) > 1000 for spot in spots) or len({spot[1] > ISLAND_EAST_OF for spot in spots}) > 1:
            return 400, {"error_code": 170, "error": "Locations are in unconnected regions.", "status_code": 400}
        self.twin.sizes.append((len(origins), len(destinations)))
        seconds, metres = columns(origins, destinations, asked["costing"])
        km = [[None if it is None else round(it / 1000, 3) for it in row] for row in metres]
        if not self.twin.old_tongue:
            return 200, {"sources_to_targets": {"durations": seconds, "distances": km}, "units": "kilometers"}
        pairs = [
            [{"from_index": row, "to_index": column, "time": s, "distance": d} for column, (s, d) in enumerate(both)]
            for row, both in enumerate(
                zip(times, distances, strict=True) for times, distances in zip(seconds, km, strict=True)
            )
        ]
        return 200, {"sources_to_targets": pairs, "units": "kilometers"}

    def _located(self, locations: Any) -> tuple[int, Any]:
        if len(locations) > LOCATED_AT_ONCE:
            return 400, {"error_code": 150, "error": "Exceeded max locations: 20", "status_code": 400}
        found = [snapped_m((it["lat"], it["lon"])) <= it["search_cutoff"] for it in locations]
        return 200, [{"edges": [{"way_id": 1}] if there else [], "nodes": []} for there in found]


@contextmanager
def serving(twin: Twin) -> Iterator[Twin]:
    """The twin at `twin.url`."""
    handler = type("Handler", (_Handler,), {"twin": twin})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        twin.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield twin
        finally:
            twin.goes_on.set()
            server.shutdown()
            thread.join()
