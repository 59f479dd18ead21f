// Above the rounds: how many there are, what is filtered, what the bars mean, in which order and how much of the day is shown.

import { icon, make, say } from "./dom.js";
import { FILTERS, ORDERS } from "./round_order.js";

/** How much of the day is shown, in ms, the time standing at a quarter of it; null is all. */
export const SPANS = { "4 h": 4 * 3_600_000, "8 h": 8 * 3_600_000, Day: null };
const SPAN_KEY = "db-span";
const ORDER_KEY = "db-order";
const KEY = [
  ["done", "Done"],
  ["in_progress", "In progress"],
  ["en_route", "On the way"],
  ["planned", "Planned"],
  ["overrunning", "Overrunning"],
  ["at_risk", "At risk"],
  ["late", "Late"],
  ["no_access", "No access"],
  ["break", "Break"],
];

export class RoundsHead {
  /** `changed()` is called when somebody chose another order or span; both are remembered. */
  constructor(live, changed) {
    Object.assign(this, { live, changed });
    this.count = make("span.db-count");
    this.chip = make("button.db-filter", { type: "button", hidden: true, onclick: () => live.filterBy(null) });
    this.orders = choices("Order of the rounds", "order", Object.entries(ORDERS), (name) => this.#remember(ORDER_KEY, name));
    this.spans = choices("How much of the day is shown", "span", Object.keys(SPANS).map((name) => [name, name]), (name) => this.#remember(SPAN_KEY, name));
    this.element = make("div.db-card-head", {}, make("h2", {}, "Rounds"), this.count, this.chip, make("span.db-space"), legend(), live.wall ? null : this.orders, this.spans);
  }

  get order() {
    const name = this.live.wall ? null : localStorage.getItem(ORDER_KEY);
    return name in ORDERS ? name : "need";
  }

  /** The name of the span that was chosen, else the `usual` one. */
  span(usual) {
    const name = localStorage.getItem(SPAN_KEY);
    return name in SPANS ? name : usual;
  }

  turnOrder() {
    this.#remember(ORDER_KEY, this.order === "need" ? "name" : "need");
  }

  draw(span) {
    const { board, filter } = this.live;
    const plan = board.revision ? ` · plan ${board.revision}` : " · no plan yet";
    say(this.count, `${board.nurses.size} nurses · ${board.visits.size} visits${plan}`);
    if (this.chip.dataset.filter !== (filter ?? "")) this.chip.replaceChildren(`Only ${filter ? FILTERS[filter].word : ""}`, icon("close"));
    this.chip.dataset.filter = filter ?? "";
    this.chip.hidden = !filter;
    for (const button of this.spans.children) button.setAttribute("aria-pressed", String(button.dataset.span === span));
    for (const button of this.orders.children) button.setAttribute("aria-pressed", String(button.dataset.order === this.order));
  }

  #remember(key, name) {
    localStorage.setItem(key, name);
    this.changed();
  }
}

function choices(label, kind, names, chosen) {
  const buttons = names.map(([name, word]) => make("button", { type: "button", [`data-${kind}`]: name, onclick: () => chosen(name) }, word));
  return make("div.db-spans", { role: "group", "aria-label": label }, ...buttons);
}

function legend() {
  const key = KEY.map(([state, word]) => make("li", {}, make("i", { "data-state": state }), word));
  const critical = make("li", {}, make("i", { "data-state": "planned", "data-critical": "yes" }), "Time-critical");
  return make("ul.db-key", { "aria-label": "What the bars mean" }, ...key, critical);
}
