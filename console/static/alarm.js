// A call for help is not overlooked: two tones until this desk has heard it, the page's title, and words said at once.

import { make, say } from "./dom.js";
import { statusOf } from "./standing.js";
import { Tones } from "./tones.js";

const TITLE = "Live board · Dutyboard";
const RING_MS = 2_000;
const FLASH_MS = 1_000;
const HEARD_KEY = "db-sos-heard";

/** The calls for help that are open, longest first; `key` names a call, `heard` is whether this desk has silenced it. */
export function openCalls({ board }) {
  const heard = heardCalls();
  return [...board.nurses.values()]
    .filter((nurse) => statusOf(nurse) === "sos")
    .map((nurse) => ({ nurse, since: nurse.state.sos_since, key: `${nurse.id}@${nurse.state.sos_since}` }))
    .map((call) => ({ ...call, heard: heard.includes(call.key) }))
    .sort((a, b) => a.since.localeCompare(b.since));
}

/** Stop the sound of one call in this browser. The call stays open, first and red, on every board. */
export function silence(call, live) {
  const open = openCalls(live).filter(({ heard }) => heard);
  localStorage.setItem(HEARD_KEY, JSON.stringify([...open, call].map(({ key }) => key)));
  live.tell("silenced");
}

function heardCalls() {
  return JSON.parse(localStorage.getItem(HEARD_KEY) ?? "[]");
}

/** Rings, flashes and says until it is stopped: `element` is the switch for the sound, `said` what is said at once. */
export class Alarm {
  constructor(live) {
    Object.assign(this, { live, tones: new Tones(() => this.drawSwitch()), told: new Set(), flashed: false });
    this.element = make("button.db-button.db-sound", { type: "button", onclick: () => this.tones.toggle() });
    this.said = make("div.db-unseen", { "aria-live": "assertive", "data-says": "sos" });
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.drawSwitch();
  }

  start() {
    const ringing = setInterval(() => this.unheard().length && this.tones.play(), RING_MS);
    const flashing = setInterval(() => this.flash(), FLASH_MS);
    const look = () => this.look();
    const quiet = this.live.on(["board", "changes", "silenced"], look);
    window.addEventListener("storage", look); // silenced in another window of this desk
    return () => {
      clearInterval(ringing);
      clearInterval(flashing);
      window.removeEventListener("storage", look);
      quiet();
      this.tones.end();
    };
  }

  unheard() {
    return this.live.ready ? openCalls(this.live).filter(({ heard }) => !heard) : [];
  }

  look() {
    const fresh = this.unheard().filter(({ key }) => !this.told.has(key));
    for (const { key } of fresh) this.told.add(key);
    if (fresh.length) {
      const words = fresh.map(({ nurse, since }) => `${nurse.name} called for help at ${this.live.time(Date.parse(since))}.`);
      say(this.said, `SOS. ${words.join(" ")}`);
      this.tones.play();
    }
    if (this.live.ready && !openCalls(this.live).length) say(this.said, "");
    this.title();
  }

  flash() {
    this.flashed = !this.flashed;
    this.title();
  }

  /** Whoever calls, by turns with the board's own name; where motion is unwanted, both and still. */
  title() {
    const [first] = this.unheard();
    const open = this.live.ready ? openCalls(this.live).length : 0;
    const plain = `${open ? `SOS ${open} · ` : ""}${TITLE}`;
    const called = first && `SOS · ${first.nurse.name}`;
    const title = !first ? plain : this.still.matches ? `${called} · ${TITLE}` : this.flashed ? called : plain;
    if (document.title !== title) document.title = title;
  }

  drawSwitch() {
    const { wanted, allowed } = this.tones;
    say(this.element, !wanted ? "Sound off" : allowed ? "Sound on" : "Sound on at your first click");
    this.element.setAttribute("aria-pressed", String(wanted));
    this.element.title = "The sound of a call for help";
  }
}
