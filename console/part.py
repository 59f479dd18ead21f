"""A part of the board: a box on the page whose inside is drawn by a script of ours, without the server."""

from __future__ import annotations

from typing import Any

from nicegui.element import Element


class Part(Element, component="static/part.js"):
    """The script `/static/<name>.js` mounted in a box; it gets `options` once and its news from the feed."""

    def __init__(self, name: str, options: dict[str, Any] | None = None) -> None:
        super().__init__()
        self._props.update(name=name, options=options or {})
        self.classes(f"db-part-{name}")
