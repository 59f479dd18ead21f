"""Who sits at the desk: whoever the request says, until there is a sign-in; and never another site's page."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from domain.actor import NAMELESS, Actor
from domain.errors import BadInput, NotAllowed

HEADER = "Dutyboard-Coordinator"
LONGEST_NAME = 60


def coordinator_of(headers: Mapping[str, str]) -> Actor:
    """The coordinator whom the header names, percent-encoded UTF-8; `BadInput` where that is no name."""
    said = headers.get(HEADER.lower())
    if said is None:
        return Actor("coordinator", NAMELESS)
    try:
        name = unquote(said, errors="strict").strip(" ")
    except UnicodeDecodeError:
        raise BadInput(f"`{HEADER}`: it is not percent-encoded UTF-8.") from None
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise BadInput(f"`{HEADER}`: a name has 1 to {LONGEST_NAME} characters, all of them printable.")
    return Actor("coordinator", name)


def refuse_other_sites(headers: Mapping[str, str]) -> None:
    """Raise `NotAllowed` for a script from another site: browsers say which site a script came from, programs do not."""
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != headers.get("host"):
        raise NotAllowed("Another site may not act on the board.")
