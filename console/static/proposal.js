// A proposal in full: what it changes for whom and why, what it costs beside doing nothing, and the decision.

import { ask, tellInForce } from "./desk.js";
import { askFor } from "./dialog.js";
import { icon, make, say } from "./dom.js";
import { compared } from "./proposal_rounds.js";
import { service } from "./words.js";

const VARIANTS = { best_day: "Best day", least_change: "Least change" };
const COSTS = [
  ["visits_late", "Visits late"],
  ["late_min", "Minutes late"],
  ["left_out", "In no round"],
  ["promises_moved", "Promises moved"],
  ["nurses_affected", "Nurses affected"],
  ["continuity_lost", "Continuity lost"],
  ["travel_min", "Minutes on the road"],
];

export function showProposal(live, proposalId) {
  new ProposalView(live, proposalId).open();
}

class ProposalView {
  constructor(live, proposalId) {
    Object.assign(this, { live, proposalId, variant: null, left: new Set() });
  }

  get proposal() {
    return this.live.board.proposals.get(this.proposalId);
  }

  open() {
    const close = make("button.db-icon-button", { type: "button", "aria-label": "Close", onclick: () => this.dialog.close() }, icon("close"));
    this.state = make("span.db-count");
    this.tabs = make("div.db-spans", { role: "group", "aria-label": "Variants" });
    const head = make("div.db-card-head", {}, make("h2", {}, "Re-plan"), this.state, make("span.db-space"), this.tabs, close);
    this.body = make("div.db-proposal", { tabindex: "0", role: "region", "aria-label": "What it changes" });
    this.foot = make("div.db-dialog-foot");
    this.dialog = make("dialog.db-dialog.db-wide", { "aria-label": "Re-plan" }, head, this.body, this.foot);
    document.body.append(this.dialog);
    this.quiet = this.live.on(["board", "changes"], () => this.draw());
    this.dialog.addEventListener("close", () => {
      this.quiet();
      this.dialog.remove();
    });
    this.draw();
    this.dialog.showModal();
  }

  draw() {
    const { proposal } = this;
    if (!proposal) return;
    const look = `${proposal.version} ${this.variant}`;
    if (look === this.look) return;
    const option = proposal.options.find(({ variant }) => variant === this.variant) ?? proposal.options[0];
    this.variant = option.variant;
    this.look = `${proposal.version} ${this.variant}`;
    say(this.state, STATES[proposal.state] ?? proposal.state);
    this.drawTabs(proposal);
    const why = proposal.state === "open" ? null : make("p.db-stale", { role: "status" }, whyNot(proposal, this.live));
    const rounds = compared(option.moves, this.live);
    this.body.replaceChildren(...[why, costs(proposal), this.moves(option), rounds, leftOut(option)].filter(Boolean));
    this.drawFoot(proposal, option);
  }

  drawTabs({ options }) {
    const tab = ({ variant }) =>
      make("button", { type: "button", "aria-pressed": String(variant === this.variant), onclick: () => this.show(variant) }, VARIANTS[variant]);
    this.tabs.replaceChildren(...(options.length > 1 ? options.map(tab) : []));
  }

  show(variant) {
    this.variant = variant;
    this.left.clear();
    this.draw();
  }

  moves({ moves }) {
    const open = this.proposal.state === "open";
    const item = (move) => {
      const key = `${move.visit_id}#${move.carer_no}`;
      const box = make("input", { type: "checkbox", checked: !this.left.has(key), disabled: !open, "aria-label": move.says });
      box.addEventListener("change", () => (box.checked ? this.left.delete(key) : this.left.add(key), this.drawFoot(this.proposal, { moves })));
      const when = [move.from_start, move.to_start].map((at) => (at ? this.live.time(Date.parse(at)) : "–")).join(" → ");
      const words = make("span", {}, make("strong", {}, `${service(move.service)} · ${move.patient}`), make("small", {}, move.says));
      return make("li", { "data-kind": move.kind }, make("label", {}, box, make("span.db-time", {}, when), words));
    };
    const none = make("li.db-nothing", {}, "Nothing is moved.");
    return make("ul.db-moves", { "aria-label": "Moves" }, ...(moves.length ? moves.map(item) : [none]));
  }

  drawFoot(proposal, { moves }) {
    if (proposal.state !== "open") {
      this.foot.replaceChildren(make("button.db-button", { type: "button", onclick: () => this.dialog.close() }, "Close"));
      return;
    }
    const chosen = moves.length - moves.filter(({ visit_id: id, carer_no: no }) => this.left.has(`${id}#${no}`)).length;
    const all = chosen === moves.length;
    const words = all ? "Accept all" : `Accept ${chosen} of ${moves.length}`;
    const accept = make("button.db-button.db-primary", { type: "button", disabled: !chosen, onclick: () => this.accept(moves) }, words);
    this.foot.replaceChildren(make("button.db-button", { type: "button", onclick: () => this.reject() }, "Reject…"), accept);
  }

  async accept(moves) {
    const chosen = moves.filter(({ visit_id: id, carer_no: no }) => !this.left.has(`${id}#${no}`));
    const parts = this.left.size ? chosen.map(({ visit_id: id, carer_no: no }) => [id, no]) : null;
    const asked = { proposal_id: this.proposalId, variant: this.variant, ...(parts && { parts }) };
    this.foot.inert = true; // one decision, however often it is clicked
    const done = await ask("proposals/accept", asked);
    this.foot.inert = false;
    if (!done) return;
    this.dialog.close();
    tellInForce(this.live, done.revision);
  }

  async reject() {
    const said = await askFor("Reject the re-plan", [{ name: "because", label: "Why" }], { does: "Reject it" });
    if (said && (await ask("proposals/reject", { proposal_id: this.proposalId, because: said.because }))) this.dialog.close();
  }
}

const STATES = {
  open: "open",
  accepted: "accepted",
  partly_accepted: "accepted in part",
  rejected: "rejected",
  stale: "out of date",
  superseded: "replaced by a newer one",
  undone: "undone",
};

function whyNot({ state, because, decided_by: by, decided_at: at }, { time }) {
  const who = by ? ` by ${by.replace(/^\w+:/u, "")} at ${time(Date.parse(at))}` : "";
  return `This re-plan is ${STATES[state]}${who}${because ? `: ${because}` : "."}`;
}

function costs({ before, options }) {
  const head = ["What it costs", "If nothing is done", ...options.map(({ variant }) => VARIANTS[variant])].map((word) => make("th", { scope: "col" }, word));
  const row = ([key, name]) => {
    const cell = (cost) => make("td", { "data-better": cost[key] < before[key] ? "yes" : cost[key] > before[key] ? "no" : "" }, String(cost[key]));
    return make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, String(before[key])), ...options.map(({ after }) => cell(after)));
  };
  return make("table.db-costs", {}, make("caption.db-unseen", {}, "What it costs"), make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...COSTS.map(row)));
}

function leftOut({ left_out: parts }) {
  if (!parts.length) return null;
  const item = ({ patient, because, would_fit: fits }) =>
    make("li", {}, make("strong", {}, patient), make("span", {}, because), ...fits.map((words) => make("small", {}, `It would fit: ${words}`)));
  return make("section", {}, make("h3", {}, "Could not be placed"), make("ul.db-left-out", {}, ...parts.map(item)));
}
