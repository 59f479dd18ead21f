"""Phones with Traccar Client or OwnTracks tell where they are, in the messages of the apps' own documentation and tests."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from domain.events import Event, Heartbeat, Position, Site
from domain.ids import instant_of, is_uuid7
from tests.api.callers import EIGHT, Nurse, entries

ANDROID: dict[str, Any] = {
    "location": {
        "event": "motionchange",
        "is_moving": False,
        "uuid": "0e9a2473-a9a7-4c00-997b-fb97d2154e75",
        "timestamp": "2021-07-21T08:06:34.444Z",
        "odometer": 0,
        "coords": {
            "latitude": -6.1148096,
            "longitude": 106.6837015,
            "accuracy": 3.8,
            "speed": 18.67,
            "speed_accuracy": 0.26,
            "heading": 63,
            "heading_accuracy": 0.28,
            "altitude": 35.7,
            "altitude_accuracy": 3.8,
        },
        "activity": {"type": "still", "confidence": 100},
        "battery": {"is_charging": False, "level": 0.79},
        "extras": {},
    },
}
IPHONE: dict[str, Any] = {
    "location": {
        "extras": {},
        "mock": True,
        "coords": {
            "speed_accuracy": -1,
            "speed": -1,
            "longitude": -122.406417,
            "ellipsoidal_altitude": 0,
            "floor": None,
            "heading_accuracy": -1,
            "latitude": 37.785834000000001,
            "accuracy": 5,
            "altitude_accuracy": -1,
            "altitude": 0,
            "heading": -1,
        },
        "is_moving": False,
        "age": 188,
        "odometer": 0,
        "uuid": "2FB04C65-99CF-42AB-8DD3-EBCB4B108BF8",
        "event": "motionchange",
        "battery": {"level": -1, "is_charging": False},
        "activity": {"type": "unknown", "confidence": 100},
        "timestamp": "2025-05-09T04:11:30.579Z",
    },
}


async def told(valkey: Redis, nurse: Nurse) -> list[Event]:
    return [event for entry in await entries(valkey, nurse.nurse_id) for event in entry.events]


async def test_traccar_on_android_tells_a_place(http: httpx.AsyncClient, amy: Nurse, valkey: Redis) -> None:
    answer = await http.post("/ingest/traccar", json=ANDROID | {"device_id": amy.token})
    assert answer.status_code == 200
    (event,) = await told(valkey, amy)
    assert event == Position(
        id=event.id,
        at=datetime(2021, 7, 21, 8, 6, 34, 444000, UTC),
        lat=-6.1148096,
        lon=106.6837015,
        accuracy_m=3.8,
        speed_mps=18.67,
        heading_deg=63,
        altitude_m=35.7,
        battery_pct=79,
        moving=False,
    )
    assert is_uuid7(event.id)
    assert instant_of(event.id) == event.at
    (entry,) = await entries(valkey, amy.nurse_id)
    assert (entry.protocol, entry.received_at, entry.sent_at) == ("traccar", EIGHT, None)


async def test_what_an_iphone_marks_as_unknown_is_unknown(http: httpx.AsyncClient, amy: Nurse, valkey: Redis) -> None:
    await http.post("/ingest/traccar", json=IPHONE | {"device_id": amy.token})
    (event,) = await told(valkey, amy)
    assert isinstance(event, Position)
    assert (event.speed_mps, event.heading_deg, event.battery_pct, event.altitude_m) == (None, None, None, 0)


async def test_the_same_fix_sent_again_has_the_same_id_and_another_has_its_own(
    http: httpx.AsyncClient, amy: Nurse, valkey: Redis
) -> None:
    other = {"location": ANDROID["location"] | {"is_moving": True}}
    for message in (ANDROID, ANDROID, other):
        await http.post("/ingest/traccar", json=message | {"device_id": amy.token})
    first, again, moved = await told(valkey, amy)
    assert first.id == again.id != moved.id


async def test_an_accuracy_of_nothing_is_unknown_and_not_perfect(
    http: httpx.AsyncClient, amy: Nurse, valkey: Redis
) -> None:
    coords = ANDROID["location"]["coords"] | {"accuracy": 0}
    await http.post(
        "/ingest/traccar", json={"location": ANDROID["location"] | {"coords": coords}, "device_id": amy.token}
    )
    (event,) = await told(valkey, amy)
    assert isinstance(event, Position)
    assert event.accuracy_m is None


@pytest.mark.parametrize(
    "change",
    [{"coords": None}, {"coords": ANDROID["location"]["coords"] | {"accuracy": -1}}],
    ids=["no coordinates", "coordinates it does not vouch for"],
)
async def test_a_phone_without_a_place_is_heard(
    http: httpx.AsyncClient, amy: Nurse, valkey: Redis, change: dict[str, Any]
) -> None:
    message = {"location": ANDROID["location"] | change, "device_id": amy.token}
    assert (await http.post("/ingest/traccar", json=message)).status_code == 200
    (event,) = await told(valkey, amy)
    assert isinstance(event, Heartbeat)
    assert (event.battery_pct, event.charging) == (79, False)


@pytest.mark.parametrize(
    ("query", "at"),
    [
        (
            "timestamp=2016-01-27T18%3A55%3A47Z&lat=42.06288&lon=-88.23412",
            datetime(2016, 1, 27, 18, 55, 47, tzinfo=UTC),
        ),
        ("timestamp=1442068686579&lat=42.06288&lon=-88.23412", datetime(2015, 9, 12, 14, 38, 6, 579000, UTC)),
        ("timestamp=2014-06-04+09%3A10%3A11&lat=42.06288&lon=-88.23412", datetime(2014, 6, 4, 9, 10, 11, tzinfo=UTC)),
        ("timestamp=1377177267&location=42.06288,-88.23412", datetime(2013, 8, 22, 13, 14, 27, tzinfo=UTC)),
        ("lat=42.06288&lon=-88.23412&rpm=933&cell=257,02,16,2224&cell=257,02,16,2223,-90", EIGHT),
    ],
)
@pytest.mark.parametrize("way", ["get", "post", "form"])
async def test_traccars_parameters_tell_a_place(
    http: httpx.AsyncClient, amy: Nurse, valkey: Redis, way: str, query: str, at: datetime
) -> None:
    said = f"id={amy.token}&{query}&hdop=6.0&altitude=224.0&speed=10&bearing=7.19&accuracy=12&batt=87.0"
    match way:
        case "get":
            answer = await http.get(f"/ingest/traccar?{said}")
        case "post":
            answer = await http.post(f"/ingest/traccar?{said}")
        case _:
            form = {"content-type": "application/x-www-form-urlencoded"}
            answer = await http.post("/ingest/traccar", content=said, headers=form)
    assert answer.status_code == 200
    (event,) = await told(valkey, amy)
    assert event == Position(
        id=event.id,
        at=at,
        lat=42.06288,
        lon=-88.23412,
        accuracy_m=12,
        speed_mps=pytest.approx(5.14444, abs=1e-5),
        heading_deg=7.19,
        altitude_m=224,
        battery_pct=87,
    )


async def test_a_fix_that_traccar_calls_invalid_is_no_place(http: httpx.AsyncClient, amy: Nurse, valkey: Redis) -> None:
    query = {"deviceid": amy.token, "valid": "false", "lat": 60, "lon": 30, "timestamp": 1377177267, "charge": "true"}
    assert (await http.get("/ingest/traccar", params=query)).status_code == 200
    (event,) = await told(valkey, amy)
    assert isinstance(event, Heartbeat)
    assert (event.charging, event.place) == (True, Site(lat=60, lon=30))


@pytest.mark.parametrize(
    ("query", "status", "word"),
    [
        ("lat=91&lon=0", 422, "`lat`"),
        ("lat=x&lon=0", 422, "`lat`"),
        ("lat=nan&lon=0", 422, "`lat`"),
        ("location=here", 422, "`location`"),
        ("lat=1&lon=1&timestamp=yesterday", 422, "`timestamp`"),
        ("lat=1&lon=1&timestamp=1e300", 422, "`timestamp`"),
        ("lat=1&lon=1&timestamp=9999-12-31T23:59:59-12:00", 422, "`timestamp`"),
        ("&".join(["a=b"] * 300), 400, "parameters"),
    ],
)
async def test_parameters_that_tell_nothing_are_answered_with_what_is_wrong(
    http: httpx.AsyncClient, amy: Nurse, query: str, status: int, word: str
) -> None:
    answer = await http.get(f"/ingest/traccar?id={amy.token}&{query}")
    assert answer.status_code == status
    assert word in answer.text


@pytest.mark.parametrize("message", [b"{", b'{"location":{}}', b'{"device_id":7}', b"{" + b'"a":[' * 50_000])
async def test_a_broken_traccar_message_is_a_problem(http: httpx.AsyncClient, message: bytes) -> None:
    assert (await http.post("/ingest/traccar", content=message)).status_code in (400, 422)


async def test_trackers_without_a_known_token_are_refused(http: httpx.AsyncClient, amy: Nurse) -> None:
    assert (await http.post("/ingest/traccar", json=ANDROID | {"device_id": "48241179"})).status_code == 401
    assert (await http.get("/ingest/traccar?timestamp=1377177267&lat=60.0&lon=30.0")).status_code == 401
    assert (await http.post("/ingest/owntracks", json={}, auth=("amy", "wrong"))).status_code == 401
    assert (await http.post("/ingest/owntracks", json={})).status_code == 401


LOCATION: dict[str, Any] = {
    "cog": 271,
    "lon": 2.29513,
    "acc": 5,
    "vel": 61,
    "vac": 21,
    "lat": 48.85833,
    "tst": 1497349316,
    "alt": 167,
    "_type": "location",
    "tid": "JJ",
    "t": "u",
    "batt": 67,
}


async def own_tracks(http: httpx.AsyncClient, nurse: Nurse, message: dict[str, Any]) -> httpx.Response:
    return await http.post("/ingest/owntracks", json=message, auth=("anything", nurse.token))


async def test_owntracks_tells_a_place(http: httpx.AsyncClient, amy: Nurse, valkey: Redis) -> None:
    answer = await own_tracks(http, amy, LOCATION)
    assert (answer.status_code, answer.json()) == (200, [])
    (event,) = await told(valkey, amy)
    assert event == Position(
        id=event.id,
        at=datetime(2017, 6, 13, 10, 21, 56, tzinfo=UTC),
        lat=48.85833,
        lon=2.29513,
        accuracy_m=5,
        speed_mps=pytest.approx(16.9444, abs=1e-4),
        heading_deg=271,
        altitude_m=167,
        battery_pct=67,
    )


@pytest.mark.parametrize(
    "message",
    [
        {"_type": "location", "lat": 48.85, "lon": 2.295, "tid": "JJ", "tst": 1497476456},
        {
            "_type": "location",
            "topic": "owntracks/qtripp/865284041968706",
            "lat": 47.420051,
            "lon": 13.654704,
            "vel": 0,
            "cog": 113,
            "tst": 1736519167,
            "mcc": 232,
            "lac": "4F4D",
            "acc": 10,
            "alt": 1113,
            "t": "I",
        },
        {
            "_type": "transition",
            "wtst": 1425042603,
            "lat": 12.34,
            "lon": 44.5,
            "tst": 1427634603,
            "acc": 130,
            "tid": "JP",
            "event": "enter",
            "desc": "my Indian restaurant",
            "t": "b",
        },
    ],
    ids=["least", "vehicle", "transition"],
)
async def test_other_messages_of_owntracks_that_tell_a_place(
    http: httpx.AsyncClient, amy: Nurse, valkey: Redis, message: dict[str, Any]
) -> None:
    assert (await own_tracks(http, amy, message)).status_code == 200
    (event,) = await told(valkey, amy)
    assert isinstance(event, Position)
    assert (event.lat, event.lon, event.at.timestamp()) == (message["lat"], message["lon"], message["tst"])


async def test_an_owntracks_ping_repeats_an_old_place_and_so_is_only_a_sign_of_life(
    http: httpx.AsyncClient, amy: Nurse, valkey: Redis
) -> None:
    await own_tracks(http, amy, LOCATION | {"t": "p", "bs": 2})
    (event,) = await told(valkey, amy)
    assert isinstance(event, Heartbeat)
    assert (event.charging, event.battery_pct) == (True, 67)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \n",
        b'{"_type":"lwt","tst":1380738247}',
        b'{"_type":"waypoint","desc":"Home","tst":1380738247,"lat":1,"lon":2,"rad":50}',
        b'{"_type":"card","name":"Jane"}',
        b'{"_type":"status","android":{"wifi":1}}',
    ],
)
async def test_what_tells_no_place_is_answered_and_left(
    http: httpx.AsyncClient, amy: Nurse, valkey: Redis, content: bytes
) -> None:
    answer = await http.post("/ingest/owntracks", content=content, auth=("amy", amy.token))
    assert (answer.status_code, answer.json()) == (200, [])
    assert await told(valkey, amy) == []


@pytest.mark.parametrize(
    ("content", "status", "word"),
    [
        (b"{", 400, "JSON"),
        (b"\xff", 400, "UTF-8"),
        (b"[]", 422, "object"),
        (b"{}", 422, "_type"),
        (b'{"_type":"location","lat":1,"lon":2}', 422, "tst"),
        (b'{"_type":"location","lat":1,"lon":200,"tst":1}', 422, "lon"),
        (b'{"_type":"location","lat":1,"lon":2,"tst":1e300}', 422, "tst"),
        (b'{"_type":"encrypted","data":"3q2+7w=="}', 422, "encrypted"),
    ],
)
async def test_a_broken_owntracks_message_is_a_problem(
    http: httpx.AsyncClient, amy: Nurse, content: bytes, status: int, word: str
) -> None:
    answer = await http.post("/ingest/owntracks", content=content, auth=("amy", amy.token))
    assert answer.status_code == status
    assert word in answer.text


async def test_the_token_may_be_the_password_at_our_own_door_too(http: httpx.AsyncClient, amy: Nurse) -> None:
    basic = base64.b64encode(f"amy:{amy.token}".encode()).decode()
    answer = await http.post("/api/v1/events", content=b'{"events":[]}', headers={"authorization": f"Basic {basic}"})
    assert answer.status_code == 202
