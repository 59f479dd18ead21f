// Whose visit it is: name, home and what who comes must know. Asked for by a person, written down, and forgotten when it is left.

import { ask, coordinator } from "./desk.js";
import { whoIsHere } from "./desk_bar.js";
import { make } from "./dom.js";
import { stopState, VISIT_STATES } from "./standing.js";
import { serviceOf } from "./visit_words.js";
import { reference } from "./words.js";

const CONTACT = { text: "by text message", call: "by a call", none: "wants not to be told" };
const UNKNOWN = "not known";

/** A part of the visit's drawer: `show(stop)` for another visit, which forgets whom it showed; null forgets as well. */
export function patientCard(live) {
  let shown = null;
  const asks = make("button.db-button", { type: "button", onclick: () => look() });
  const facts = make("dl.db-facts", { hidden: true });
  const today = make("ul.db-patient-today", { hidden: true, "aria-label": "Visits of this patient today" });
  const element = make("section.db-patient", { "aria-label": "Patient" }, make("h3", {}, "Patient"), asks, facts, today);

  async function look() {
    if (!coordinator()) await whoIsHere();
    const stop = shown;
    const told = coordinator() && stop && (await ask("patients/view", { visit_id: stop.visit.id }));
    if (!told || shown !== stop) return;
    facts.replaceChildren(...rowsOf(told).map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))));
    today.replaceChildren(...stopsOf(stop, live).map((other) => item(other, live)));
    facts.hidden = today.hidden = false;
    asks.hidden = true;
    facts.tabIndex = -1;
    facts.focus();
  }

  return {
    element,
    show(stop) {
      if (stop?.key === shown?.key) return;
      shown = stop;
      for (const list of [facts, today]) {
        list.hidden = true;
        list.replaceChildren();
      }
      asks.hidden = !stop;
      asks.textContent = stop ? `Who is ${reference(stop.visit.patient)}?` : "";
    },
  };
}

function rowsOf(told) {
  return [
    ["Name", told.name],
    ["Home", told.address ?? UNKNOWN],
    ["Is told", CONTACT[told.contact] ?? UNKNOWN],
    ["Take care", listed(told.risks)],
    ["Prefers", listed(told.preferred)],
    ["Knows", listed(told.known)],
    ...(told.excluded.length ? [["Never", told.excluded.join(", ")]] : []),
    ...(told.carer_gender ? [["Only", `${told.carer_gender} nurses`]] : []),
  ];
}

function listed(words) {
  return words.length ? words.join(", ") : UNKNOWN;
}

/** Every part of the patient's visits today, in the order of time. */
function stopsOf(stop, { board }) {
  const theirs = [...board.stops.values()].filter(({ visit }) => visit.patient === stop.visit.patient);
  return theirs.sort((one, other) => one.start - other.start);
}

function item(stop, live) {
  const who = live.board.nurses.get(stop.nurseId)?.name ?? "nobody yet";
  const words = `${live.time(stop.start)} · ${serviceOf(stop)} · ${who} · ${VISIT_STATES[stopState(stop, live.now())]}`;
  return make("li", {}, make("button.db-link", { type: "button", onclick: () => live.open(stop.key) }, words));
}
