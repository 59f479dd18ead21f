"""Entries that could not be handled: why, and whether they go round again or are dropped for good."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import structlog
from nicegui import ui

from console.elements import box, button, words
from console.frame import Shown
from console.parts import ConsoleParts
from console.tables import empty, table
from console.times import clock_time
from realtime.dead_letters import DeadLetter

COLUMNS = ("", "When (UTC)", "Stream", "Sent by", "What is in it", "Why it could not be handled")
Deed = Callable[[Sequence[str]], Awaitable[int]]
log = structlog.get_logger(__name__)


async def dead_letters_page(parts: ConsoleParts, shown: Shown) -> None:
    desk = DeadLetterDesk(parts)
    with box("section", "db-card db-page", aria_label="Dead letters"):
        await desk.show()


class DeadLetterDesk:
    """One administrator's view of the dead letters, with the ones picked out."""

    def __init__(self, parts: ConsoleParts) -> None:
        self.parts = parts
        self.picked: set[str] = set()

    @ui.refreshable_method
    async def show(self) -> None:
        letters = await self.parts.list_dead()
        self.picked &= {letter.id for letter in letters}
        with box("div", "db-card-head"):
            words("h2", "Entries that could not be handled")
            words("span", f"{len(letters)}", "db-count")
            box("span", "db-space")
            self._deeds(bool(letters))
        words(
            "p",
            "What was in them is kept. Mend the cause, then send them round again: nothing happens twice.",
            "db-note",
        )
        if letters:
            self._table(letters)
        else:
            empty("Every entry was handled.")

    def _deeds(self, any_letters: bool) -> None:
        button("Look again", "db-quiet").on("click", self.show.refresh)
        if any_letters:
            button("Send round again…").on("click", lambda: self._ask("Send round again", self.parts.redrive))
            button("Drop…", "db-danger").on("click", lambda: self._ask("Drop for good", self.parts.drop))

    def _table(self, letters: Sequence[DeadLetter]) -> None:
        with table(COLUMNS, "Dead letters, newest first"):
            for letter in letters:
                self._row(letter)

    def _row(self, letter: DeadLetter) -> None:
        with box("tr"):
            with box("td"):
                self._pick(letter)
            words("td", clock_time(letter.at, "UTC"), "db-time")
            words("td", letter.stream)
            words("td", letter.nurse_id or "cannot be read")
            words("td", ", ".join(letter.kinds) or "cannot be read")
            words("td", letter.reason, "db-reason")

    def _pick(self, letter: DeadLetter) -> None:
        def pick(is_picked: bool) -> None:
            (self.picked.add if is_picked else self.picked.discard)(letter.id)

        checkbox = box("input", type="checkbox", aria_label=f"Pick entry {letter.entry}")
        checkbox.on("change", lambda event: pick(bool(event.args)), js_handler="(event) => emit(event.target.checked)")
        if letter.id in self.picked:
            checkbox.props["checked"] = True

    def _ask(self, deed: str, do: Deed) -> None:
        """Nothing is done to a dead letter without a second word."""
        if not self.picked:
            ui.notify("Pick the entries first.")
            return
        ids = sorted(self.picked)
        with ui.dialog() as dialog, box("div", "db-dialog", role="document"):
            words("h2", f"{deed}: {_entries(len(ids))}?")
            words("p", CONSEQUENCES[deed])
            with box("div", "db-deeds"):
                button("Cancel", "db-quiet").on("click", dialog.close)
                sure = button(deed, "db-danger" if do is self.parts.drop else "db-primary")
                sure.on("click", lambda: self._do(dialog, deed, do, ids))
        dialog.open()

    async def _do(self, dialog: ui.dialog, deed: str, do: Deed, ids: Sequence[str]) -> None:
        dialog.close()
        done = await do(ids)
        log.info("dead letters decided", deed=deed, asked=len(ids), done=done)
        ui.notify(f"{deed}: {_entries(done)}.")
        self.picked.clear()
        self.show.refresh()


CONSEQUENCES = {
    "Send round again": "They go to the end of the stream they came from and are tried like new ones.",
    "Drop for good": "What a phone said in them is lost and cannot be brought back.",
}


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"
