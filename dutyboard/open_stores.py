"""The stores a command works on: servers named in the settings, else our own, running already or started for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dutyboard.embedded import EmbeddedStores, StoreUrls, attach_or_start
from dutyboard.settings import Settings

Revive = Callable[[], list[str]]
"""Starts again whichever of our own servers has died; their names."""


@contextmanager
def opened(settings: Settings) -> Iterator[StoreUrls]:
    """The stores, for as long as this is open; what runs already stays when it is left."""
    if settings.database_url and settings.redis_url:
        yield StoreUrls(settings.database_url, settings.redis_url)
        return
    with attach_or_start(settings.home, settings.appendfsync) as own:
        yield _with(settings, own)


@contextmanager
def kept(settings: Settings) -> Iterator[tuple[StoreUrls, Revive]]:
    """The stores, for the one process that keeps them running. Raises Conflict where another one does."""
    if settings.database_url and settings.redis_url:
        yield StoreUrls(settings.database_url, settings.redis_url), list
        return
    with EmbeddedStores(settings.home, settings.appendfsync) as own:
        yield _with(settings, own.urls), own.revive


def _with(settings: Settings, own: StoreUrls) -> StoreUrls:
    return StoreUrls(settings.database_url or own.database_url, settings.redis_url or own.redis_url)
