"""What axe finds wrong with a page as it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
BROKEN = "async () => (await axe.run()).violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`)"


async def violations(page: Page) -> list[str]:
    """Each rule of accessibility that the page breaks, with where. Skips the test where the rules are not installed."""
    if not AXE.exists():
        pytest.skip("the accessibility rules are not there: run `npm ci --ignore-scripts` in tests/browser")
    await page.evaluate(AXE.read_text())
    broken: list[str] = await page.evaluate(BROKEN)
    return broken
