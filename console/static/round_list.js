// The rows of the rounds in their groups. They stay where they are while somebody points at them, walks them or moves a visit.

import { arrange, make, say } from "./dom.js";
import { GROUPS, listed } from "./round_order.js";
import { statusOf } from "./standing.js";

export class RoundList {
  /** `busy()` says whether a visit is being moved over the rows. */
  constructor(live, rows, busy) {
    Object.assign(this, { live, rows, busy, groups: new Map(), order: null });
    this.grid = make("div.db-grid", { role: "grid", "aria-label": "Rounds, by nurse" });
    for (const [key, name] of Object.entries(GROUPS)) {
      const count = make("span.db-group-count");
      const title = make("div.db-group-name", { role: "rowheader" }, name, count);
      const element = make("div.db-group", { role: "rowgroup", "data-group": key, hidden: true }, make("div.db-group-head", { role: "row" }, title));
      this.groups.set(key, { element, count });
      this.grid.append(element);
    }
  }

  get empty() {
    return [...this.groups.values()].every(({ element }) => element.hidden);
  }

  /** Put rows where they belong, as `by` says. */
  arrange(by) {
    const wanted = listed(this.live, by);
    const order = JSON.stringify([...wanted].map(([key, nurses]) => [key, nurses.map(({ id }) => id)]));
    const asked = `${by} ${this.live.filter} ${this.live.shift} ${this.#callingForHelp()}`;
    if (order === this.order || (this.order && asked === this.asked && this.#held()) || this.busy()) return;
    Object.assign(this, { order, asked });
    const focused = this.grid.contains(document.activeElement) ? document.activeElement : null;
    for (const [key, { element, count }] of this.groups) {
      const nurses = wanted.get(key);
      element.hidden = !nurses.length;
      say(count, String(nurses.length));
      arrange(element, [element.firstChild, ...nurses.map(({ id }) => this.rows.get(id).element)]);
    }
    if (focused?.isConnected) focused.focus({ preventScroll: true });
  }

  /** A list under a pointer or the keys keeps its order, or one would act on somebody else. */
  #held() {
    return this.grid.matches(":hover") || this.grid.querySelector(":focus-visible") !== null;
  }

  #callingForHelp() {
    return [...this.live.board.nurses.values()].filter((nurse) => statusOf(nurse) === "sos").length;
  }
}
