// Who sits here, the sound of a call for help, an urgent visit, and taking back what was done last: at the top of the board.

import { urgentVisit } from "./actions.js";
import { Alarm } from "./alarm.js";
import { callMe, coordinator, tell, undoPlan } from "./desk.js";
import { askFor } from "./dialog.js";
import { icon, make, say } from "./dom.js";
import { liveOn } from "./live.js";
import { addShortcut } from "./shortcuts.js";

const UNDO_MS = 10 * 60_000; // for so long, by the board's clock, the last decision is offered to be taken back

export function mount(element, options) {
  const live = liveOn(options);
  const urgent = make("button.db-button", { type: "button", onclick: () => urgentVisit(live) }, "Urgent visit…");
  const undo = make("button.db-button", { type: "button", hidden: true, onclick: () => takeBack(live) });
  const who = make("span");
  const name = make("button.db-button", { type: "button", onclick: whoIsHere }, icon("person"), who);
  const alarm = new Alarm(live);
  element.append(undo, urgent, alarm.element, name, alarm.said);
  const calm = alarm.start();

  const draw = () => {
    say(who, coordinator() || "Who is here?");
    const last = lastDecision(live);
    undo.hidden = !last;
    if (last) say(undo, `Undo plan ${last.accepted_revision} · ${live.time(Date.parse(last.decided_at))}`);
  };
  const quiet = live.on(["board", "changes", "tick"], draw);
  const forget = [addShortcut("u", "Urgent visit", () => urgentVisit(live)), addShortcut("z", "Undo the last decision", () => takeBack(live))];
  window.addEventListener("db-coordinator", draw);
  draw();
  return () => {
    quiet();
    calm();
    for (const one of forget) one();
    window.removeEventListener("db-coordinator", draw);
  };
}

/** The newest accepted proposal, while its plan is the one in force and not long ago. */
function lastDecision({ board, clock }) {
  if (!board.team) return null;
  const accepted = [...board.proposals.values()].filter(({ state }) => ["accepted", "partly_accepted"].includes(state));
  return accepted.find(({ accepted_revision: revision, decided_at: at }) => revision === board.revision && clock.now() - Date.parse(at) < UNDO_MS) ?? null;
}

async function takeBack(live) {
  const last = lastDecision(live);
  if (!last) return tell("There is nothing to take back.");
  const words = "The rounds are as they were before; nurses are told again.";
  if (!(await askFor(`Undo plan ${last.accepted_revision}`, [], { words, does: "Undo it" }))) return;
  await undoPlan(live, last.accepted_revision);
}

/** Ask who sits at this desk. */
export async function whoIsHere() {
  const said = await askFor("Your name at this desk", [{ name: "name", label: "Name", value: coordinator() }], {
    words: "It stands beside what you do. There is no sign-in yet.",
    does: "That is me",
  });
  if (said?.name) callMe(said.name);
}
