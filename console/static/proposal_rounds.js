// The rounds that a proposal touches, before and after, one thin line above the other.

import { make } from "./dom.js";
import { service } from "./words.js";

const HOUR = 3_600_000;

/** A row for each nurse who gives or takes a visit; what is moved stands out. */
export function compared(moves, live) {
  const nurses = [...new Set(moves.flatMap(({ from_nurse: from, to_nurse: to }) => [from, to]))]
    .map((id) => live.board.nurses.get(id))
    .filter(Boolean);
  if (!nurses.length) return null;
  const rows = nurses.map((nurse) => ({ nurse, before: stopsOf(nurse), after: movedOf(nurse, moves, live) }));
  const times = rows.flatMap(({ before, after }) => [...before, ...after]).flatMap(({ start, end }) => [start, end]);
  const from = Math.floor(Math.min(live.now(), ...times) / HOUR) * HOUR;
  const to = Math.ceil(Math.max(...times) / HOUR) * HOUR;
  const axis = (at) => `${((100 * (at - from)) / (to - from)).toFixed(2)}%`;
  const line = (name, stops) => {
    const bars = stops.map(({ start, end, word, moved }) =>
      make("i", { style: `left:${axis(start)};width:calc(${axis(end)} - ${axis(start)})`, "data-moved": moved ? "yes" : "", title: word }),
    );
    return make("div.db-line", { role: "img", "aria-label": `${name}: ${stops.map(({ word }) => word).join(", ") || "no visit"}` }, make("span", {}, name), make("div", {}, ...bars));
  };
  const row = ({ nurse, before, after }) => make("div.db-compared", {}, make("strong", {}, nurse.name), line("before", before), line("after", after));
  return make("section", {}, make("h3", {}, "Rounds before and after"), ...rows.map(row));
}

function stopsOf(nurse) {
  return nurse.round.filter(({ state }) => !["done", "no_access"].includes(state)).map((stop) => barOf(stop, stop.start, stop.end, false));
}

function movedOf(nurse, moves, live) {
  const of = new Map(moves.map((move) => [`${move.visit_id}#${move.carer_no}`, move]));
  const stays = nurse.round
    .filter((stop) => !["done", "no_access"].includes(stop.state) && !of.has(stop.key))
    .map((stop) => barOf(stop, stop.start, stop.end, false));
  const comes = moves
    .filter(({ to_nurse: to, to_start: at }) => to === nurse.id && at)
    .map((move) => [live.board.stops.get(`${move.visit_id}#${move.carer_no}`), Date.parse(move.to_start)])
    .filter(([stop]) => stop)
    .map(([stop, start]) => barOf(stop, start, start + stop.durationMs, true));
  return [...stays, ...comes].sort((a, b) => a.start - b.start);
}

function barOf(stop, start, end, moved) {
  return { start, end, moved, word: service(stop.service) };
}
