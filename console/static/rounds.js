// Everybody's round: who needs attention first, then who is on shift, who has not begun, who has ended.

import { icon, make, oncePerFrame, say } from "./dom.js";
import { arrowKeys } from "./grid_keys.js";
import { liveOn } from "./live.js";
import { RoundRow } from "./round_row.js";
import { concerns, isSilent, onDuty, statusOf, stopState, weightOf } from "./standing.js";
import { Axis, drawHours } from "./strip.js";
import { tooltip } from "./tooltip.js";

const GROUPS = { attention: "Needs attention", on: "On shift", not_started: "Not started", ended: "Shift ended" };
const FILTERS = {
  done: { word: "visits completed", keeps: (nurse) => nurse.round.some((stop) => stop.state === "done") },
  in_progress: { word: "visits in progress", keeps: (nurse) => nurse.round.some((stop) => stop.state === "in_progress") },
  on_time: { word: "visits that began late", keeps: (nurse) => nurse.round.some((stop) => stop.arrivedAt > stop.visit.windowEnd) },
  at_risk: { word: "at risk of being late", keeps: (nurse, live) => nurse.round.some((stop) => stopState(stop, live.now()) === "at_risk") },
  late: { word: "late now", keeps: (nurse, live) => nurse.round.some((stop) => ["late", "missed"].includes(stopState(stop, live.now()))) },
  on_shift: { word: "on shift", keeps: onDuty },
  silent: { word: "silent phones", keeps: (nurse, live) => isSilent(nurse, live.now(), live.limits) },
  questioned: { word: "questioned events", keeps: (nurse) => nurse.state?.questioned > 0 },
  sos: { word: "SOS", keeps: (nurse) => statusOf(nurse) === "sos" },
};
/** How much of the day is shown, in ms, the time standing at a quarter of it; null is all. */
const SPANS = { "4 h": 4 * 3_600_000, "8 h": 8 * 3_600_000, Day: null };
const REST_MS = 250; // between two drawings of the list
const NARROW_PX = 1100; // a strip narrower than this shows a part of the day, unless all of it is asked for
const SPAN_KEY = "db-span";
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

export function mount(element, options) {
  const rounds = new Rounds(element, liveOn(options));
  return () => rounds.takeDown();
}

class Rounds {
  constructor(element, live) {
    Object.assign(this, { element, live, axis: new Axis(), rows: new Map(), groups: new Map() });
    this.build();
    this.draw = oncePerFrame(() => this.drawAll(), REST_MS);
    this.tip = tooltip(this.grid, (bar) => bar.getAttribute("aria-label"));
    this.quiet = live.listen({
      board: () => this.reset(),
      changes: ({ detail }) => this.follow(detail),
      tick: this.draw,
      picked: this.draw,
      filter: this.draw,
    });
    this.resized = new ResizeObserver(() => this.measure());
    this.resized.observe(this.scroll);
    this.grid.addEventListener("click", (event) => this.clicked(event.target));
    this.grid.addEventListener("dblclick", ({ target }) => live.open(target.closest("[data-stop]")?.dataset.stop ?? null));
    arrowKeys(this.grid, () => live.pick(null));
  }

  takeDown() {
    this.quiet();
    this.resized.disconnect();
  }

  build() {
    this.count = make("span.db-count");
    this.chip = make("button.db-filter", { type: "button", hidden: true, onclick: () => this.live.filterBy(null) });
    const spans = Object.keys(SPANS).map((name) => make("button", { type: "button", "data-span": name, onclick: () => this.show(name) }, name));
    this.spans = make("div.db-spans", { role: "group", "aria-label": "How much of the day is shown" }, ...spans);
    const key = KEY.map(([state, word]) => make("li", {}, make("i", { "data-state": state }), word));
    const critical = make("li", {}, make("i", { "data-state": "planned", "data-critical": "yes" }), "Time-critical");
    const legend = make("ul.db-key", { "aria-label": "What the bars mean" }, ...key, critical);
    const head = make("div.db-card-head", {}, make("h2", {}, "Rounds"), this.count, this.chip, make("span.db-space"), legend, this.spans);
    this.hours = make("div.db-hours", { "aria-hidden": "true" });
    this.nowLine = make("div.db-now", { "aria-hidden": "true" });
    this.nowWord = make("span");
    this.nowLine.append(this.nowWord);
    this.nothing = make("p.db-nothing", { hidden: true });
    this.grid = make("div.db-grid", { role: "grid", "aria-label": "Rounds, by nurse" });
    const axisRow = make("div.db-axis", {}, make("div.db-round-who"), this.hours);
    this.scroll = make("div.db-rounds-scroll", {}, axisRow, this.grid, this.nothing, make("div.db-now-track", {}, this.nowLine));
    this.element.classList.add("db-card");
    this.element.append(head, this.scroll);
    this.makeGroups();
  }

  makeGroups() {
    for (const [key, name] of Object.entries(GROUPS)) {
      const count = make("span.db-group-count");
      const title = make("div.db-group-name", { role: "rowheader" }, name, count);
      const element = make("div.db-group", { role: "rowgroup", "data-group": key, hidden: true }, make("div.db-group-head", { role: "row" }, title));
      this.groups.set(key, { element, count });
      this.grid.append(element);
    }
  }

  reset() {
    this.rows.forEach((row) => row.element.remove());
    this.rows.clear();
    this.order = null;
    for (const nurse of this.live.board.nurses.values()) this.rows.set(nurse.id, new RoundRow(nurse, this.live, this.axis));
    this.stale = new Set(this.rows.keys());
    this.measure();
  }

  follow(nurseIds) {
    for (const id of nurseIds) this.stale.add(id);
    this.draw();
  }

  /** Show this much of the day, from now on and when the page is loaded again. */
  show(name) {
    localStorage.setItem(SPAN_KEY, name);
    this.measure();
  }

  measure() {
    const width = this.hours.clientWidth;
    if (!width || !this.live.ready) return;
    const usual = width < NARROW_PX ? "8 h" : "Day";
    const name = localStorage.getItem(SPAN_KEY) in SPANS ? localStorage.getItem(SPAN_KEY) : usual;
    for (const button of this.spans.children) button.setAttribute("aria-pressed", String(button.dataset.span === name));
    this.span = SPANS[name];
    Object.assign(this.axis, this.shownHours(), { width });
    drawHours(this.hours, this.axis, this.live.time);
    this.scroll.style.setProperty("--db-hour", `${(100 * 3_600_000) / (this.axis.to - this.axis.from)}%`);
    this.stale = new Set(this.rows.keys());
    this.draw();
  }

  shownHours() {
    if (!this.span) return this.live.board.hours() ?? { from: 0, to: 1 };
    const hour = 3_600_000;
    const from = Math.floor((this.live.now() - this.span / 4) / hour) * hour;
    return { from, to: from + this.span };
  }

  drawAll() {
    if (!this.live.ready) return;
    if (this.span && this.shownHours().from !== this.axis.from) this.measure();
    for (const [id, row] of this.rows) this.stale.has(id) ? row.draw() : row.age();
    this.stale.clear();
    this.arrange();
    this.drawHead();
    const part = this.axis.part(this.live.now());
    this.nowLine.hidden = !(part >= 0 && part <= 100);
    this.nowLine.style.left = `${part.toFixed(3)}%`;
    say(this.nowWord, this.live.time(this.live.now()));
  }

  /** Put rows where they belong. A list under a pointer keeps its order, or one would click on somebody else. */
  arrange() {
    const wanted = this.wanted();
    const order = JSON.stringify([...wanted].map(([key, nurses]) => [key, nurses.map(({ id }) => id)]));
    const urgent = [...this.live.board.nurses.values()].filter((nurse) => statusOf(nurse) === "sos").length;
    const held = this.scroll.matches(":hover") && urgent === this.urgent && this.live.filter === this.filtered && this.order;
    if (order === this.order || held) return;
    Object.assign(this, { order, urgent, filtered: this.live.filter });
    const focused = this.grid.contains(document.activeElement) ? document.activeElement : null;
    for (const [key, { element, count }] of this.groups) {
      const nurses = wanted.get(key) ?? [];
      element.hidden = !nurses.length;
      say(count, String(nurses.length));
      element.replaceChildren(element.firstChild, ...nurses.map(({ id }) => this.rows.get(id).element));
    }
    if (focused?.isConnected) focused.focus({ preventScroll: true });
  }

  /** Group → its nurses in order; a nurse whom the filter does not keep is in none. */
  wanted() {
    const { board, filter, limits } = this.live;
    const now = this.live.now();
    const groups = new Map(Object.keys(GROUPS).map((key) => [key, []]));
    for (const nurse of board.nurses.values()) {
      if (filter && !FILTERS[filter].keeps(nurse, this.live)) continue;
      const weight = weightOf(concerns(nurse, now, limits, board.notices.get(nurse.id)));
      const group = weight ? "attention" : onDuty(nurse) ? "on" : statusOf(nurse);
      groups.get(group).push({ id: nurse.id, name: nurse.name, weight });
    }
    const worstFirst = (a, b) => b.weight - a.weight || a.name.localeCompare(b.name);
    for (const nurses of groups.values()) nurses.sort(worstFirst);
    return groups;
  }

  drawHead() {
    const { board, filter } = this.live;
    const plan = board.revision ? ` · plan ${board.revision}` : " · no plan yet";
    say(this.count, `${board.nurses.size} nurses · ${board.visits.size} visits${plan}`);
    const word = filter ? FILTERS[filter].word : "";
    if (this.chip.dataset.filter !== (filter ?? "")) this.chip.replaceChildren(`Only ${word}`, icon("close"));
    this.chip.dataset.filter = filter ?? "";
    this.chip.hidden = !filter;
    const listed = [...this.groups.values()].some(({ element }) => !element.hidden);
    this.nothing.hidden = listed;
    if (!listed) say(this.nothing, filter ? `Nobody: ${word}.` : "Nobody works on this day.");
  }

  clicked(target) {
    const nurseId = target.closest("[data-nurse]")?.dataset.nurse;
    if (nurseId) this.live.pick(nurseId, target.closest("[data-stop]")?.dataset.stop ?? null);
  }
}
