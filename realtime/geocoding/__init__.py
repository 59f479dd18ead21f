"""Where an address is: by the postcodes that are on this machine, and by a geocoder where one is named.

Promises: every place says how precise it is and whose word it is; an address that cannot be placed, or could be in several
places, is a named problem and never a guess; nothing leaves the house unless a server is named, and then the postcode alone
unless more is allowed. No address is in a log, in one of our own sentences or, as itself, in what is remembered.
May import: `db`, `domain`. Start reading: `port.py`, then `best_known.py`.
"""
