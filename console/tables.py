"""Tables of the administrator's pages: plain HTML tables, which every screen reader knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Literal

from console.elements import box, icon, words


@contextmanager
def table(columns: Sequence[str], caption: str) -> Iterator[None]:
    """A table with this head; what is made inside it are its rows."""
    with box("div", "db-table-scroll", tabindex="0", role="region", aria_label=caption), box("table", "db-table"):
        words("caption", caption, "db-unseen")
        with box("thead"), box("tr"):
            for column in columns:
                words("th", column, scope="col") if column else box("td")
        with box("tbody"):
            yield


def badge(text: str, colour: Literal["amber", "red", "grey"]) -> None:
    words("span", text, f"db-badge db-badge-{colour}")


def empty(text: str) -> None:
    """Said where a table would have no rows."""
    with box("p", "db-nothing"):
        icon("done")
        words("span", text)
