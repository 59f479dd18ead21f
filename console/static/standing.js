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
  done: "done",
  no_access: "no access",
  missed: "window missed",
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
export function silence(nurse, now) {
  return nurse.phone ? Math.max(0, now - Date.parse(nurse.phone.heard_at)) : Infinity;
}

export function isSilent(nurse, now, limits) {
  return onDuty(nurse) && silence(nurse, now) > limits.staleAfterS * 1000;
}

/** The state of one stop as it is drawn. */
export function stopState(stop, now) {
  return stop.missed(now) ? "missed" : stop.state;
}

/** The state of a whole visit: what is most in need of a look wins. */
export function visitState(visit, now) {
  const states = visit.stops.map((stop) => stopState(stop, now));
  for (const state of ["no_access", "missed", "in_progress", "en_route"]) if (states.includes(state)) return state;
  return states.length && states.every((state) => state === "done") ? "done" : "planned";
}

export function isUnallocated(visit) {
  return visit.stops.some((stop) => stop.nurseId === null && stop.state === "planned");
}

/** Why a nurse's row should be looked at first, worst first: `{ what, words, weight }`. */
export function concerns(nurse, now, limits) {
  const found = [];
  const add = (what, words, weight) => found.push({ what, words, weight });
  if (statusOf(nurse) === "sos") add("sos", "SOS", 1000);
  const missed = nurse.round.filter((stop) => stop.missed(now)).length;
  if (missed) add("missed", `${missed} window${missed > 1 ? "s" : ""} missed`, 100 + missed);
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
  const having = (status) => nurses.filter((nurse) => statusOf(nurse) === status).length;
  return {
    completed: visits.filter((visit) => visit.stops.length && visit.stops.every((stop) => stop.state === "done")).length,
    total: visits.length,
    inProgress: inState("in_progress"),
    enRoute: nurses.filter((nurse) => nurse.state?.status === "en_route").length,
    onShift: nurses.filter(onDuty).length,
    nurses: nurses.length,
    silent: nurses.filter((nurse) => isSilent(nurse, now, limits)).length,
    unallocated: visits.filter(isUnallocated).length,
    questioned: nurses.reduce((sum, nurse) => sum + (nurse.state?.questioned ?? 0), 0),
    sos: having("sos"),
  };
}
