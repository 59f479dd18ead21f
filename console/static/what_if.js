// What if: the answer to a question about the live day that touches nothing.

import { ask, tell } from "./desk.js";
import { icon, make } from "./dom.js";
import { compared } from "./proposal_rounds.js";

export async function showProposalOf(live, asked, title) {
  tell("Looking…");
  const told = await ask("what-if", asked);
  if (!told) return;
  const [best] = told.options;
  const close = make("button.db-icon-button", { type: "button", "aria-label": "Close", onclick: () => dialog.close() }, icon("close"));
  const rows = [
    ["Visits late", told.before.visits_late, best?.after.visits_late],
    ["Minutes late", told.before.late_min, best?.after.late_min],
    ["In no round", told.before.left_out, best?.after.left_out],
    ["Minutes on the road", told.before.travel_min, best?.after.travel_min],
  ].map(([name, before, after]) => make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, String(before)), make("td", {}, String(after ?? "–"))));
  const head = make("tr", {}, ...["", "If nothing is done", "Re-planned"].map((word) => make("th", { scope: "col" }, word)));
  const moves = (best?.moves ?? []).map((move) => make("li", {}, make("strong", {}, move.patient), make("span", {}, move.says)));
  const body = make(
    "div.db-proposal",
    { tabindex: "0", role: "region", "aria-label": "What would happen" },
    make("p", {}, "This is a question: nothing is changed by it."),
    make("table.db-costs", {}, make("thead", {}, head), make("tbody", {}, ...rows)),
    make("ul.db-left-out", { "aria-label": "Moves" }, ...(moves.length ? moves : [make("li.db-nothing", {}, "Nothing would be moved.")])),
    best ? compared(best.moves, live) : null,
  );
  const dialog = make("dialog.db-dialog.db-wide", { "aria-label": title }, make("div.db-card-head", {}, make("h2", {}, title), make("span.db-space"), close), body);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
