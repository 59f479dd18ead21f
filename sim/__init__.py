"""The other side of the wire: a seeded town, phones with gaps and wrong clocks, recorded traces sent again.

Promises: speaks only public protocols, so whatever it does a real phone could do.
May import: `domain`. Start reading: `town.py` (who and where), `phone.py` (how a nurse's phone behaves).
"""
