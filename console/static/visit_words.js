// A visit in one sentence, for hands that hover and ears that listen.

import { latenessOf, PRIORITIES, stopState, VISIT_STATES } from "./standing.js";
import { reference, service } from "./words.js";

/** `P4471, planned 10:30–11:10, window 10:00–12:00, in progress since 10:42, time-critical, double-up with Ruth Price` */
export function describe(stop, live) {
  const { time, board } = live;
  const { visit } = stop;
  const planned = stop.plannedStart ? `planned ${span(stop.plannedStart, stop.plannedEnd, time)}` : "no planned time";
  const others = visit.stops.filter((other) => other !== stop);
  return [
    live.wall ? "" : reference(visit.patient),
    planned,
    `may start ${span(visit.windowStart, visit.windowEnd, time)}`,
    happened(stop, live),
    visit.priority === "routine" ? "" : (PRIORITIES[visit.priority] ?? visit.priority),
    others.length ? `double-up with ${others.map((other) => whoHas(other, board)).join(" and ")}` : "",
    stop.questioned ? `${stop.questioned} questioned ${stop.questioned > 1 ? "events" : "event"}` : "",
  ]
    .filter(Boolean)
    .join(", ");
}

export function span(from, to, time) {
  return `${time(from)}–${time(to)}`;
}

/** `Break 12:10–12:40` */
export function breakWords(rest, time) {
  return `Break ${span(rest.start, rest.end, time)}`;
}

export function serviceOf(stop) {
  return service(stop.service);
}

function happened(stop, live) {
  const { time } = live;
  const state = stopState(stop, live.now());
  const by = latenessOf(stop);
  const since = { en_route: stop.enRouteAt, in_progress: stop.arrivedAt, no_access: stop.noAccessAt }[stop.state];
  if (stop.state === "done") return `done ${span(stop.arrivedAt, stop.finishedAt, time)}`;
  const expected = by && stop.outlook.from ? `, expected ${time(stop.outlook.from)}, ${by} min` : "";
  return VISIT_STATES[state] + (since ? ` since ${time(since)}` : "") + expected;
}

function whoHas(stop, board) {
  return board.nurses.get(stop.nurseId)?.name ?? "nobody yet";
}
