// One nurse's row: who, how they are, how far they have come, and the strip of their visits.

import { icon, make, say } from "./dom.js";
import { concerns, onDuty, silence, statusOf, STATUSES } from "./standing.js";
import { Strip } from "./strip.js";
import { shortly } from "./words.js";

const CONCERN_ICONS = { sos: "mark-sos", late: "late", at_risk: "at_risk", absent: "absent", notice: "letter", silent: "silent", no_access: "no_access", questioned: "question" };
const LOW_BATTERY_PCT = 20;

export class RoundRow {
  constructor(nurse, live, axis) {
    Object.assign(this, { nurse, live });
    this.strip = new Strip(nurse, live, axis);
    this.mark = make("span.db-mark");
    this.status = make("span.db-who-status");
    this.name = make("span.db-who-name", {}, nurse.name);
    this.concerns = make("span.db-who-concerns");
    this.band = make("span.db-band", {}, nurse.band ? `B${nurse.band}` : "");
    this.battery = make("span.db-who-battery");
    this.heard = make("span.db-who-heard");
    this.done = make("span.db-who-done");
    const cells = [this.mark, this.name, this.concerns, this.band, this.status, this.battery, this.heard, this.done];
    this.who = make("button.db-who", { type: "button", tabindex: "-1" }, ...cells);
    this.element = make("div.db-round", { role: "row", "data-nurse": nurse.id }, make("div.db-round-who", { role: "rowheader" }, this.who), this.strip.element);
  }

  draw() {
    this.strip.draw();
    this.age();
  }

  /** What the time alone changes. */
  age() {
    const { nurse, live } = this;
    const now = live.now();
    const status = statusOf(nurse);
    this.drawStatus(status);
    this.drawConcerns(concerns(nurse, now, live.limits, live.board.notices.get(nurse.id)));
    const battery = nurse.phone?.battery_pct;
    say(this.battery, battery == null ? "–" : `${battery}%`);
    this.battery.title = battery == null ? "Battery unknown" : `Battery ${battery}%`;
    this.battery.dataset.low = battery != null && battery < LOW_BATTERY_PCT ? "yes" : "";
    say(this.heard, onDuty(nurse) || nurse.phone ? shortly(silence(nurse, now)) : "–");
    this.heard.title = "Since the phone was last heard";
    const finished = nurse.round.filter((stop) => stop.state === "done").length;
    say(this.done, `${finished}/${nurse.round.length}`);
    this.done.title = `${finished} of ${nurse.round.length} visits done`;
    this.element.dataset.picked = live.picked.nurseId === nurse.id ? "yes" : "";
    this.who.setAttribute("aria-pressed", String(live.picked.nurseId === nurse.id));
    this.strip.age();
  }

  drawStatus(status) {
    if (this.element.dataset.status === status) return;
    this.element.dataset.status = status;
    this.mark.replaceChildren(icon(`mark-${STATUSES[status].mark}`));
    say(this.status, STATUSES[status].word);
  }

  drawConcerns(found) {
    const told = found.filter(({ what }) => what !== "sos");
    const words = told.map(({ words: said }) => said).join(", ");
    if (this.concerns.title === words) return;
    this.concerns.title = words;
    const icons = told.map(({ what }) => icon(CONCERN_ICONS[what], what === "late" ? "db-ink-red" : "db-ink-amber"));
    this.concerns.replaceChildren(...icons, make("span.db-unseen", {}, words));
  }
}
