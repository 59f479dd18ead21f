"""What can be set about the two roads. Validated when made; read from the environment in `dutyboard.settings` alone."""

from __future__ import annotations

from dataclasses import dataclass

from domain.errors import BadSetting


@dataclass(frozen=True, slots=True)
class RealtimeSettings:
    """Each field is the setting `DUTYBOARD_<NAME>`."""

    partitions: int = 8
    """Event streams; one nurse is always in one. Fixed for the life of a Valkey: change it only when they are empty."""
    batch_entries: int = 500
    """The most entries a worker takes from its streams at once."""
    flush_entries: int = 500
    """The most entries the API writes to Valkey in one go."""
    max_waiting_bytes: int = 32_000_000
    """What an API process holds that is not yet durable; above it, it answers 503."""
    max_backlog_entries: int = 2_000_000
    """Entries no worker has taken yet, over all streams; above it, the API answers 503."""
    retry_after_s: int = 5
    """What a 503 asks a phone to wait."""
    max_attempts: int = 5
    """How often an entry that fails on its own is tried before it goes to the dead letters."""
    feed_flush_ms: int = 40
    """How long changes are gathered before they go to the screens together."""
    feed_queue: int = 64
    """Changes waiting for one slow screen; with more it starts again from a snapshot."""
    ping_s: float = 4.0
    """How often a screen and a phone hear from us when nothing happens."""
    facts_kept_s: int = 3600
    """How long a fact stays in the stream for screens that were away; later they take a snapshot."""
    outbox_kept_days: int = 30
    """How long relayed facts stay in the database."""

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if getattr(self, name) <= 0:
                raise BadSetting(f"DUTYBOARD_{name.upper()} must be above 0, not {getattr(self, name)}.")
