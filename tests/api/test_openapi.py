"""The document tells every route, and every answer keeps to the document, whatever is sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from litestar.routes import HTTPRoute, WebSocketRoute
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from realtime.api import openapi
from realtime.api.app import Api, ApiParts, build_api
from realtime.feed.hub import FeedHub
from tests.api.callers import Nurse, client_of, started

KEPT_TO = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture
async def whole(parts: ApiParts) -> AsyncIterator[Api]:
    """The API with the feed."""
    async with FeedHub(parts.valkey, parts.pool, parts.clock, parts.settings) as hub:
        with_hub = ApiParts(parts.clock, parts.valkey, parts.pool, parts.settings, hub)
        async with started(build_api(with_hub)) as api:
            yield api


@pytest.fixture
async def document(whole: Api) -> dict[str, Any]:
    async with client_of(whole) as client:
        answer = await client.get(openapi.PATH)
    assert answer.headers["content-type"].startswith("application/vnd.oai.openapi+json")
    told: dict[str, Any] = answer.json()
    return told


async def test_every_route_is_told(whole: Api, document: dict[str, Any]) -> None:
    ours = [route for route in whole.litestar.routes if not route.path.startswith(openapi.PATH)]
    served = {
        (route.path, method.lower())
        for route in ours
        if isinstance(route, HTTPRoute)
        for method in route.methods
        if method != "OPTIONS"
    }
    told = {(path, method) for path, operations in document["paths"].items() for method in operations}
    assert told == served
    sockets = {route.path for route in ours if isinstance(route, WebSocketRoute)}
    assert sockets == {"/api/v1/phone", "/api/v1/feed"}
    assert all(path in document["info"]["description"] for path in sockets)


async def test_every_operation_says_what_it_is_for(document: dict[str, Any]) -> None:
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["summary"], path
            assert operation["tags"], path
            assert "500" in operation["responses"], path


async def test_the_bounds_that_are_checked_are_told(document: dict[str, Any]) -> None:
    shapes = document["components"]["schemas"]
    kinds = shapes["SentEvents"]["properties"]["events"]["items"]["discriminator"]["mapping"]
    assert len(kinds) == 11
    assert shapes["Position"]["properties"]["lat"] == {"type": "number", "minimum": -90, "maximum": 90}
    assert set(shapes["OwnTracksMessage"]["required"]) == {"_type", "tst"}


async def test_whatever_is_sent_is_answered_as_the_document_says(
    whole: Api, document: dict[str, Any], amy: Nurse
) -> None:
    loop = asyncio.get_running_loop()
    schema = schemathesis.openapi.from_dict(document)
    operations = [
        f
        for f in (found.ok() for found in schema.get_all_operations())
        if f.path not in ("/api/v1/board", "/api/v1/teams")
    ]
    cases = st.one_of(
        *(operation.as_strategy(generation_mode=mode) for operation in operations for mode in GenerationMode)
    )

    seen: set[int] = set()
    async with client_of(whole) as client:

        @settings(
            max_examples=600,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=cases)
        def knock(case: schemathesis.Case) -> None:
            if isinstance(case.body, dict) and "device_id" in case.body:
                case.body["device_id"] = amy.token
            answer = asyncio.run_coroutine_threadsafe(_sent(client, case, amy), loop).result(10)
            seen.add(answer.status_code)
            case.validate_response(answer, checks=KEPT_TO)

        await asyncio.to_thread(knock)
    assert {200, 202, 400, 401, 422} <= seen, "what was sent did not come far"


async def _sent(client: httpx.AsyncClient, case: schemathesis.Case, nurse: Nurse) -> httpx.Response:
    wanted = case.as_transport_kwargs(base_url="http://board", headers=nurse.headers)
    data = wanted.get("data")
    if isinstance(data, dict):
        wanted["content"] = httpx.QueryParams(data).__str__().encode()
    elif data is not None:
        wanted["content"] = data
    known = ("method", "url", "params", "headers", "json", "content")
    return await client.request(**{name: wanted[name] for name in known if wanted.get(name) is not None})
