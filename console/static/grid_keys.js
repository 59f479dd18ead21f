// The rounds by keyboard: one stop of the Tab key; arrows go from nurse to nurse and along a nurse's visits.

const STOPS = "button.db-who, button.db-bar";

export function arrowKeys(grid, letGo) {
  grid.addEventListener("focusin", ({ target }) => target.matches(STOPS) && rove(grid, target));
  grid.addEventListener("keydown", (event) => {
    if (event.key === "Escape") letGo();
    const next = event.target.matches(STOPS) ? neighbour(grid, event.target, event.key) : null;
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  });
  new MutationObserver(() => ensure(grid)).observe(grid, { childList: true, subtree: true });
}

/** The Tab key comes back to where one was. */
function rove(grid, target) {
  for (const other of grid.querySelectorAll(`:is(${STOPS})[tabindex="0"]`)) other.tabIndex = -1;
  target.tabIndex = 0;
}

function ensure(grid) {
  if (grid.querySelector(`:is(${STOPS})[tabindex="0"]`)) return;
  const first = grid.querySelector("button.db-who");
  if (first) first.tabIndex = 0;
}

function neighbour(grid, from, key) {
  const row = from.closest(".db-round");
  const along = inRow(row);
  const place = along.indexOf(from);
  const rows = [...grid.querySelectorAll(".db-round")];
  const next = rows[rows.indexOf(row) + { ArrowDown: 1, ArrowUp: -1 }[key]];
  switch (key) {
    case "ArrowDown":
    case "ArrowUp":
      return next ? nearest(inRow(next), from) : null;
    case "ArrowRight":
      return along[place + 1] ?? null;
    case "ArrowLeft":
      return along[place - 1] ?? null;
    case "Home":
      return along[0];
    case "End":
      return along.at(-1);
    default:
      return null;
  }
}

/** A row's buttons as they lie: the nurse, then the visits in their time. */
function inRow(row) {
  return [...row.querySelectorAll(STOPS)].filter((button) => !button.hidden).sort((a, b) => left(a) - left(b));
}

function nearest(buttons, from) {
  if (from.matches(".db-who")) return buttons[0];
  return buttons.slice(1).sort((a, b) => Math.abs(left(a) - left(from)) - Math.abs(left(b) - left(from)))[0] ?? buttons[0];
}

function left(element) {
  return element.getBoundingClientRect().left;
}
