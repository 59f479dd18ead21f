// One visit in full: what is wanted, what is expected, and line by line what has happened to it.

import { visitActions } from "./actions.js";
import { icon, make, offer, say } from "./dom.js";
import { liveOn } from "./live.js";
import { patientCard } from "./patient_card.js";
import { addShortcut } from "./shortcuts.js";
import { PRIORITIES, stopState, VISIT_STATES } from "./standing.js";
import { serviceOf, span } from "./visit_words.js";
import { reference } from "./words.js";

const HISTORY = "/api/v1/history";
const AGAIN_MS = 700; // after a change of the visit its line is in the history by then

export function mount(element, options) {
  const live = liveOn(options);
  const drawer = new VisitDrawer(element, live);
  const forget = addShortcut("d", "The picked visit in full", () => live.open(live.picked.stopKey));
  return () => {
    forget();
    drawer.takeDown();
  };
}

class VisitDrawer {
  constructor(element, live) {
    Object.assign(this, { live, stop: null, told: "" });
    this.title = make("h2");
    const close = make("button.db-icon-button", { type: "button", "aria-label": "Close", onclick: () => live.open(null) }, icon("close"));
    this.facts = make("dl.db-facts");
    this.actions = make("div.db-actions.db-card-actions");
    this.patient = patientCard(live);
    this.history = make("ol.db-history", { "aria-label": "What has happened" });
    const body = make("div.db-drawer-body", { tabindex: "0", role: "region", "aria-label": "Visit" }, this.facts, this.actions, this.patient.element, make("h3", {}, "What has happened"), this.history);
    this.drawer = make("aside.db-drawer", { hidden: true, "aria-label": "Visit in full" }, make("div.db-card-head", {}, this.title, make("span.db-space"), close), body);
    element.append(this.drawer);
    this.escaped = (event) => event.key === "Escape" && this.stop && live.open(null);
    document.addEventListener("keydown", this.escaped);
    this.quiet = live.on(["board", "changes", "tick", "opened"], () => this.draw());
  }

  takeDown() {
    this.quiet();
    document.removeEventListener("keydown", this.escaped);
  }

  draw() {
    const stop = this.live.board.stops.get(this.live.opened) ?? null;
    this.drawer.hidden = !stop;
    this.patient.show(stop);
    if (!stop) {
      Object.assign(this, { stop: null, told: "" });
      return;
    }
    this.drawFacts(stop);
    const look = `${stop.key} ${stop.version} ${this.live.board.revision}`;
    if (look === this.told) return;
    this.drawActions(stop);
    const first = this.stop?.key !== stop.key;
    if (first) this.drawer.querySelector("button").focus();
    Object.assign(this, { stop, told: look });
    if (first) this.history.replaceChildren(make("li.db-nothing", {}, "Reading…"));
    setTimeout(() => this.read(stop), first ? 0 : AGAIN_MS);
  }

  drawActions(stop) {
    const actions = visitActions(stop, this.live);
    this.actions.hidden = !actions.length;
    offer(this.actions, actions);
  }

  drawFacts(stop) {
    say(this.title, `${serviceOf(stop)} · ${reference(stop.visit.patient)}`);
    const rows = factsOf(stop, this.live);
    rows.forEach(([name, value], place) => {
      const row = this.facts.children[place] ?? this.facts.appendChild(make("div", {}, make("dt"), make("dd")));
      say(row.firstChild, name);
      say(row.lastChild, value);
    });
    while (this.facts.children.length > rows.length) this.facts.lastChild.remove();
  }

  async read(stop) {
    const query = new URLSearchParams({ team: this.live.teamId, visit: stop.visit.id });
    try {
      const answer = await fetch(`${HISTORY}?${query}`);
      if (!answer.ok) throw new Error(String(answer.status));
      this.show(stop, await answer.json());
    } catch {
      this.show(stop, null);
    }
  }

  show(stop, lines) {
    if (this.stop?.key !== stop.key) return;
    const { time } = this.live;
    const item = ({ at, noted_at: notedAt, who, says }) => {
      const late = Date.parse(notedAt) - Date.parse(at) > 60_000 ? ` · heard at ${time(Date.parse(notedAt))}` : "";
      return make("li", {}, make("span.db-time", {}, time(Date.parse(at))), make("span", {}, make("strong", {}, says), make("small", {}, who + late)));
    };
    if (!lines) this.history.replaceChildren(make("li.db-nothing", {}, "The history cannot be read just now."));
    else this.history.replaceChildren(...(lines.length ? lines.map(item) : [make("li.db-nothing", {}, "Nothing yet")]));
  }
}

function factsOf(stop, live) {
  const { visit } = stop;
  const { time, board } = live;
  const others = visit.stops.filter((other) => other !== stop);
  const promised = visit.promise_from ? span(Date.parse(visit.promise_from), Date.parse(visit.promise_until), time) : "nothing";
  return [
    ["State", VISIT_STATES[stopState(stop, live.now())]],
    ["Nurse", board.nurses.get(stop.nurseId)?.name ?? "nobody yet"],
    ["May start", span(visit.windowStart, visit.windowEnd, time)],
    ["Told to the patient", promised],
    ["Planned", stop.plannedStart ? span(stop.plannedStart, stop.plannedEnd, time) : "not planned"],
    ["Priority", PRIORITIES[visit.priority] ?? visit.priority],
    ...(others.length ? [["Double-up with", others.map((other) => board.nurses.get(other.nurseId)?.name ?? "nobody yet").join(", ")]] : []),
    ...(stop.questioned ? [["Questioned events", String(stop.questioned)]] : []),
  ];
}
