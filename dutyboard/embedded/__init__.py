"""Our own PostgreSQL and Valkey: started privately from wheels, kept in one directory, stopped with us.

Promises: nothing listens on a network; at most one set of servers runs on a directory, and others attach to it; what was
committed or acknowledged survives `kill -9` of anything; the servers end when their parent does; all that is kept is in the
directory. No Docker, no root, no system database, no permission of anybody's folder changed.
May import: `domain.errors`. Start reading: `stores.py`; then `child.py` for how a server lives and dies.
"""

from dutyboard.embedded.stores import EmbeddedStores, StoreUrls, attach_or_start

__all__ = ["EmbeddedStores", "StoreUrls", "attach_or_start"]
