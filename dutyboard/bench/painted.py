"""A board in a real browser: how old news is once it is painted."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

PAGE_WITHIN_MS = 30_000
WATCH = """
(() => {
  const painted = (window.paintedAges = []);
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      if (!String(given[0]).includes("/api/v1/feed")) return;
      this.addEventListener("message", (event) => {
        const head = /"accepted_ms":(\\d+)/.exec(event.data.slice(0, 300));
        if (!head || !event.data.startsWith('{"type":"diff"')) return;
        requestAnimationFrame(() => requestAnimationFrame(() => painted.push(Date.now() - Number(head[1]))));
      });
    }
  };
})();
"""
"""Notes each change's age when the second frame after it begins: by then the first, in which it is drawn, is on the screen."""


@dataclass(frozen=True, slots=True)
class Painted:
    """The age of each change when it was on the screen, and how the page's memory grew meanwhile."""

    ages_ms: list[float]
    grew_mb: float


def can_paint() -> bool:
    """Whether what drives a browser is installed."""
    return find_spec("playwright") is not None


def painted(chromium: str, address: str, seconds: float) -> Painted:
    """Look at a board for so many seconds."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--enable-precise-memory-info"])
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        page.add_init_script(WATCH)
        page.goto(address)
        page.locator("html[data-feed=live]").wait_for(state="attached", timeout=PAGE_WITHIN_MS)
        page.wait_for_timeout(2000)
        before = page.evaluate("() => { window.paintedAges.length = 0; return performance.memory.usedJSHeapSize }")
        page.wait_for_timeout(1000 * seconds)
        ages = page.evaluate("() => window.paintedAges")
        after = page.evaluate("() => performance.memory.usedJSHeapSize")
        browser.close()
    return Painted([float(age) for age in ages], (after - before) / 1e6)
