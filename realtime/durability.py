"""What a 202 is worth: how Valkey keeps what it is given. Asked of the server, which alone knows."""

from __future__ import annotations

from typing import Literal

import msgspec
from redis.asyncio import Redis
from redis.exceptions import ResponseError

Kept = Literal["always", "everysec", "no", "off", "unknown"]

_SENTENCES: dict[Kept, str] = {
    "always": "What is answered 202 is on disk before the answer leaves.",
    "everysec": "A killed process loses nothing; a machine that loses its power may lose the last second of what was "
    "answered 202.",
    "no": "A killed process loses nothing; a machine that loses its power may lose what its system had not written "
    "yet, often 30 seconds. Set appendfsync to everysec or always, and no-appendfsync-on-rewrite to no.",
    "off": "Valkey keeps no append-only file: what was answered 202 is lost when it stops. Set appendonly to yes.",
    "unknown": "This server does not tell how it keeps what it is given; ask those who run it for an append-only file.",
}


class Durability(msgspec.Struct, frozen=True):
    """How the append-only file is kept: `always`, `everysec`, `no` (as the system likes), `off` (not at all), `unknown`."""

    kept: Kept

    @property
    def sentence(self) -> str:
        return _SENTENCES[self.kept]

    @property
    def promised(self) -> bool:
        """Whether a 202 is known to survive the end of Valkey's process."""
        return self.kept in ("always", "everysec", "no")


async def durability_of(valkey: Redis) -> Durability:
    """How this server keeps what it is given; `unknown` where it forbids the question, as managed ones do."""
    try:
        answer = await valkey.config_get("appendonly", "appendfsync", "no-appendfsync-on-rewrite")
    except ResponseError:
        return Durability("unknown")
    said = {_text(name): _text(value) for name, value in answer.items()}
    if said.get("appendonly") == "no":
        return Durability("off")
    if said.get("no-appendfsync-on-rewrite") == "yes":  # then no other setting holds while the file is rewritten
        return Durability("no")
    match said.get("appendfsync") if said.get("appendonly") == "yes" else None:
        case "always":
            return Durability("always")
        case "everysec":
            return Durability("everysec")
        case "no":
            return Durability("no")
    return Durability("unknown")


def _text(value: bytes | str | None) -> str:
    return value.decode() if isinstance(value, bytes) else value or ""
