// A team's day as this screen knows it. Whatever carries a version replaces only what is older.

const ms = (text) => (text ? Date.parse(text) : null);
const by = (key) => (a, b) => (key(a) > key(b) ? 1 : key(a) < key(b) ? -1 : 0);

/** One nurse's part in a visit; `key` names it. Times are Unix milliseconds, null where there is none. */
class Stop {
  constructor(visit, said) {
    this.visit = visit;
    this.key = `${said.visit_id}#${said.carer_no}`;
    this.carerNo = said.carer_no;
    this.service = visit.services[said.carer_no - 1] ?? visit.services[0] ?? "visit";
    this.outlook = null;
    this.durationMs = 1000 * (visit.durations_s[said.carer_no - 1] ?? visit.durations_s[0] ?? 0);
    this.take(said);
  }

  /** What is expected of it, as it was last said; null where nothing was. */
  expect(outlook) {
    if (this.outlook && outlook.version <= this.outlook.version) return false;
    this.outlook = { ...outlook, from: ms(outlook.starts?.p50), to: ms(outlook.ends?.p50), far: ms(outlook.ends?.p90) };
    return true;
  }

  take(said) {
    this.version = said.version;
    this.nurseId = said.nurse_id ?? null;
    this.place = said.place_in_round ?? null;
    this.state = said.state;
    this.questioned = said.questioned ?? 0;
    this.plannedStart = ms(said.planned_start);
    this.plannedEnd = ms(said.planned_end);
    this.enRouteAt = ms(said.en_route_at);
    this.arrivedAt = ms(said.arrived_at);
    this.finishedAt = ms(said.finished_at);
    this.noAccessAt = ms(said.no_access_at);
  }

  get start() {
    return this.arrivedAt ?? this.plannedStart ?? this.visit.windowStart;
  }

  /** When it ended, or is planned to: a visit that began late is not shorter for it. */
  get end() {
    const booked = this.plannedEnd && this.plannedStart ? this.plannedEnd - this.plannedStart : this.durationMs;
    return this.finishedAt ?? this.noAccessAt ?? this.start + booked;
  }

  /** Not begun although the window in which it may start is over. */
  missed(now) {
    return (this.state === "planned" || this.state === "en_route") && now > this.visit.windowEnd;
  }
}

const PART_KEYS = { alerts: "alert_id", requests: "request_id", proposals: "proposal_id", notices: "nurse_id" };
const PARTS = Object.keys(PART_KEYS);

export class Board {
  constructor() {
    this.clear();
  }

  clear() {
    this.team = null;
    this.nurses = new Map();
    this.visits = new Map();
    this.stops = new Map();
    for (const part of PARTS) this[part] = new Map();
  }

  load(board) {
    this.clear();
    Object.assign(this, { team: board.team, day: board.day, revision: board.plan_revision, madeBy: board.made_by });
    for (const nurse of board.nurses) this.nurses.set(nurse.nurse_id, known(nurse));
    for (const visit of board.visits) this.visits.set(visit.visit_id, wanted(visit));
    for (const rest of board.rests) this.rest(rest);
    for (const absence of board.absences ?? []) this.absent(absence);
    this.apply(board);
  }

  /** Take what changed; returns the ids of the nurses whom it touches. */
  apply({ nurse_states: states = [], positions = [], phones = [], attendances = [], outlooks = [], ...others }) {
    const touched = new Set();
    for (const state of states) this.replace(state, "state", touched);
    for (const position of positions) this.replace(position, "position", touched);
    for (const phone of phones) this.replace(phone, "phone", touched);
    for (const attendance of attendances) this.attend(attendance, touched);
    for (const outlook of outlooks) this.expect(outlook, touched);
    for (const part of PARTS) for (const one of others[part] ?? []) this.keep(part, one, touched);
    return touched;
  }

  rest(said) {
    const nurse = this.nurses.get(said.nurse_id);
    if (nurse) nurse.rest = { start: ms(said.starts_at), end: ms(said.ends_at) };
  }

  absent({ nurse_id: nurseId, kind, since, until }) {
    const nurse = this.nurses.get(nurseId);
    if (nurse) nurse.absence = { kind, since: ms(since), until: ms(until) };
  }

  expect(outlook, touched) {
    const stop = this.stops.get(`${outlook.visit_id}#${outlook.carer_no}`);
    if (stop?.expect(outlook) && stop.nurseId) touched.add(stop.nurseId);
  }

  /** Take a newer state of an alert, a request, a proposal or a notice. */
  keep(part, said, touched) {
    const key = said[PART_KEYS[part]];
    if (said.version <= (this[part].get(key)?.version ?? -1)) return;
    this[part].set(key, said);
    if (said.nurse_id) touched.add(said.nurse_id);
  }

  replace(said, part, touched) {
    const nurse = this.nurses.get(said.nurse_id);
    if (!nurse || said.version <= (nurse[part]?.version ?? -1)) return;
    nurse[part] = said;
    touched.add(nurse.id);
  }

  attend(said, touched) {
    const visit = this.visits.get(said.visit_id);
    if (!visit) return;
    const stop = this.stops.get(`${said.visit_id}#${said.carer_no}`);
    if (!stop) {
      const made = new Stop(visit, said);
      this.stops.set(made.key, made);
      visit.stops.push(made);
      this.enter(made, touched);
    } else if (said.version > stop.version) {
      this.leave(stop, touched);
      stop.take(said);
      this.enter(stop, touched);
    }
  }

  leave(stop, touched) {
    const nurse = this.nurses.get(stop.nurseId);
    if (!nurse) return;
    nurse.round = nurse.round.filter((other) => other !== stop);
    touched.add(nurse.id);
  }

  enter(stop, touched) {
    const nurse = this.nurses.get(stop.nurseId);
    if (!nurse) return;
    nurse.round = [...nurse.round, stop].sort(by((each) => each.plannedStart ?? each.start));
    touched.add(nurse.id);
  }

  unallocated() {
    const waits = (stop) => stop.nurseId === null && stop.state === "planned";
    return [...this.visits.values()].filter((visit) => visit.stops.some(waits)).sort(by((visit) => visit.windowEnd));
  }

  /** The whole day shown: from the full hour before anything begins to the one after everything has ended. */
  hours() {
    const nurses = [...this.nurses.values()];
    const times = [...this.stops.values()].filter((stop) => stop.nurseId).flatMap((stop) => [stop.start, stop.end]);
    times.push(...nurses.flatMap((nurse) => [nurse.shiftStart, nurse.shiftEnd]).filter(Boolean));
    if (!times.length) return null;
    const hour = 3_600_000;
    const [from, to] = [Math.min(...times), Math.max(...times)];
    return { from: Math.floor(from / hour) * hour, to: Math.ceil((to + 1) / hour) * hour };
  }
}

function known(said) {
  return {
    id: said.nurse_id,
    name: said.name,
    initials: initialsOf(said.name),
    band: said.band ?? null,
    number: said.phone ?? null,
    shiftStart: ms(said.shift_starts_at),
    shiftEnd: ms(said.shift_ends_at),
    state: null,
    position: null,
    phone: null,
    rest: null,
    absence: null,
    round: [],
  };
}

function wanted(said) {
  const windowStart = ms(said.window_start);
  return { ...said, id: said.visit_id, windowStart, windowEnd: ms(said.window_end), stops: [] };
}

function initialsOf(name) {
  const words = name.split(/[\s-]+/u).filter(Boolean);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => [...word][0].toUpperCase()).join("") || "?";
}
