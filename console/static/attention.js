// The rail at the side: what needs somebody's attention, or, once a nurse is picked, that nurse's day.

import { icon, make, oncePerFrame, say } from "./dom.js";
import { liveOn } from "./live.js";
import { nurseCard } from "./nurse_card.js";
import { isSilent, PRIORITIES, statusOf } from "./standing.js";
import { reference, service } from "./words.js";
import { span } from "./visit_words.js";

const REST_MS = 250;

export function mount(element, options) {
  const live = liveOn(options);
  const count = make("span.db-count", {}, "0");
  const head = make("div.db-card-head", {}, make("h2", {}, "Needs attention"), count);
  const list = make("div.db-rail-list", { tabindex: "0", role: "region", "aria-label": "Needs attention" });
  const card = nurseCard(live);
  element.append(head, list, card.element);
  element.classList.add("db-card");

  let drawn = "";
  const draw = () => {
    const picked = live.board.nurses.get(live.picked.nurseId);
    head.hidden = list.hidden = Boolean(picked);
    card.show(picked ?? null);
    if (picked || !live.ready) return;
    const sections = sectionsOf(live).filter(({ entries, always }) => always || entries.length);
    const content = JSON.stringify(sections);
    if (content === drawn) return; // what stands still can be read, clicked and focused
    drawn = content;
    say(count, String(sections.reduce((sum, { entries }) => sum + entries.length, 0)));
    list.replaceChildren(...sections.map((each) => section(each, live)));
  };
  return live.on(["board", "changes", "tick", "picked"], oncePerFrame(draw, REST_MS));
}

/** The sections, worst first; an entry is `{ title, note, nurseId, stopKey }`. Times, not ages: they do not flicker. */
function sectionsOf({ board, time, limits, clock }) {
  const at = clock.now();
  const nurses = [...board.nurses.values()];
  const closed = [...board.stops.values()].filter((stop) => stop.state === "no_access");
  return [
    { name: "SOS", colour: "red", mark: "mark-sos", entries: nurses.filter((n) => statusOf(n) === "sos").map((n) => called(n, time)) },
    {
      name: "Unallocated visits",
      id: "db-unallocated",
      colour: "amber",
      mark: "unallocated",
      always: true,
      entries: board.unallocated().map((visit) => unallocated(visit, time)),
    },
    { name: "Silent phones", colour: "amber", mark: "silent", entries: nurses.filter((n) => isSilent(n, at, limits)).map((n) => silent(n, time)) },
    { name: "No access", colour: "amber", mark: "no_access", entries: closed.map((stop) => noAccess(stop, board, time)) },
  ];
}

function called(nurse, time) {
  return { title: nurse.name, note: `Called for help at ${time(Date.parse(nurse.state.sos_since), true)}`, nurseId: nurse.id };
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
  return { title, note: `${window}. ${visit.unplaced_because ?? "No reason was given."}`, nurseId: null, stopKey: stop.key };
}

function noAccess(stop, board, time) {
  const nurse = board.nurses.get(stop.nurseId);
  const title = `${service(stop.service)} · ${reference(stop.visit.patient)}`;
  return { title, note: `${nurse?.name ?? "Somebody"} at ${time(stop.noAccessAt)}`, nurseId: stop.nurseId, stopKey: stop.key };
}

function section({ name, id, colour, mark, entries }, live) {
  const head = make("h3", {}, icon(mark, `db-ink-${colour}`), name, make("span.db-count", {}, String(entries.length)));
  const items = entries.map((entry) => make("li", {}, entryButton(entry, live)));
  const body = items.length ? make("ul", {}, ...items) : make("p.db-nothing", {}, icon("done"), make("span", {}, "None"));
  const element = make("section.db-rail-section", { id, tabindex: id ? "-1" : null, "data-colour": colour }, head, body);
  return element;
}

function entryButton({ title, note, nurseId, stopKey = null }, live) {
  const words = [make("strong", {}, title), make("span", {}, note)];
  return make("button.db-entry", { type: "button", onclick: () => live.pick(nurseId, stopKey) }, ...words);
}
