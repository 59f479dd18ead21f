"""For whoever runs the server: is it alive, can it work, what has it counted."""

from __future__ import annotations

from http import HTTPStatus
from typing import Literal

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency as Given
from litestar.openapi import ResponseSpec
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from redis.asyncio import Redis

from db.pool import Pool
from realtime.api.gauges import standing
from realtime.api.openapi import problems
from realtime.api.readiness import Readiness, readiness
from realtime.settings import RealtimeSettings


class Health(msgspec.Struct, frozen=True):
    """The process runs and answers; whether it can work is asked of `/ready`."""

    status: Literal["alive"] = "alive"


@get(
    "/health",
    operation_id="getHealth",
    summary="Is the process alive?",
    response_description="It is.",
    responses=problems(),
    tags=["operation"],
)
async def get_health() -> Health:
    return Health()


@get(
    "/ready",
    operation_id="getReady",
    summary="Can the server work?",
    response_description="It can; warnings are told.",
    responses=problems() | {503: ResponseSpec(Readiness, description="It cannot; each check says why.")},
    tags=["operation"],
)
async def get_ready(pool: Given[Pool], valkey: Given[Redis]) -> Response[Readiness]:
    found = await readiness(pool, valkey)
    return Response(found, status_code=HTTPStatus.OK if found.ready else HTTPStatus.SERVICE_UNAVAILABLE)


@get(
    "/metrics",
    media_type=CONTENT_TYPE_LATEST,
    operation_id="getMetrics",
    summary="What was counted, for Prometheus",
    response_description="The text format of Prometheus.",
    responses=problems(),
    tags=["operation"],
)
async def get_metrics(pool: Given[Pool], valkey: Given[Redis], settings: Given[RealtimeSettings]) -> bytes:
    now = CollectorRegistry()
    now.register(await standing(valkey, pool, settings.partitions))
    return generate_latest(counted()) + generate_latest(now)


def counted() -> CollectorRegistry:
    """What all processes of this server counted, where they share a folder for it, else what this one did."""
    shared = CollectorRegistry()
    try:
        MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    except ValueError:  # no such folder is set: its own name for saying so
        return REGISTRY
    return shared


HEALTH_ROUTES = [get_health, get_ready, get_metrics]
