// What a coordinator can do about a nurse or a visit, one click each; what is refused is said with its reason.

import { ask, tell, tellInForce } from "./desk.js";
import { askFor } from "./dialog.js";
import { showCandidates } from "./candidates.js";
import { showProposalOf } from "./what_if.js";


export function nurseActions(nurse, live) {
  const away = (kind, more = {}) => ask("absences", { nurse_id: nurse.id, kind, ...more });
  const whatIf = () => showProposalOf(live, { team_id: live.teamId, triggers: [{ situation: "nurse_off", nurse_id: nurse.id }], absences: [{ nurse_id: nurse.id }] }, `What if ${nurse.name} goes home now?`);
  if (nurse.absence) return [["Back at work", () => ask("absences/end", { nurse_id: nurse.id })]];
  return [
    ["Off sick", () => confirmed(`${nurse.name} is off sick for the rest of the shift`, () => away("sick"))],
    ["Stuck until…", () => stuck(nurse, live, away)],
    ["Gone home", () => confirmed(`${nurse.name} has gone home`, () => away("home"))],
    ["What if they go home?", whatIf],
  ];
}

export function visitActions(stop, live) {
  const { visit } = stop;
  const id = { visit_id: visit.id };
  const begun = !["planned", "en_route"].includes(stop.state);
  if (visit.cancelled_at || visit.deferred_at) return [["Wanted after all", () => ask("visits/restore", id)]];
  if (begun) return [];
  return [
    ["Who can take this?", () => showCandidates(stop, live)],
    ["Move to…", () => moveTo(stop, live)],
    ["Other window…", () => otherWindow(visit, live)],
    ["Put off…", () => because("Put the visit off", (why) => ask("visits/defer", { ...id, because: why }))],
    ["Cancel…", () => because("Cancel the visit", (why) => ask("visits/cancel", { ...id, because: why }))],
  ];
}

export async function urgentVisit(live) {
  const services = [...new Set([...live.board.visits.values()].flatMap(({ services: all }) => all))].sort();
  const said = await askFor(
    "Urgent visit",
    [
      { name: "patient", label: "Patient's reference", hint: "As in P4471; the patient must be known to the team." },
      { name: "service", label: "Service", options: services.map((name) => [name, name]) },
      { name: "duration", label: "Minutes", type: "number", value: "30" },
      { name: "within", label: "To start within, minutes", type: "number", value: "120" },
    ],
    { does: "Ask for it" },
  );
  if (!said) return;
  const services_ = [{ service: said.service, duration_min: Number(said.duration) }];
  const added = await ask("visits/add", { team_id: live.teamId, patient: said.patient, services: services_, within_min: Number(said.within) });
  if (added) tell("The visit is asked for; a nurse is being looked for.", "green");
}

async function confirmed(title, act) {
  if (await askFor(title, [], { words: "What has not begun is for others; a re-plan is asked for.", does: "Yes" })) act();
}

async function stuck(nurse, live, away) {
  const said = await askFor(`${nurse.name} is stuck`, [{ name: "minutes", label: "For how many minutes from now", type: "number", value: "45" }], { does: "Note it" });
  if (said) away("stuck", { until: new Date(live.now() + 60_000 * Number(said.minutes)).toISOString() });
}

async function because(title, act) {
  const said = await askFor(title, [{ name: "because", label: "Why" }], { does: title, danger: true });
  if (said) act(said.because);
}

async function otherWindow(visit, live) {
  const said = await askFor("The patient asks for another time", [
    { name: "from", label: "From", type: "time", value: live.time(visit.windowStart) },
    { name: "until", label: "Until", type: "time", value: live.time(visit.windowEnd) },
    { name: "because", label: "Why" },
  ]);
  if (!said) return;
  const [from, until] = [said.from, said.until].map((time) => onTheDay(time, visit.windowStart, live));
  ask("visits/move", { visit_id: visit.id, window_from: from, window_until: until, because: said.because });
}

async function moveTo(stop, live) {
  const nurses = [...live.board.nurses.values()].sort((a, b) => a.name.localeCompare(b.name)).map(({ id, name }) => [id, name]);
  const said = await askFor("Move the visit", [
    { name: "nurse", label: "To", options: nurses, value: stop.nurseId },
    { name: "at", label: "About", type: "time", value: live.time(stop.start) },
  ], { does: "Look whether it fits" });
  if (said) tryMove(live, stop, said.nurse, onTheDay(said.at, stop.start, live));
}

/** Ask what a move would do, say it, and do it when somebody says so. */
export async function tryMove(live, stop, nurseId, startAt) {
  const asked = { team_id: live.teamId, visit_id: stop.visit.id, carer_no: stop.carerNo, to_nurse: nurseId, start_at: startAt };
  const verdict = await ask("moves", { ...asked, dry_run: true });
  if (!verdict) return;
  if (["refused", "nothing"].includes(verdict.weighs)) return tell(verdict.says, verdict.allowed ? "blue" : "red");
  const words = [verdict.says, ...verdict.moves.map(({ says }) => says)].join(" ");
  if (!(await askFor("Move the visit", [], { words, does: "Move it" }))) return;
  const done = await ask("moves", { ...asked, stood_on: verdict.stood_on, dry_run: false });
  if (done) tellInForce(live, done.revision);
}

/** A time of the day as people write it, on the day of another instant; later than that by less than a day. */
function onTheDay(time, about, live) {
  const minutes = (text) => text.split(":").reduce((sum, part) => 60 * sum + Number(part), 0);
  const off = minutes(time) - minutes(live.time(about));
  return new Date(about + 60_000 * off).toISOString();
}

