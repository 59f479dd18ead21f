// One alert, proposal or request as a card of the rail: what it is, whom it reaches, and buttons that do something about it.

import { showCandidates } from "./candidates.js";
import { ask, coordinator } from "./desk.js";
import { askFor } from "./dialog.js";
import { callLink, icon, make } from "./dom.js";
import { showProposal } from "./proposal.js";
import { service } from "./words.js";

const COLOURS = { critical: "red", high: "amber", medium: "amber", low: "quiet" };
const RANK = { critical: "P1", high: "P2", medium: "P3", low: "P4" };
const TITLES = {
  round_slips: "Round slips",
  change_not_acknowledged: "Change not acknowledged",
  change_contested: "Change contested",
  visit_left_out: "Visit in no round",
};
const MARKS = { round_slips: "at_risk", change_not_acknowledged: "silent", change_contested: "question", visit_left_out: "unallocated" };
const SNOOZES_MIN = [10, 30];
const LISTED = 4; // visits that a card names

export function alertCard(alert, live) {
  const nurse = live.board.nurses.get(alert.nurse_id);
  const title = nurse ? `${nurse.name}: ${TITLES[alert.kind].toLowerCase()}` : TITLES[alert.kind];
  const reach = alert.knock_on.slice(0, LISTED).map((one) => knockOn(one, live));
  const more = alert.knock_on.length - LISTED;
  if (more > 0) reach.push(make("li", {}, `and ${more} more`));
  const held = alert.state === "open" ? null : make("span.db-held", {}, heldWords(alert, live));
  return card({
    key: alert.alert_id,
    colour: COLOURS[alert.priority],
    mark: MARKS[alert.kind],
    rank: RANK[alert.priority],
    title,
    since: alert.opened_at,
    live,
    says: alert.says,
    more: [reach.length ? make("ul.db-reach", {}, ...reach) : null, held],
    actions: actionsOf(alert, live),
    number: isOver(alert) ? null : nurse?.number,
    pick: () => nurse && live.pick(nurse.id),
  });
}

function heldWords(alert, live) {
  const at = (time) => live.time(Date.parse(time));
  const { state, acknowledged_by: by, acknowledged_at: since, ended_by: ender, ended_at: ended, ended_because: because } = alert;
  if (state === "snoozed") return `Silent until ${at(alert.snoozed_until)}`;
  if (isOver(alert)) return `Closed by ${ender ?? "the house"} at ${at(ended)}${because ? `: ${because}` : "."}`;
  return `In hand: ${by}, since ${at(since)}`;
}

function knockOn(one, { time }) {
  const when = one.starts ? `, expected ${time(Date.parse(one.starts.p50))}` : "";
  const by = Math.max(1, Math.round((one.late_s || one.late_p90_s) / 60));
  const words = `${service(one.service)} · ${one.patient}: due ${time(Date.parse(one.window_end))}${when}, ${one.state === "late" ? "" : "up to "}+${by} min`;
  return make("li", { "data-state": one.state }, words);
}

function actionsOf(alert, live) {
  if (isOver(alert)) return [];
  const id = { alert_id: alert.alert_id };
  const proposal = [...live.board.proposals.values()].find(({ state }) => state === "open");
  const asks = { team_id: live.teamId, situation: "overrun", nurse_id: alert.nurse_id };
  const replan = proposal
    ? ["Show re-plan", () => showProposal(live, proposal.proposal_id), "primary"]
    : ["Ask for re-plan", () => ask("replans", asks), "primary"];
  const worst = worstOf(alert, live);
  return [
    alert.kind === "round_slips" ? replan : null,
    worst ? ["Who can take this?", () => showCandidates(worst, live)] : null,
    alert.state === "open" ? ["Acknowledge", () => ask("alerts/acknowledge", id)] : null,
    ...SNOOZES_MIN.map((minutes) => [`Snooze ${minutes} min`, () => ask("alerts/snooze", { ...id, minutes })]),
    ["Close…", () => closeWithReason(id)],
  ].filter(Boolean);
}

/** Of the visits that an alert reaches, the one that comes latest and can still be somebody else's. */
function worstOf({ visit_id: visitId, knock_on: reached }, { board }) {
  const worst = reached.toSorted((a, b) => b.late_s - a.late_s || b.late_p90_s - a.late_p90_s);
  const stops = worst.map(({ visit_id: id, carer_no: no }) => board.stops.get(`${id}#${no}`));
  stops.push(...(board.visits.get(visitId)?.stops ?? []));
  return stops.find((stop) => stop?.state === "planned") ?? null;
}

async function closeWithReason(id) {
  const fields = [{ name: "because", label: "Why nothing more is to be done" }];
  const said = await askFor("Close the alert", fields, { does: "Close it" });
  if (said) ask("alerts/close", { ...id, because: said.because });
}

export function proposalCard(proposal, live) {
  const [best] = proposal.options;
  const { before } = proposal;
  const saved = before.visits_late - best.after.visits_late;
  const words = `${best.moves.length} ${best.moves.length === 1 ? "change" : "changes"}; late visits ${before.visits_late} → ${best.after.visits_late}, minutes late ${before.late_min} → ${best.after.late_min}.`;
  return card({
    key: proposal.proposal_id,
    colour: "blue",
    mark: "proposal",
    rank: "",
    title: saved > 0 ? `Re-plan ready: ${saved} fewer late` : "Re-plan ready",
    since: proposal.made_at,
    live,
    says: words,
    more: [],
    actions: [["Look at it", () => showProposal(live, proposal.proposal_id), "primary"]],
    pick: () => showProposal(live, proposal.proposal_id),
  });
}

export function requestCard(request, live) {
  const working = ["waiting", "running"].includes(request.state);
  return card({
    key: request.request_id,
    colour: working ? "blue" : "amber",
    mark: "proposal",
    rank: "",
    title: working ? "Re-planning…" : "No proposal",
    since: request.asked_at,
    live,
    says: working ? "A better way is being looked for." : `No proposal, because: ${request.because ?? "nothing better was found."}`,
    more: [],
    actions: working ? [] : [["Ask again", () => ask("replans", { team_id: live.teamId, situation: "by_hand" })]],
    pick: () => {},
  });
}

export function isOver({ state }) {
  return state === "cleared" || state === "closed";
}

export function isMine(alert) {
  return alert.acknowledged_by !== null && alert.acknowledged_by === (coordinator() || "desk");
}

function card({ key, colour, mark, rank, title, since, live, says, more, actions, number = null, pick }) {
  const age = make("time", { "data-since": since }, live.time(Date.parse(since)));
  const head = make("button.db-alert-head", { type: "button", onclick: pick }, rank ? make("b.db-rank", {}, rank) : null, make("strong", {}, title), age);
  const buttons = actions.map(([name, act, kind]) => make(`button.db-button${kind ? `.db-${kind}` : ""}`, { type: "button", onclick: act }, name));
  if (number) buttons.push(callLink(number));
  const body = make("div", {}, head, make("p", {}, says), ...more, buttons.length ? make("div.db-actions", {}, ...buttons) : null);
  return make("li.db-alert", { "data-colour": colour, "data-key": key }, icon(mark, `db-ink-${colour}`), body);
}
