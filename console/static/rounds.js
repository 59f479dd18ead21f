// Everybody's round: who needs attention first, then who is on shift, who has not begun, who has ended; or all by name.

import { make, oncePerFrame, say } from "./dom.js";
import { dragBars } from "./drag.js";
import { arrowKeys } from "./grid_keys.js";
import { liveOn } from "./live.js";
import { MoveKeys } from "./move_keys.js";
import { Moving } from "./moving.js";
import { RoundList } from "./round_list.js";
import { FILTERS } from "./round_order.js";
import { RoundRow } from "./round_row.js";
import { RoundsHead, SPANS } from "./rounds_head.js";
import { addShortcut } from "./shortcuts.js";
import { Axis, drawHours } from "./strip.js";
import { tooltip } from "./tooltip.js";

const REST_MS = 250; // between two drawings of the list
const NARROW_PX = 1100; // a strip narrower than this shows a part of the day, unless all of it is asked for

export function mount(element, options) {
  const rounds = new Rounds(element, liveOn(options));
  return () => rounds.takeDown();
}

class Rounds {
  constructor(element, live) {
    Object.assign(this, { element, live, axis: new Axis(), rows: new Map(), stale: new Set() });
    this.build();
    this.draw = oncePerFrame(() => this.drawAll(), REST_MS);
    tooltip(this.grid, (bar) => bar.getAttribute("aria-label"));
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
    this.forget = addShortcut("o", "Rounds by need, or by name", () => this.head.turnOrder());
    this.keys = new MoveKeys(this.grid, this.moving, live);
    this.letDragging = live.wall ? () => {} : dragBars(this.grid, this.scroll, this.moving, live);
  }

  takeDown() {
    this.quiet();
    this.forget();
    this.keys.takeDown();
    this.letDragging();
    this.resized.disconnect();
  }

  build() {
    this.head = new RoundsHead(this.live, () => this.measure());
    this.moving = new Moving(this.element, this.live, this.axis, this.rows);
    this.list = new RoundList(this.live, this.rows, () => this.moving.active);
    this.grid = this.list.grid;
    this.hours = make("div.db-hours", { "aria-hidden": "true" });
    this.nowWord = make("span");
    this.nowLine = make("div.db-now", { "aria-hidden": "true" }, this.nowWord);
    this.nothing = make("p.db-nothing", { hidden: true });
    const axisRow = make("div.db-axis", {}, make("div.db-round-who"), this.hours);
    this.scroll = make("div.db-rounds-scroll", {}, axisRow, this.grid, this.nothing, make("div.db-now-track", {}, this.nowLine));
    this.element.classList.add("db-card");
    this.element.append(this.head.element, this.scroll);
  }

  reset() {
    this.moving.leave();
    this.rows.forEach((row) => row.element.remove());
    this.rows.clear();
    this.list.order = null;
    for (const nurse of this.live.board.nurses.values()) this.rows.set(nurse.id, new RoundRow(nurse, this.live, this.axis));
    this.stale = new Set(this.rows.keys());
    this.measure();
  }

  follow(nurseIds) {
    for (const id of nurseIds) this.stale.add(id);
    this.draw();
  }

  measure() {
    const width = this.hours.clientWidth;
    if (!width || !this.live.ready) return;
    this.spanName = this.head.span(width < NARROW_PX ? "8 h" : "Day");
    this.span = SPANS[this.spanName];
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
    this.list.arrange(this.head.order);
    this.head.draw(this.spanName);
    this.drawNow();
    this.keys.settle();
    const { filter } = this.live;
    this.nothing.hidden = !this.list.empty;
    if (this.list.empty) say(this.nothing, filter ? `Nobody: ${FILTERS[filter].word}.` : "Nobody works on this day.");
  }

  drawNow() {
    const part = this.axis.part(this.live.now());
    this.nowLine.hidden = !(part >= 0 && part <= 100);
    this.nowLine.style.left = `${part.toFixed(3)}%`;
    say(this.nowWord, this.live.time(this.live.now()));
  }

  clicked(target) {
    const nurseId = target.closest("[data-nurse]")?.dataset.nurse;
    if (nurseId) this.live.pick(nurseId, target.closest("[data-stop]")?.dataset.stop ?? null);
  }
}
