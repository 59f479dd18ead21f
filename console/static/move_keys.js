// A visit moved by keys: up and down choose the nurse, left and right the time, Enter moves it, Escape leaves it.

import { tell } from "./desk.js";
import { addShortcut } from "./shortcuts.js";

const MINUTE_MS = 60_000;
const STEPS_MIN = { ArrowLeft: -5, ArrowRight: 5 };
const FASTER = 6; // with Shift half an hour
const ROWS = { ArrowUp: -1, ArrowDown: 1 };
const HOW = "↑ ↓ nurse · ← → five minutes, with Shift half an hour · Enter moves it · Esc leaves it";

export class MoveKeys {
  constructor(grid, moving, live) {
    Object.assign(this, { grid, moving, live, going: false, after: null });
    this.forget = addShortcut("m", "Move the visit in focus: arrows for nurse and time, Enter, Esc", () => this.begin());
    this.heard = (event) => this.going && this.#press(event);
    document.addEventListener("keydown", this.heard, { capture: true });
    grid.addEventListener("focusout", () => this.#leave());
  }

  takeDown() {
    this.#leave();
    this.forget();
    document.removeEventListener("keydown", this.heard, { capture: true });
  }

  begin() {
    const focused = document.activeElement?.closest(".db-bar")?.dataset.stop;
    const stop = this.live.board.stops.get(focused ?? this.live.picked.stopKey);
    const bar = stop && this.#bar(stop.key);
    if (!bar) return tell("Go to a visit with the arrow keys first, or pick one.");
    bar.focus();
    if (!this.moving.begin(stop, HOW)) return;
    this.going = true;
    this.moving.aim(stop.nurseId, stop.start);
  }

  /** Whoever moved a visit by keys goes with it, once its bar is where it was moved to. */
  settle() {
    if (!this.after) return;
    const { key, nurseId } = this.after;
    const bar = this.#bar(key);
    if (bar?.closest(".db-round").dataset.nurse !== nurseId) return;
    this.after = null;
    if (document.activeElement === document.body) bar.focus();
  }

  #press(event) {
    const { moving } = this;
    const { key } = event;
    if (key === "Tab") return this.#leave();
    event.preventDefault();
    event.stopImmediatePropagation();
    if (key === "Escape") this.#leave();
    else if (key === "Enter") this.#drop();
    else if (key in STEPS_MIN) moving.aim(moving.nurseId, moving.at + STEPS_MIN[key] * MINUTE_MS * (event.shiftKey ? FASTER : 1));
    else if (key in ROWS) this.#turnTo(ROWS[key]);
  }

  #turnTo(step) {
    const rows = [...this.grid.querySelectorAll(".db-round")];
    const here = rows.findIndex((row) => row.dataset.nurse === this.moving.nurseId);
    const row = rows[here + step];
    if (!row) return;
    row.scrollIntoView({ block: "nearest" });
    this.moving.aim(row.dataset.nurse, this.moving.at);
  }

  async #drop() {
    const { stop, nurseId } = this.moving;
    this.going = false;
    if (await this.moving.drop()) this.after = { key: stop.key, nurseId };
    this.settle();
  }

  #leave() {
    if (!this.going) return;
    this.going = false;
    this.moving.leave();
  }

  #bar(key) {
    return this.grid.querySelector(`.db-bar[data-stop="${CSS.escape(key)}"]`);
  }
}
