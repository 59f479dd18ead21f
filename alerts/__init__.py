"""Who must know, when, by what words: detection, escalation, throttling, SMS and voice.

The door is here, the room is not built yet: facts that will open alerts (`SosRaised`, `EventQuestioned`) are already on
the stream of facts, and `realtime.switchboard` is where a reaction is added.
May import: `db`, `domain`; never `solver`.
"""
