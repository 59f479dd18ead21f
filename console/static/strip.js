// A nurse's visits on the axis of the day: one bar each, a real button, that tells its state by colour, icon and words.

import { icon, make } from "./dom.js";
import { latenessOf, stopState } from "./standing.js";
import { breakWords, describe, serviceOf } from "./visit_words.js";

const ICON_PX = 15; // a bar narrower than an icon shows its colour alone
const LETTER_PX = 6.5; // about how wide a letter is
const PADDING_PX = 13;
const LEAST_PX = 5;
const WORTH_MS = 180_000; // what is expected less than this away from where it is drawn is not drawn again

/** The day in pixels: `from`, `to` in Unix ms over `width`. */
export class Axis {
  constructor() {
    Object.assign(this, { from: 0, to: 1, width: 0 });
  }

  x(at) {
    return ((at - this.from) / (this.to - this.from)) * this.width;
  }

  part(at) {
    return (100 * (at - this.from)) / (this.to - this.from);
  }

  hours() {
    const hour = 3_600_000;
    const every = this.width / ((this.to - this.from) / hour) < 38 ? 2 * hour : hour;
    return Array.from({ length: Math.ceil((this.to - this.from) / every) }, (_, i) => this.from + i * every);
  }
}

export class Strip {
  constructor(nurse, live, axis) {
    Object.assign(this, { nurse, live, axis });
    this.shift = make("div.db-shift");
    this.way = make("div.db-way");
    this.rest = make("div.db-rest", { role: "img" });
    this.element = make("div.db-strip", { role: "gridcell" }, this.shift, this.way, this.rest);
    this.bars = new Map();
  }

  draw() {
    const { shiftStart, shiftEnd, round } = this.nurse;
    place(this.shift, this.axis, shiftStart ?? 0, shiftEnd ?? 0);
    place(this.way, this.axis, round[0]?.start ?? 0, round.at(-1)?.end ?? 0);
    this.way.hidden = round.length < 2;
    this.drawRest();
    const gone = new Set(this.bars.keys());
    for (const stop of round) {
      gone.delete(stop.key);
      this.drawBar(stop);
    }
    for (const key of gone) {
      this.bars.get(key).element.remove();
      this.bars.get(key).ghost?.remove();
      this.bars.delete(key);
    }
  }

  drawRest() {
    const { rest } = this.nurse;
    this.rest.hidden = !rest || rest.end < this.axis.from || rest.start > this.axis.to;
    if (this.rest.hidden) return;
    place(this.rest, this.axis, rest.start, rest.end);
    this.rest.title = breakWords(rest, this.live.time);
    this.rest.setAttribute("aria-label", this.rest.title);
  }

  /** Only what the time alone changes: a window that is missed, a visit that lasts. */
  age() {
    for (const stop of this.nurse.round) {
      if (stop.state !== "done" && stop.state !== "no_access") this.drawBar(stop);
    }
  }

  drawBar(stop) {
    const bar = this.bars.get(stop.key) ?? this.addBar(stop);
    const now = this.live.now();
    const state = stopState(stop, now);
    const end = stop.state === "in_progress" ? Math.max(stop.end, now) : stop.end;
    const look = [state, stop.start, Math.round(end / 30_000), stop.version, stop.outlook?.version, this.axis.width, this.axis.from, this.axis.to].join();
    if (bar.look === look) return;
    bar.look = look;
    bar.element.hidden = end < this.axis.from || stop.start > this.axis.to;
    const width = Math.max(LEAST_PX, this.axis.x(end) - this.axis.x(stop.start) - 1);
    place(bar.element, this.axis, stop.start, end);
    bar.element.dataset.state = state;
    bar.element.dataset.critical = stop.visit.priority === "time_critical" ? "yes" : "";
    bar.element.dataset.questioned = stop.questioned ? "yes" : "";
    bar.element.replaceChildren(...inside(stop, state, width, end, now));
    this.drawGhost(bar, stop, state, now);
    bar.element.setAttribute("aria-label", `${serviceOf(stop)}: ${describe(stop, this.live)}`);
  }

  /** Where a visit is expected, where that is not where it is drawn: an outline from start to end. */
  drawGhost(bar, stop, state, now) {
    const { from, to } = stop.outlook ?? {};
    const going = ["in_progress", "overrunning"].includes(state);
    const start = going ? Math.max(now, stop.end) : from;
    const off = going ? to - start >= WORTH_MS : Math.abs(from - stop.start) >= WORTH_MS;
    const shown = Boolean(to) && off && (going || ["planned", "en_route", "at_risk", "late"].includes(state));
    if (shown && !bar.ghost) bar.ghost = this.element.appendChild(make("i.db-ghost", { "aria-hidden": "true" }));
    if (!bar.ghost) return;
    bar.ghost.hidden = !shown || to < this.axis.from || start > this.axis.to;
    bar.ghost.dataset.state = state;
    if (shown) place(bar.ghost, this.axis, start, to);
  }

  addBar(stop) {
    const element = make("button.db-bar", { type: "button", tabindex: "-1", "data-stop": stop.key });
    const bar = { element, look: "" };
    this.bars.set(stop.key, bar);
    this.element.append(element);
    return bar;
  }
}

function inside(stop, state, width, end, now) {
  const gone = stop.state === "in_progress" ? Math.min(1, (now - stop.start) / Math.max(1, end - stop.start)) : 0;
  const parts = [];
  if (gone > 0) parts.push(make("span.db-bar-gone", { style: `width:${(100 * gone).toFixed(1)}%` }));
  let room = width - PADDING_PX;
  if (state !== "planned" && width >= ICON_PX) {
    parts.push(icon(state));
    room -= ICON_PX;
  }
  if (stop.visit.stops.length > 1 && room >= ICON_PX) {
    parts.push(icon("pair"));
    room -= ICON_PX;
  }
  const by = latenessOf(stop);
  if (by && room >= by.length * LETTER_PX) {
    parts.push(make("span.db-bar-late", { "data-by": by }));
    room -= by.length * LETTER_PX + 4;
  }
  const word = fitting(serviceOf(stop), room);
  if (word) parts.splice(by ? -1 : parts.length, 0, make("span.db-bar-word", {}, word));
  return parts;
}

/** As much of a name as can be read in this room: all of it, its first word, three letters, or nothing. */
function fitting(name, room) {
  const first = name.split(" ")[0];
  return [name, first, first.slice(0, 3)].find((word) => word.length * LETTER_PX <= room) ?? "";
}

function place(element, axis, from, to) {
  element.style.left = `${axis.part(from).toFixed(3)}%`;
  element.style.width = `max(${LEAST_PX}px, calc(${(axis.part(to) - axis.part(from)).toFixed(3)}% - 1px))`;
}

/** The hours along the top. */
export function drawHours(element, axis, time) {
  const marks = axis.hours().map((at) => make("span", { style: `left:${axis.part(at).toFixed(3)}%` }, time(at)));
  element.replaceChildren(...marks);
}

