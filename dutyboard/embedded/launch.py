"""Becomes a server that ends with its parent. Run as a script, with nothing but the standard library.

    launch.py PARENT SIGNAL IDENTITY COMMAND …

PARENT is the pid that must be our parent, SIGNAL the number sent to us when it ends (0: somebody else sees to that), IDENTITY
who to be: `self`, `namespace` (root outside, an ordinary user inside: PostgreSQL refuses to run as root) or UID:GID.

Linux tells a process of its parent's end (prctl(2), PR_SET_PDEATHSIG: of the *thread* that started it, so servers are
started from the main thread). Elsewhere `watch.py` does.
"""

from __future__ import annotations

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
INSIDE_UID = 1
"""initdb wants a uid that has a name; 1 is `daemon` everywhere."""
HANDED_ON = ("PATH", "DUTYBOARD_HOME")
"""A server needs none of our secrets, and no PGPORT or LC_ALL of the user's changes what it does."""


def main(parent: int, number: int, identity: str, command: list[str]) -> None:
    if identity == "namespace":
        enter_namespace()
    elif identity != "self":
        become(*map(int, identity.split(":")))
    if number:
        die_with(parent, number)
    kept = {name: os.environ[name] for name in HANDED_ON if name in os.environ}
    os.execve(command[0], command, kept | {"LC_ALL": "C", "TZ": "UTC"})


def enter_namespace() -> None:
    """A user namespace in which root is nobody special; raises OSError where the system forbids it."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "user namespaces are forbidden here")
    for name, text in (("setgroups", "deny"), ("uid_map", f"{INSIDE_UID} 0 1"), ("gid_map", f"{INSIDE_UID} 0 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def become(uid: int, gid: int) -> None:
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def die_with(parent: int, number: int) -> None:
    """Be told by signal when the parent ends; after every change of identity, which would undo it."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        sys.exit("the parent ended before the server began")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
