// Who can take a visit: nurses best for the day first, with what it would cost, and why the others cannot.

import { tryMove } from "./actions.js";
import { ask } from "./desk.js";
import { icon, make } from "./dom.js";
import { serviceOf } from "./visit_words.js";
import { reference } from "./words.js";

const KNOWN = { preferred: "preferred", known: "knows the patient", new: "new to the patient" };

export async function showCandidates(stop, live) {
  const found = await ask("candidates", { visit_id: stop.visit.id, carer_no: stop.carerNo });
  if (!found) return;
  const name = (id) => live.board.nurses.get(id)?.name ?? "Somebody";
  const title = `Who can take ${serviceOf(stop)} · ${reference(stop.visit.patient)}?`;
  const close = make("button.db-icon-button", { type: "button", "aria-label": "Close", onclick: () => dialog.close() }, icon("close"));
  const able = found.able.map((one) => ableRow(one, name, live, () => (dialog.close(), tryMove(live, stop, one.nurse_ids[0], one.starts))));
  const refused = found.refused.map((one) => make("li", {}, make("strong", {}, name(one.nurse_id)), make("span", {}, one.because.join(" "))));
  const body = make(
    "div.db-proposal",
    { tabindex: "0", role: "region", "aria-label": "Nurses" },
    able.length ? make("ul.db-able", { "aria-label": "Who can" }, ...able) : make("p.db-nothing", {}, "Nobody can, as the day stands."),
    refused.length ? make("details", {}, make("summary", {}, `${refused.length} cannot`), make("ul.db-left-out", {}, ...refused)) : null,
  );
  const dialog = make("dialog.db-dialog.db-wide", { "aria-label": title }, make("div.db-card-head", {}, make("h2", {}, title), make("span.db-space"), close), body);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function ableRow(one, name, live, take) {
  const later = one.later.map(({ patient, by_min: by, late_min: late }) => `${patient} ${by} min later${late ? `, then ${late} min late` : ""}`);
  const facts = [
    `${live.time(Date.parse(one.starts))}–${live.time(Date.parse(one.ends))}`,
    one.late_min ? `${one.late_min} min late` : "in its window",
    `+${one.travel_min_added} min, ${one.km_added} km on the road`,
    KNOWN[one.continuity],
    later.length ? later.join("; ") : "delays nobody",
  ];
  const action = one.has_it ? make("span.db-count", {}, "has it now") : make("button.db-button", { type: "button", onclick: take }, "Give it");
  const words = make("span", {}, make("strong", {}, one.nurse_ids.map(name).join(" and ")), make("small", {}, facts.join(" · ")));
  return make("li", {}, words, one.nurse_ids.length === 1 ? action : null);
}
