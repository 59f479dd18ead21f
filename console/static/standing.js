// What can be said of a nurse or a visit at a moment: pure, from what is known and the feed's time.

/** Words and shape of each status; `mark` is the shape on map and list, so that colour never stands alone. */
export const STATUSES = {
  sos: { word: "SOS", mark: "sos" },
  with_patient: { word: "With patient", mark: "with_patient" },
  en_route: { word: "Travelling", mark: "en_route" },
  available: { word: "Available", mark: "available" },
  not_started: { word: "Not started", mark: "off" },
  ended: { word: "Shift ended", mark: "off" },
};

export const VISIT_STATES = {
  planned: "planned",
  en_route: "nurse on the way",
  in_progress: "in progress",
  overrunning: "overrunning",
  at_risk: "at risk of being late",
  late: "late",
  done: "done",
  no_access: "no access",
  cancelled: "cancelled",
  deferred: "put off to another day",
  missed: "missed",
  unallocated: "in no round",
};
const TO_COME = new Set(["planned", "en_route"]);
const SHOWN_OF_ONE_TO_COME = new Set(["at_risk", "late", "missed", "cancelled", "deferred"]);

export const ABSENCES = { sick: "off sick", stuck: "stuck", home: "gone home" };

/** Whether a nurse has read a changed round. */
export const NOTICES = {
  sent: "not on the phone yet",
  reached: "on the phone, not acknowledged",
  acknowledged: "acknowledged",
  contested: "contested",
  superseded: "replaced by a newer one",
};

export const PRIORITIES = { time_critical: "time-critical", urgent: "urgent", routine: "routine", deferrable: "can wait" };

export function statusOf(nurse) {
  const { state } = nurse;
  if (state?.sos_since) return "sos";
  if (state && state.status !== "off_shift") return state.status;
  return state?.shift === "ended" ? "ended" : "not_started";
}

export function onDuty(nurse) {
  return !["not_started", "ended"].includes(statusOf(nurse));
}

/** `age` of the last position in ms, and whether it is `fresh`, `old` (draw it as old), `unknown`, or there is `none`. */
export function positionOf(nurse, now, limits) {
  if (!nurse.position) return { trust: "none", age: null };
  const age = Math.max(0, now - Date.parse(nurse.position.at));
  if (age > limits.unknownAfterS * 1000) return { trust: "unknown", age };
  return { trust: age > limits.staleAfterS * 1000 ? "old" : "fresh", age };
}

/** How long the phone of somebody on duty has said nothing, in ms; Infinity when it never did. */
/** The planned shift of a nurse, in a word that is the same for all who have it; empty where none is planned. */
export function shiftOf({ shiftStart, shiftEnd }) {
  return shiftStart ? `${shiftStart}-${shiftEnd}` : "";
}

/** Whether a nurse is of the shift that is looked at. Who calls for help is never left out. */
export function isKept(nurse, { shift }) {
  return !shift || shiftOf(nurse) === shift || statusOf(nurse) === "sos";
}

export function silence(nurse, now) {
  return nurse.phone ? Math.max(0, now - Date.parse(nurse.phone.heard_at)) : Infinity;
}

export function isSilent(nurse, now, limits) {
  return onDuty(nurse) && silence(nurse, now) > limits.staleAfterS * 1000;
}

/** The state of one stop as it is drawn: what was done by what was said of it, what is to come by what is expected. */
export function stopState(stop, now) {
  const expected = stop.outlook?.state;
  if (stop.state === "in_progress") return expected === "overrunning" ? expected : stop.state;
  if (!TO_COME.has(stop.state)) return stop.state;
  if (SHOWN_OF_ONE_TO_COME.has(expected)) return expected;
  return expected ? stop.state : stop.missed(now) ? "late" : stop.state;
}

/** By how many minutes a stop will miss its window, where it will or may: `+25`; else nothing. */
export function latenessOf(stop) {
  const { state, late_s: late, late_p90_s: far } = stop.outlook ?? {};
  const seconds = state === "late" ? late : state === "at_risk" ? far : 0;
  return seconds > 0 ? `+${Math.max(1, Math.round(seconds / 60))}` : "";
}

const WORST_FIRST = ["no_access", "missed", "late", "at_risk", "overrunning", "in_progress", "en_route", "cancelled", "deferred"];

/** The state of a whole visit: what is most in need of a look wins. */
export function visitState(visit, now) {
  const states = visit.stops.map((stop) => stopState(stop, now));
  for (const state of WORST_FIRST) if (states.includes(state)) return state;
  return states.length && states.every((state) => state === "done") ? "done" : "planned";
}

export function isUnallocated(visit) {
  if (visit.cancelled_at || visit.deferred_at) return false;
  return visit.stops.some((stop) => stop.nurseId === null && stop.state === "planned");
}

/** Why a nurse's row should be looked at first, worst first: `{ what, words, weight }`. */
export function concerns(nurse, now, limits, notice = null) {
  const found = [];
  const add = (what, words, weight) => found.push({ what, words, weight });
  if (statusOf(nurse) === "sos") add("sos", "SOS", 1000);
  const states = nurse.round.map((stop) => stopState(stop, now));
  const count = (...wanted) => states.filter((state) => wanted.includes(state)).length;
  const [late, risky] = [count("late", "missed"), count("at_risk")];
  if (late) add("late", `${late} late`, 100 + late);
  if (risky) add("at_risk", `${risky} at risk`, 20 + risky);
  const unread = notice && { sent: "change not read", reached: "change not acknowledged", contested: "change contested" }[notice.state];
  if (unread) add("notice", unread, notice.state === "contested" ? 60 : 5);
  if (nurse.absence) add("absent", ABSENCES[nurse.absence.kind] ?? "absent", 30);
  if (isSilent(nurse, now, limits)) add("silent", "phone silent", 50);
  const closed = nurse.round.filter((stop) => stop.state === "no_access").length;
  if (closed) add("no_access", "no access", 0); // the visit waits for somebody, in the rail; the nurse has gone on
  const questioned = nurse.state?.questioned ?? 0;
  if (questioned) add("questioned", `${questioned} questioned`, 10);
  return found;
}

export function weightOf(found) {
  return found.reduce((sum, { weight }) => sum + weight, 0);
}

/** The figures above the board. */
export function figures(board, now, limits) {
  const nurses = [...board.nurses.values()];
  const visits = [...board.visits.values()];
  const inState = (state) => visits.filter((visit) => visit.stops.some((stop) => stop.state === state)).length;
  const shown = [...board.stops.values()].map((stop) => stopState(stop, now));
  const inShown = (...states) => shown.filter((state) => states.includes(state)).length;
  const having = (status) => nurses.filter((nurse) => statusOf(nurse) === status).length;
  return {
    completed: visits.filter((visit) => visit.stops.length && visit.stops.every((stop) => stop.state === "done")).length,
    total: visits.length,
    inProgress: inState("in_progress"),
    onTime: punctuality(board),
    atRisk: inShown("at_risk"),
    late: inShown("late", "missed"),
    absent: nurses.filter((nurse) => nurse.absence).length,
    onShift: nurses.filter(onDuty).length,
    nurses: nurses.length,
    silent: nurses.filter((nurse) => isSilent(nurse, now, limits)).length,
    unallocated: visits.filter(isUnallocated).length,
    questioned: nurses.reduce((sum, nurse) => sum + (nurse.state?.questioned ?? 0), 0),
    sos: having("sos"),
  };
}

/** The share of visits begun so far that began by the end of their window, in percent; null before the first. */
function punctuality(board) {
  const begun = [...board.stops.values()].filter((stop) => stop.arrivedAt);
  if (!begun.length) return null;
  return (100 * begun.filter((stop) => stop.arrivedAt <= stop.visit.windowEnd).length) / begun.length;
}
