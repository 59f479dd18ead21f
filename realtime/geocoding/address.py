"""An address as it was written, and the postcode in it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from domain.errors import NotPlaced

POSTCODE = re.compile(r"\b(GIR ?0AA|[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][ABD-HJLNP-UW-Z]{2})\b")
"""A UK postcode in capitals (BS 7666: the last two letters are never C, I, K, M, O or V)."""


@dataclass(frozen=True, slots=True)
class Address:
    """Make one with `address_of`. Whoever shows it as it is for debugging sees nothing of it."""

    text: str = field(repr=False)
    """The lines as they were written, without a postcode that stands alone; may be empty."""
    postcode: str | None = field(repr=False)
    """A UK postcode as it is printed (`SW1A 1AA`), or another country's as it was written."""

    @property
    def whole(self) -> str:
        """All of it in one line."""
        if not self.postcode or self.postcode in uk_postcodes(self.text):
            return self.text or self.postcode or ""
        return f"{self.text}, {self.postcode}" if self.text else self.postcode


def address_of(text: str | None, postcode: str | None = None) -> Address:
    """The address in these words, its postcode read from them where it does not stand apart.

    Raises NotPlaced where there is nothing in them, or two postcodes that differ.
    """
    lines, apart = _clean(text), _clean(postcode)
    told = list(dict.fromkeys([*uk_postcodes(apart), *uk_postcodes(lines)]))
    if not lines and not apart:
        raise NotPlaced("There is neither an address nor a postcode.")
    if len(told) > 1:
        raise NotPlaced("The address has two postcodes that differ.")
    alone = bool(told) and not POSTCODE.sub("", lines.upper()).strip(" ,")
    return Address("" if alone else lines, told[0] if told else apart or None)


def uk_postcodes(text: str) -> list[str]:
    """The UK postcodes in a text, in their order, as they are printed."""
    found = (match[1].replace(" ", "") for match in POSTCODE.finditer(_clean(text).upper()))
    return list(dict.fromkeys(f"{code[:-3]} {code[-3:]}" for code in found))


def normalised(text: str) -> str:
    """The same for texts that differ in case, spaces, commas and full stops alone."""
    return " ".join(re.sub(r"[\s,.;]+", " ", _clean(text).casefold()).split())


def _clean(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFKC", text or "").split())
