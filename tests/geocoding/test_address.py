"""What is read from an address as people write it."""

from __future__ import annotations

import pytest

from domain.errors import NotPlaced
from realtime.geocoding.address import address_of, normalised, uk_postcodes


@pytest.mark.parametrize(
    ("text", "postcodes"),
    [
        ("4 Mill Row, Ashbourne, DE6 1AB", ["DE6 1AB"]),
        ("4 mill row ashbourne de61ab", ["DE6 1AB"]),
        ("Flat 2, 10 Downing Street, London  SW1A\u00a02AA", ["SW1A 2AA"]),
        ("Girobank, GIR 0AA", ["GIR 0AA"]),
        ("Room M1, Ward 1AA, Bath", []),
        ("12 High Street, Leeds LS1 4", []),
        ("DE6 1AB and DE6 1AD", ["DE6 1AB", "DE6 1AD"]),
        ("DE6 1CI", []),
    ],
)
def test_postcodes_are_seen_in_the_midst_of_an_address(text: str, postcodes: list[str]) -> None:
    assert uk_postcodes(text) == postcodes


def test_a_postcode_alone_is_no_line_of_an_address() -> None:
    assert (address_of(" de6 1ab ").text, address_of("DE6 1AB").postcode) == ("", "DE6 1AB")
    assert address_of(None, "de61ab").postcode == "DE6 1AB"


def test_all_of_an_address_says_the_postcode_once() -> None:
    assert address_of("4 Mill Row, DE6 1AB", "DE6 1AB").whole == "4 Mill Row, DE6 1AB"
    assert address_of("4 Mill Row", "DE6 1AB").whole == "4 Mill Row, DE6 1AB"
    assert address_of("Via Appia 1", "00184").whole == "Via Appia 1, 00184", "other countries' are kept as they are"


@pytest.mark.parametrize(
    ("text", "postcode", "problem"),
    [
        (None, "  ", "neither an address nor a postcode"),
        ("4 Mill Row, DE6 1AB", "DE6 1AD", "two postcodes that differ"),
        ("4 Mill Row, DE6 1AB, was DE6 1AD", None, "two postcodes that differ"),
    ],
)
def test_what_cannot_be_one_address_is_refused(text: str | None, postcode: str | None, problem: str) -> None:
    with pytest.raises(NotPlaced, match=problem):
        address_of(text, postcode)


def test_the_same_address_is_the_same_however_it_is_typed() -> None:
    typed = ["4 Mill Row, Ashbourne, DE6 1AB", "4 mill row ashbourne  de6 1ab.", "4 MILL ROW;ASHBOURNE,DE6\u00a01AB"]
    assert len({normalised(address_of(text).whole) for text in typed}) == 1


def test_an_address_shown_for_debugging_shows_nothing() -> None:
    assert "Mill" not in repr(address_of("4 Mill Row, DE6 1AB"))
    assert "DE6" not in repr(address_of("4 Mill Row, DE6 1AB"))
