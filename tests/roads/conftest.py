"""Servers of roads on loopback, and the real OSRM of Andorra where the extra `roads` is installed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest
from twins import Twin, serving


@pytest.fixture
def twin() -> Iterator[Twin]:
    with serving(Twin()) as running:
        yield running


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=2, trust_env=False) as opened:
        yield opened


@pytest.fixture(scope="session")
def andorra(published: Path) -> Path:
    """An extract of OpenStreetMap (ODbL, © OpenStreetMap contributors)."""
    extract = published / "osm" / "andorra.osm.pbf"
    if not find_spec("osrm"):
        pytest.skip("the extra `roads` is not installed (it needs Python 3.12)")
    if not extract.is_file():
        pytest.skip(f"no extract at {extract}")
    return extract


@pytest.fixture(scope="session")
def prepared_roads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where roads are prepared once for all tests."""
    return tmp_path_factory.mktemp("roads")
