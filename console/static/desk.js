// What a coordinator does: each action is one request, by name, and what the server says against it is said on the screen.

import { make } from "./dom.js";

const NAME_KEY = "db-coordinator";
const SHOWN_MS = 9_000;
const DESK = "/api/v1/";

/** The name this desk goes by; empty where nobody has said. */
export function coordinator() {
  return localStorage.getItem(NAME_KEY) ?? "";
}

export function callMe(name) {
  localStorage.setItem(NAME_KEY, name.trim().slice(0, 60));
  window.dispatchEvent(new Event("db-coordinator"));
}

/** Do something; the answer, or null where it was refused, which is said on the screen. */
export async function ask(what, body, { quietly = false } = {}) {
  const headers = { "Content-Type": "application/json" };
  if (coordinator()) headers["Dutyboard-Coordinator"] = encodeURIComponent(coordinator());
  try {
    const answer = await fetch(DESK + what, { method: "POST", headers, body: JSON.stringify(body) });
    const told = await answer.json();
    if (answer.ok) return told;
    if (!quietly) tell(told.detail ?? told.title ?? "The server refused it.", "red");
    return quietly ? { refused: told.detail } : null;
  } catch {
    tell("The server cannot be reached. Nothing was changed.", "red");
    return null;
  }
}

/** Take the plan with this revision back, while it is the newest. */
export async function undoPlan(live, revision) {
  const done = await ask("undo", { team_id: live.teamId, revision });
  if (done) tell(`Undone: plan ${done.revision} is in force.`, "green");
}

/** Say that a plan is in force, with a way back. */
export function tellInForce(live, revision) {
  tell(`Plan ${revision} is in force. The nurses are being told.`, "green", { name: "Undo", act: () => undoPlan(live, revision) });
}

/** Say something for a while, with what can be done about it: `{ name, act }`. */
export function tell(words, colour = "blue", action = null) {
  const close = () => note.remove();
  const act = action && make("button.db-button", { type: "button", onclick: () => (close(), action.act()) }, action.name);
  const note = make("div.db-toast", { role: "status", "data-colour": colour }, make("span", {}, words), act);
  (document.querySelector(".db-toasts") ?? document.body.appendChild(make("div.db-toasts"))).append(note);
  setTimeout(close, SHOWN_MS);
}
