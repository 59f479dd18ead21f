"""Becomes a server that ends with its parent. Run as a script, with nothing but the standard library.

    launch.py PARENT SIGNAL IDENTITY COMMAND …

PARENT is the pid that must be our parent, SIGNAL the number sent to us when it ends, IDENTITY who to be: `self`, `namespace`
(root outside, an ordinary user inside: PostgreSQL refuses to run as root) or a uid to change to.

Linux tells a process of its parent's end (prctl(2), PR_SET_PDEATHSIG: of the *thread* that started it, so servers are
started from the main thread). Elsewhere this script stays, and passes on the end of its standard input.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import sys

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
LINUX = sys.platform == "linux"
INSIDE_UID = 1
"""initdb wants a uid that has a name; 1 is `daemon` everywhere."""


def main(parent: int, number: int, identity: str, command: list[str]) -> None:
    if identity == "namespace":
        enter_namespace()
    elif identity != "self":
        become(int(identity))
    if LINUX:
        die_with(parent, number)
        os.execv(command[0], command)
    watch_over(command, number)


def enter_namespace() -> None:
    """A user namespace in which root is nobody special; raises OSError where the system forbids it."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "user namespaces are forbidden here")
    for name, text in (("setgroups", "deny"), ("uid_map", f"{INSIDE_UID} 0 1"), ("gid_map", f"{INSIDE_UID} 0 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def become(uid: int) -> None:
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)


def die_with(parent: int, number: int) -> None:
    """Be told by signal when the parent ends; after every change of identity, which would undo it."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        sys.exit("the parent ended before the server began")


def watch_over(command: list[str], number: int) -> None:
    """Start the server beside us and send it the signal when our standard input ends or we are told to stop."""
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_CLOSE, 0)])
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda *_: os.kill(pid, number))
    while os.waitpid(pid, os.WNOHANG) == (0, 0):
        if select.select([0], [], [], 0.2)[0] and not os.read(0, 1):
            os.kill(pid, number)
            os.waitpid(pid, 0)
            return


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
