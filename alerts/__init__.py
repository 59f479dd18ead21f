"""Who must know, when, and by what words.

Promises: an alert is opened once and changed in place; nothing that a person did to it is lost; it ends by itself only when the
danger has passed. May import: db, domain. Start reading: `book`, and `domain/slips.py` for when a slipping round is told.
"""
