"""What is counted, in one place. Names follow Prometheus' conventions; nothing here names a person."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

_FAST_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

EVENTS_ACCEPTED = Counter("dutyboard_events_accepted_total", "Events answered 202", ["protocol"])
EVENTS_REFUSED = Counter("dutyboard_events_refused_total", "Events refused at the door", ["protocol", "why"])
OVERLOADED = Counter("dutyboard_overloaded_total", "Requests answered 503")
DURABLE_S = Histogram("dutyboard_durable_seconds", "From arrival to durable in the stream", buckets=_FAST_S)
ENTRIES_HANDLED = Counter("dutyboard_entries_handled_total", "Stream entries written to the database", ["partition"])
EVENTS_WRITTEN = Counter("dutyboard_events_written_total", "Events written for the first time", ["kind"])
EVENTS_REPEATED = Counter("dutyboard_events_repeated_total", "Events that had been written before")
POSITIONS_REJECTED = Counter("dutyboard_positions_rejected_total", "Fixes that are kept but not trusted", ["rejection"])
EVENTS_QUESTIONED = Counter("dutyboard_events_questioned_total", "Events of state that fit no legal step", ["verdict"])
DEAD_LETTERED = Counter("dutyboard_dead_letters_total", "Entries put aside because they cannot be handled")
WRITE_S = Histogram("dutyboard_write_seconds", "One batch, from stream to commit", buckets=_FAST_S)
LAG_S = Histogram("dutyboard_commit_lag_seconds", "From durable in the stream to committed", buckets=_FAST_S)
FACTS_RELAYED = Counter("dutyboard_facts_relayed_total", "Facts put on the stream of facts", ["kind"])
FEED_SCREENS = Gauge("dutyboard_feed_screens", "Screens connected", multiprocess_mode="livesum")
FEED_RESYNCS = Counter("dutyboard_feed_resyncs_total", "Screens that had to start again from a snapshot", ["why"])
FEED_LAG_S = Histogram("dutyboard_feed_lag_seconds", "From durable in the stream to sent to screens", buckets=_FAST_S)
REACTED_S = Histogram("dutyboard_reaction_lag_seconds", "From a fact on its stream to reacted to", buckets=_FAST_S)
REACTIONS_FAILED = Counter("dutyboard_reactions_failed_total", "Reactions that failed, each time", ["reaction"])
PLANNED_S = Histogram("dutyboard_replan_seconds", "From a request taken to an answer", buckets=(*_FAST_S, 20))
PROPOSALS = Counter("dutyboard_proposals_total", "What became of requests for another plan", ["outcome"])
