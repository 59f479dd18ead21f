// One nurse's day: how they are, and their round stop by stop.

import { nurseActions } from "./actions.js";
import { callLink, icon, make, offer, say } from "./dom.js";
import { lines } from "./hover_card.js";
import { ABSENCES, NOTICES, stopState, statusOf, VISIT_STATES } from "./standing.js";
import { breakWords, serviceOf, span } from "./visit_words.js";
import { reference } from "./words.js";

export function nurseCard(live) {
  const title = make("h2");
  const band = make("span.db-band");
  const close = make("button.db-icon-button", { type: "button", "aria-label": "Close", onclick: () => live.pick(null) }, icon("close"));
  const facts = make("dl.db-facts");
  const actions = make("div.db-actions.db-card-actions");
  const round = make("ol.db-stops", { "aria-label": "Round" });
  const scroll = make("div.db-rail-list", { tabindex: "0", role: "region", "aria-label": "Picked nurse" }, facts, actions, round);
  const element = make("div.db-nurse-card", { hidden: true }, make("div.db-card-head", {}, title, band, make("span.db-space"), close), scroll);

  let drawn = "";
  return {
    element,
    /** Show this nurse, as known now; null shows nobody. */
    show(nurse) {
      element.hidden = !nurse;
      if (!nurse) return;
      say(title, nurse.name);
      say(band, nurse.band ? `B${nurse.band}` : "");
      band.hidden = !nurse.band;
      factsOf(nurse, live).forEach(([name, value], place) => fact(facts, place, name, value));
      offer(actions, nurseActions(nurse, live), ...[callLink(nurse.number)].filter(Boolean));
      const stops = nurse.round.map((stop) => stopWords(stop, live));
      const content = JSON.stringify([nurse.id, stops, nurse.rest, live.picked.stopKey]);
      if (content === drawn) return;
      drawn = content;
      const items = stops.map((words) => stopItem(words, nurse, live));
      if (nurse.rest) items.splice(placeOfBreak(nurse), 0, make("li.db-break", {}, breakWords(nurse.rest, live.time)));
      round.replaceChildren(...items);
      if (!stops.length) round.append(make("li.db-nothing", {}, "No visits today"));
    },
  };
}

function factsOf(nurse, live) {
  const { shiftStart, shiftEnd } = nurse;
  const shift = shiftStart ? span(shiftStart, shiftEnd, live.time) : "none planned";
  const sos = statusOf(nurse) === "sos" ? [["Called at", live.time(Date.parse(nurse.state.sos_since), true)]] : [];
  const [status, ...others] = lines(nurse, live);
  const away = nurse.absence ? [["Absent", ABSENCES[nurse.absence.kind] ?? nurse.absence.kind]] : [];
  const notice = live.board.notices.get(nurse.id);
  const read = notice ? [["Last change", `${NOTICES[notice.state]} · ${live.time(Date.parse(notice.answered_at ?? notice.sent_at))}`]] : [];
  return [status, ...sos, ...away, ...read, ["Shift", shift], ["Day", dayWords(nurse, live)], ["Number", nurse.number ?? "not known"], ...others];
}

/** How much of the day is left, and when the last visit is expected to be over. */
function dayWords({ round }, live) {
  const left = round.filter((stop) => ["planned", "en_route", "in_progress"].includes(stop.state));
  if (!round.length) return "no visits";
  if (!left.length) return `all ${round.length} visits over`;
  const ends = left.map((stop) => stop.end).filter(Boolean);
  return `${left.length} of ${round.length} visits to go${ends.length ? `, over about ${live.time(Math.max(...ends))}` : ""}`;
}

/** The name and value at a place of the list, made where there is none yet; only what differs is written. */
function fact(list, place, name, value) {
  const row = list.children[place] ?? list.appendChild(make("div", {}, make("dt"), make("dd")));
  say(row.firstChild, name);
  say(row.lastChild, value);
}

function stopWords(stop, live) {
  const state = stopState(stop, live.now());
  return {
    key: stop.key,
    state,
    time: live.time(stop.start),
    service: serviceOf(stop),
    patient: reference(stop.visit.patient),
    window: span(stop.visit.windowStart, stop.visit.windowEnd, live.time),
    word: VISIT_STATES[state],
    critical: stop.visit.priority === "time_critical",
    questioned: stop.questioned,
  };
}

/** Before which stop the break is planned: the first one planned after it. */
function placeOfBreak({ round, rest }) {
  const next = round.findIndex((stop) => (stop.plannedStart ?? stop.start) >= rest.start);
  return next < 0 ? round.length : next;
}

function stopItem(words, nurse, live) {
  const pick = () => live.pick(nurse.id, words.key);
  const chosen = live.picked.stopKey === words.key;
  const button = make(
    "button.db-stop",
    { type: "button", onclick: pick, "data-state": words.state, "aria-pressed": String(chosen) },
    icon(words.state, "db-stop-icon"),
    make("span.db-time", {}, words.time),
    make("span.db-stop-what", {}, make("strong", {}, `${words.service} · ${words.patient}`), make("span", {}, note(words))),
  );
  const open = () => live.open(words.key);
  const full = make("button.db-link", { type: "button", onclick: open, "aria-label": `${words.service} · ${words.patient} in full` }, "In full");
  return make("li", {}, button, chosen ? full : null);
}

function note({ word, window, critical, questioned }) {
  const parts = [word, `may start ${window}`, critical ? "time-critical" : "", questioned ? `${questioned} questioned` : ""];
  return parts.filter(Boolean).join(" · ");
}
