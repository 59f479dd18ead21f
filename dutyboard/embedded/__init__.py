"""Our own PostgreSQL and Valkey: started privately from wheels, kept in one directory, stopped with us.

Promises: nothing listens on a network; at most one set of servers runs on a directory, and others attach to it; what was
committed or acknowledged survives `kill -9` of anything; the servers end when their parent does. No Docker, no root, no
system database, and nothing outside the directory is changed.
May import: `domain.errors`. Start reading: `stores.py`.
"""

from dutyboard.embedded.stores import EmbeddedStores, StoreUrls, attach_or_start

__all__ = ["EmbeddedStores", "StoreUrls", "attach_or_start"]
