"""The desk: what a coordinator asks and does, made of what the other parts of `realtime` can do.

Promises: asking changes nothing; whatever changes something names who did it. Nothing here names a patient. Start reading:
`coordinator.py` for who it is, `candidates.py` for who could take a visit.
"""
