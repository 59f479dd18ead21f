"""The page about the solver says of each price what it is and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

from solver.params import Params

PAGE = Path(__file__).parents[2] / "docs" / "solver.md"


def explained() -> Mapping[str, tuple[str, str]]:
    """Each setting of the table with its default and the reason for it."""
    table = PAGE.read_text().split("### What the prices are, and why\n")[1].split("\n#")[0]
    rows = [row.strip("| ").split(" | ") for row in table.splitlines() if row.startswith("| `")]
    return {name.strip("`"): (default, why) for name, _, default, why in rows}


def said(price: object) -> str:
    """A price as people write it."""
    match price:
        case Mapping():
            return ", ".join(said(tier) for tier in price.values())
        case None:
            return "none"
        case bool():
            return "yes" if price else "no"
    return str(price).removesuffix(".0")


def test_each_price_is_explained_as_it_is() -> None:
    as_it_is = Params()
    told = {name: default for name, (default, _) in explained().items()}
    assert told == {it.name: said(getattr(as_it_is, it.name)) for it in fields(Params)}


def test_each_price_has_a_reason() -> None:
    assert all(len(why.split()) > 1 for _, why in explained().values())
