// Whose round is listed where: pure, from the board, the filter and the order that somebody chose.

import { concerns, isKept, isSilent, onDuty, statusOf, stopState, weightOf } from "./standing.js";

/** Every group that a list may have; by name there is one. */
export const GROUPS = { attention: "Needs attention", on: "On shift", not_started: "Not started", ended: "Shift ended", all: "By name" };
export const ORDERS = { need: "By need", name: "By name" };

const inOneOf = (nurse, live, ...states) => nurse.round.some((stop) => states.includes(stopState(stop, live.now())));
export const FILTERS = {
  done: { word: "visits completed", keeps: (nurse) => nurse.round.some((stop) => stop.state === "done") },
  in_progress: { word: "visits in progress", keeps: (nurse) => nurse.round.some((stop) => stop.state === "in_progress") },
  on_time: { word: "visits that began late", keeps: (nurse) => nurse.round.some((stop) => stop.arrivedAt > stop.visit.windowEnd) },
  at_risk: { word: "at risk of being late", keeps: (nurse, live) => inOneOf(nurse, live, "at_risk") },
  late: { word: "late now", keeps: (nurse, live) => inOneOf(nurse, live, "late", "missed") },
  on_shift: { word: "on shift", keeps: onDuty },
  silent: { word: "silent phones", keeps: (nurse, live) => isSilent(nurse, live.now(), live.limits) },
  questioned: { word: "questioned events", keeps: (nurse) => nurse.state?.questioned > 0 },
  sos: { word: "SOS", keeps: (nurse) => statusOf(nurse) === "sos" },
};

/** Group → its nurses in order, worst first and then by name; a nurse whom the filter does not keep is in none. */
export function listed(live, order) {
  const { board, filter } = live;
  const groups = new Map(Object.keys(GROUPS).map((key) => [key, []]));
  for (const nurse of board.nurses.values()) {
    if (!isKept(nurse, live) || (filter && !FILTERS[filter].keeps(nurse, live))) continue;
    const weight = order === "name" ? 0 : weightOf(concerns(nurse, live.now(), live.limits, board.notices.get(nurse.id)));
    groups.get(order === "name" ? "all" : groupOf(nurse, weight)).push({ id: nurse.id, name: nurse.name, weight });
  }
  const worstFirst = (a, b) => b.weight - a.weight || a.name.localeCompare(b.name);
  for (const nurses of groups.values()) nurses.sort(worstFirst);
  return groups;
}

function groupOf(nurse, weight) {
  if (weight) return "attention";
  return onDuty(nurse) ? "on" : statusOf(nurse);
}
