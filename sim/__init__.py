"""The other side of the wire: a seeded town, phones with gaps and wrong clocks, recorded traces sent again.

Promises: speaks only public protocols, so whatever it does a real phone could do; the same seed does the same again.
May import: `domain`. Start reading: `town.py` (who and where), `nurse.py` (what a nurse does), `phone.py` (how it is told).
"""
