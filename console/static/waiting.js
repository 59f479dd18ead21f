// What waits for somebody though no alert tells of it: calls for help, visits in no round, silent phones, closed doors.

import { openCalls, silence } from "./alarm.js";
import { callLink, icon, make } from "./dom.js";
import { isSilent, PRIORITIES } from "./standing.js";
import { span } from "./visit_words.js";
import { reference, service } from "./words.js";

/** Each `{ first, key, look, make }`, as `Kept` wants it. Times, not ages: they do not flicker. */
export function waitingSections(live) {
  const { board, time, limits, clock } = live;
  const at = clock.now();
  const nurses = [...board.nurses.values()];
  const closed = [...board.stops.values()].filter((stop) => stop.state === "no_access");
  const put = [...board.visits.values()].filter((visit) => visit.deferred_at);
  const sections = [
    { first: true, name: "SOS", colour: "red", mark: "mark-sos", entries: openCalls(live).map((call) => called(call, time)) },
    { name: "Unallocated visits", id: "db-unallocated", colour: "amber", mark: "unallocated", always: true, empty: "None. Visits that nobody can make are listed here, each with the reason.", entries: board.unallocated().map((visit) => unallocated(visit, time)) },
    { name: "Put off", colour: "quiet", mark: "deferred", entries: put.map((visit) => putOff(visit)) },
    { name: "Silent phones", colour: "amber", mark: "silent", entries: nurses.filter((n) => isSilent(n, at, limits)).map((n) => silent(n, time)) },
    { name: "Questioned events", colour: "amber", mark: "question", entries: nurses.filter((n) => n.state?.questioned > 0).map(questioned) },
    { name: "No access", colour: "amber", mark: "no_access", entries: closed.map((stop) => noAccess(stop, board, time)) },
  ];
  return sections
    .filter(({ entries, always }) => always || entries.length)
    .map((one) => ({ first: Boolean(one.first), key: one.name, look: JSON.stringify(one.entries.map(({ call, ...told }) => [told, call?.nurse.number])), make: () => section(one, live) }));
}

function called(call, time) {
  const { nurse, since, heard } = call;
  const at = nurse.position ? ` Last seen at ${time(Date.parse(nurse.position.at))}.` : " No position is known.";
  const note = `Called for help at ${time(Date.parse(since), true)}, still open.${at}${heard ? " Silenced at this desk." : ""}`;
  return { title: nurse.name, note, since, nurseId: nurse.id, key: call.key, call };
}

function questioned(nurse) {
  const count = nurse.state.questioned;
  return { title: nurse.name, note: `${count} ${count === 1 ? "event fits" : "events fit"} nowhere: see Questioned events`, nurseId: nurse.id };
}

function silent(nurse, time) {
  const note = nurse.phone ? `Last heard at ${time(Date.parse(nurse.phone.heard_at))}` : "Not heard since the shift began";
  return { title: nurse.name, note, nurseId: nurse.id };
}

function unallocated(visit, time) {
  const stop = visit.stops.find(({ nurseId }) => nurseId === null);
  const priority = visit.priority === "routine" ? "" : ` · ${PRIORITIES[visit.priority] ?? visit.priority}`;
  const window = `may start ${span(visit.windowStart, visit.windowEnd, time)}`;
  const title = `${service(stop.service)} · ${reference(visit.patient)}${priority}`;
  return { title, note: `${window}. ${visit.unplaced_because ?? "No reason was given."}`, nurseId: null, stopKey: stop.key, open: true };
}

function putOff(visit) {
  const [stop] = visit.stops;
  const left = visit.days_left === null ? "" : ` · ${visit.days_left} days left`;
  const title = `${service(stop.service)} · ${reference(visit.patient)}${left}`;
  return { title, note: visit.not_made_because ?? "No reason was given.", nurseId: null, stopKey: stop.key, open: true };
}

function noAccess(stop, board, time) {
  const nurse = board.nurses.get(stop.nurseId);
  const title = `${service(stop.service)} · ${reference(stop.visit.patient)}`;
  return { title, note: `${nurse?.name ?? "Somebody"} at ${time(stop.noAccessAt)}`, nurseId: stop.nurseId, stopKey: stop.key };
}

function section({ name, id, colour, mark, empty, entries }, live) {
  const head = make("h3", {}, icon(mark, `db-ink-${colour}`), name, make("span.db-count", {}, String(entries.length)));
  const items = entries.map((entry) => make("li", { "data-key": entry.key ?? entry.stopKey ?? entry.nurseId }, entryButton(entry, live), entry.call ? callActions(entry.call, live) : null));
  const body = items.length ? make("ul", {}, ...items) : make("p.db-nothing", {}, icon("done"), make("span", {}, empty));
  return make("section.db-rail-section", { id, tabindex: id ? "-1" : null, "data-colour": colour }, head, body);
}

/** What can be done about a call for help: call and find the nurse, and stop the noise here. */
function callActions(call, live) {
  const { nurse, heard } = call;
  const show = () => live.tell("goto", live.board.nurses.get(nurse.id).position);
  const find = nurse.position ? make("button.db-button.db-danger", { type: "button", onclick: show }, "Show on the map") : null;
  const hush = heard ? null : make("button.db-button", { type: "button", onclick: () => silence(call, live) }, "Silence here");
  const actions = [callLink(nurse.number), find, hush].filter(Boolean);
  return actions.length ? make("div.db-actions.db-call-actions", {}, ...actions) : null;
}

function entryButton({ title, note, since, nurseId, stopKey = null, open = false }, live) {
  const age = since ? make("time", { "data-since": since }) : null;
  const words = [make("strong", {}, title, age), make("span", {}, note)];
  const act = () => (open ? (live.pick(nurseId, stopKey), live.open(stopKey)) : live.pick(nurseId, stopKey));
  return make("button.db-entry", { type: "button", onclick: act }, ...words);
}
