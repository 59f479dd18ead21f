"""The document that describes every HTTP route, at `/api/openapi.json`.

The framework finds the routes; the shapes come from the types themselves, with every bound they check.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import msgspec
from litestar import Request
from litestar.openapi import OpenAPIConfig, ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import (
    Components,
    OpenAPIMediaType,
    Operation,
    Parameter,
    Reference,
    RequestBody,
    Schema,
    SecurityScheme,
)

from domain.events import WIRE_VERSION
from realtime.api.problems import MEDIA_TYPE, Problem

PATH = "/api/openapi.json"
DEVICE_TOKEN: Sequence[dict[str, list[str]]] = [{"device_token": []}, {"device_token_basic": []}]
_REF = "#/components/schemas/{name}"
_ABOUT = """What phones, tracker apps and whoever runs the server may ask of Dutyboard.

Besides what is listed here there are two websockets. `/api/v1/phone` takes events as `POST /api/v1/events` does, without a
request for each. `/api/v1/feed?team=` tells a screen how a team's day stands, and then every change of it."""

_PROBLEMS = {
    400: "The request cannot be read",
    401: "The token is missing, unknown or revoked",
    403: "Whoever asks may not",
    404: "There is no such thing",
    409: "Somebody else was first, or it is no longer so",
    413: "More than is taken in one request",
    422: "It is understood and cannot be taken",
    503: "Not durable: send it again after the seconds in Retry-After",
}


def problems(*statuses: int) -> dict[int, ResponseSpec]:
    """The problems that a route may answer; a fault of ours may come from each."""
    told = {status: _PROBLEMS[status] for status in statuses} | {500: "A fault of the server"}
    return {
        status: ResponseSpec(Problem, description=text, media_type=MEDIA_TYPE, generate_examples=False)
        for status, text in told.items()
    }


def reads_json(
    shape: type[msgspec.Struct], form: type[msgspec.Struct] | None = None, *, required: bool = True
) -> type[Operation]:
    """An operation whose handler reads the body itself, described as JSON of this shape or else as this form."""
    kinds = {"application/json": shape} | ({"application/x-www-form-urlencoded": form} if form else {})
    content = {
        media_type: OpenAPIMediaType(schema=Reference(ref=_REF.format(name=kind.__name__)))
        for media_type, kind in kinds.items()
    }

    @dataclass
    class ReadsJson(Operation):
        def __post_init__(self) -> None:
            self.request_body = RequestBody(content=content, required=required)

    return ReadsJson


def reads_query(shape: type[msgspec.Struct]) -> type[Operation]:
    """An operation whose handler reads the query itself, described by the fields of this shape."""
    fields = msgspec.json.schema_components([shape])[1][shape.__name__]["properties"]
    parameters = [
        Parameter(name=name, param_in="query", required=False, schema=Schema(type=_json_type(schema)))
        for name, schema in fields.items()
    ]

    @dataclass
    class ReadsQuery(Operation):
        def __post_init__(self) -> None:
            self.parameters = [*(self.parameters or []), *parameters]

    return ReadsQuery


def openapi_config(shapes: Sequence[type[msgspec.Struct]]) -> OpenAPIConfig:
    """What the framework needs to write the document with these shapes in it."""
    return OpenAPIConfig(
        title="Dutyboard",
        version=f"{WIRE_VERSION}.0",
        description=_ABOUT,
        path=PATH,
        render_plugins=[_ExactShapes(shapes)],
        components=Components(
            security_schemes={
                "device_token": SecurityScheme(type="http", scheme="bearer", description="The phone's token"),
                "device_token_basic": SecurityScheme(
                    type="http", scheme="basic", description="Any name, and the phone's token as the password"
                ),
            }
        ),
    )


class _ExactShapes(JsonRenderPlugin):
    """Renders the document with msgspec's own schemas, which know every bound, in place of the framework's."""

    def __init__(self, shapes: Sequence[type[msgspec.Struct]]) -> None:
        super().__init__(path=["/", "/openapi.json"])
        self._shapes = msgspec.json.schema_components(shapes, ref_template=_REF)[1]

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        components = cast(dict[str, Any], openapi_schema.setdefault("components", {}))
        components["schemas"] = components.get("schemas", {}) | self._shapes
        return super().render(request, openapi_schema)


def _json_type(schema: dict[str, Any]) -> Any:
    kinds = [kind.get("type") for kind in schema.get("anyOf", [schema])]
    return next(kind for kind in kinds if kind != "null")
