// A visit on its way to another nurse or time: what would come of it is said before it is done, and it is done only as said.

import { ask, tell, tellInForce } from "./desk.js";
import { MoveGhost } from "./move_ghost.js";
import { Verdicts } from "./verdicts.js";
import { serviceOf } from "./visit_words.js";
import { reference } from "./words.js";

const STEP_MS = 5 * 60_000;
const TO_COME = new Set(["planned", "en_route"]);

/** Why a visit cannot be moved, in a sentence; null where it may be tried. */
export function whyNotMoved(stop) {
  if (stop.visit.cancelled_at || stop.visit.deferred_at) return "It is not wanted on this day any more.";
  return TO_COME.has(stop.state) ? null : "It has begun: who makes it does not change any more.";
}

export function toStep(at) {
  return Math.round(at / STEP_MS) * STEP_MS;
}

export class Moving {
  constructor(element, live, axis, rows) {
    Object.assign(this, { element, live, axis, rows, stop: null, dropping: false });
    this.ghost = new MoveGhost(element);
  }

  get active() {
    return this.stop !== null;
  }

  /** Take up a visit; false where it stays where it is, which is said. `how` tells how it goes on. */
  begin(stop, how) {
    const why = this.live.moving ? whyNotMoved(stop) : "The board is not up to date just now.";
    if (why) tell(`${this.#name(stop)} cannot be moved. ${why}`, "red");
    if (why || this.active) return false;
    Object.assign(this, { stop, how, nurseId: stop.nurseId, at: toStep(stop.start), verdict: null });
    this.verdicts = new Verdicts((verdict) => this.#hear(verdict));
    this.element.classList.add("db-moving");
    this.#bar()?.setAttribute("data-moving", "yes");
    return true;
  }

  /** Look what would come of it if it went to a nurse at about a time (Unix ms). */
  aim(nurseId, at) {
    const { from, to } = this.axis;
    const wanted = Math.max(from, Math.min(toStep(at), to));
    if (this.dropping || (this.verdict !== null && nurseId === this.nurseId && wanted === this.at)) return;
    Object.assign(this, { nurseId, at: wanted, verdict: { weighs: "asking", says: "Looking…" } });
    this.verdicts.of(this.#asked());
    this.#draw();
  }

  /** Leave it where it was. */
  leave() {
    if (!this.active) return;
    this.verdicts.forget();
    this.ghost.hide();
    this.element.classList.remove("db-moving");
    this.#bar()?.removeAttribute("data-moving");
    Object.assign(this, { stop: null, dropping: false });
  }

  /** Do it, where it may be, on the plan that the verdict was told of; true where it was done. */
  async drop() {
    if (!this.active || this.dropping || !this.verdict) return false;
    this.dropping = true;
    await this.verdicts.asking;
    if (!this.active) return false;
    const { verdict, stop } = this;
    const asked = { ...this.#asked(), stood_on: verdict.stood_on, dry_run: false };
    this.leave();
    if (verdict.weighs === "refused" || verdict.weighs === "nothing") {
      tell(`${this.#name(stop)} stays where it is. ${verdict.says}`, verdict.weighs === "refused" ? "red" : "blue");
      return false;
    }
    const done = await ask("moves", asked);
    if (done) tellInForce(this.live, done.revision);
    return done !== null;
  }

  #hear(verdict) {
    this.verdict = verdict;
    this.#draw();
  }

  #asked() {
    const { stop } = this;
    const id = { team_id: this.live.teamId, visit_id: stop.visit.id, carer_no: stop.carerNo };
    return { ...id, to_nurse: this.nurseId, start_at: new Date(this.at).toISOString() };
  }

  /** The outline stands where the visit would start; while that is not known, where it is asked for. */
  #draw() {
    const { stop, verdict, live } = this;
    const row = this.rows.get(this.nurseId);
    if (!row) return;
    const from = verdict.starts && verdict.weighs !== "refused" ? Date.parse(verdict.starts) : this.at;
    const to = verdict.ends && from !== this.at ? Date.parse(verdict.ends) : from + (stop.end - stop.start);
    const where = `${this.#name(stop)} → ${row.nurse.name}, about ${live.time(this.at)}`;
    this.ghost.draw(row.strip.element, this.axis, { ...verdict, from, to, at: live.time(from), where, how: this.how });
  }

  #bar() {
    return this.element.querySelector(`.db-bar[data-stop="${CSS.escape(this.stop.key)}"]`);
  }

  #name(stop) {
    return `${serviceOf(stop)} · ${reference(stop.visit.patient)}`;
  }
}
