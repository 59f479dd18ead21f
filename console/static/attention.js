// The alert rail: calls for help first, then what slips and what can be done about it, then what waits for somebody.

import { alertCard, isMine, proposalCard, requestCard } from "./alert_cards.js";
import { arrange, icon, make, oncePerFrame, say } from "./dom.js";
import { Kept, whilePressed } from "./kept.js";
import { liveOn } from "./live.js";
import { nurseCard } from "./nurse_card.js";
import { waitingSections } from "./waiting.js";

const REST_MS = 250;
const TABS = { open: "Open", mine: "Mine", all: "All" };
const RANKS = ["critical", "high", "medium", "low"];
const OVER = new Set(["cleared", "closed"]);

export function mount(element, options) {
  const live = liveOn(options);
  const rail = new Rail(element, live);
  return live.on(["board", "changes", "tick", "picked", "silenced"], oncePerFrame(() => rail.draw(), REST_MS));
}

class Rail {
  constructor(element, live) {
    Object.assign(this, { live, tab: "open", drawn: "" });
    this.critical = make("span.db-count.db-count-red");
    this.count = make("span.db-count", {}, "0");
    const tab = ([key, word]) => make("button", { type: "button", "data-tab": key, onclick: () => this.show(key) }, word);
    this.tabs = make("div.db-spans", { role: "group", "aria-label": "Which alerts are listed" }, ...Object.entries(TABS).map(tab));
    this.head = make("div.db-card-head", {}, make("h2", {}, "Alerts"), this.critical, this.count, make("span.db-space"), this.tabs);
    this.alerts = make("ul.db-alerts", { "aria-label": "Alerts" });
    this.waiting = make("div");
    this.list = make("div.db-rail-list", { tabindex: "0", role: "region", "aria-label": "Alerts and what waits" }, this.alerts, this.waiting);
    this.made = new Kept();
    this.pressed = whilePressed(this.list, () => this.draw());
    this.card = nurseCard(live);
    this.said = make("div.db-unseen", { "aria-live": "polite" });
    element.append(this.head, this.list, this.card.element, this.said);
    element.classList.add("db-card");
    window.addEventListener("db-coordinator", () => this.show(this.tab));
    this.show("open");
  }

  show(tab) {
    this.tab = tab;
    for (const button of this.tabs.children) button.setAttribute("aria-pressed", String(button.dataset.tab === tab));
    this.drawn = "";
    this.draw();
  }

  draw() {
    const { live } = this;
    const picked = live.board.nurses.get(live.picked.nurseId);
    this.head.hidden = this.list.hidden = Boolean(picked);
    this.card.show(picked ?? null);
    if (picked || !live.ready || this.pressed()) return;
    this.age();
    const alerts = this.listed();
    const sections = waitingSections(live);
    const offered = this.tab === "open" ? offers(live.board) : [];
    const wanted = [...offered, ...alerts].map((told) => kept(told, live));
    const content = JSON.stringify([this.tab, ...[...wanted, ...sections].map(({ key, look }) => [key, look])]);
    if (content === this.drawn) return; // what stands still can be read, clicked and focused
    this.drawn = content;
    this.drawHead();
    const held = focusIn(this.list);
    const made = this.made.of([...wanted, ...sections]);
    const [cards, parts] = [made.slice(0, wanted.length), made.slice(wanted.length)];
    const calls = parts.filter((_, place) => sections[place].first);
    const quiet = !cards.length && !calls.length;
    arrange(this.alerts, quiet ? [make("li.db-nothing", {}, icon("done"), make("span", {}, NOTHING[this.tab]))] : cards);
    arrange(this.waiting, parts.filter((part) => !calls.includes(part)));
    arrange(this.list, [...calls, this.alerts, this.waiting]);
    this.age();
    held?.();
    this.announce(alerts);
  }

  /** Say politely what is new since the rail was last drawn; what was there when the page came is read, not said. */
  announce(alerts) {
    const fresh = alerts.filter(({ alert_id: id, state }) => state === "open" && !this.known?.has(id));
    if (this.known && fresh.length) say(this.said, fresh.map(({ says }) => `New alert: ${says}`).join(" "));
    this.known = new Set(this.live.board.alerts.keys());
  }

  drawHead() {
    const lasting = [...this.live.board.alerts.values()].filter(({ state }) => !OVER.has(state));
    const critical = lasting.filter(({ priority, state }) => priority === "critical" && state === "open").length;
    say(this.critical, critical ? `${critical} critical` : "");
    this.critical.hidden = !critical;
    say(this.count, `${lasting.filter(({ state }) => state === "open").length} open`);
  }

  listed() {
    const alerts = [...this.live.board.alerts.values()];
    const wanted = {
      open: ({ state }) => state === "open",
      mine: (alert) => !OVER.has(alert.state) && isMine(alert),
      all: ({ state }) => state !== "cleared",
    };
    const rank = ({ priority, state }) => RANKS.indexOf(priority) + (OVER.has(state) ? 10 : 0);
    return alerts.filter(wanted[this.tab]).sort((a, b) => rank(a) - rank(b) || a.opened_at.localeCompare(b.opened_at));
  }

  /** How long ago, without drawing anything anew. */
  age() {
    for (const time of this.list.querySelectorAll("time[data-since]")) {
      const minutes = Math.floor((this.live.now() - Date.parse(time.dataset.since)) / 60_000);
      say(time, minutes < 1 ? "now" : minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`);
    }
  }
}

/** How to give back the focus after a list was drawn anew: to the button of the same name, else the first of its card. */
function focusIn(list) {
  const button = list.contains(document.activeElement) ? document.activeElement : null;
  const key = button?.closest("[data-key]")?.dataset.key;
  if (!key) return null;
  const name = button.textContent;
  return () => {
    const buttons = [...list.querySelectorAll(`[data-key="${CSS.escape(key)}"] button`)];
    (buttons.find(({ textContent }) => textContent === name) ?? buttons[0] ?? list).focus({ preventScroll: true });
  };
}

/** A card as `Kept` wants it: an alert's tells of the open proposal too. */
function kept(told, live) {
  const [key] = versionOf(told);
  const proposal = [...live.board.proposals.values()].find(({ state }) => state === "open");
  return { key, look: JSON.stringify([versionOf(told), proposal?.proposal_id]), make: () => told.make?.(live) ?? alertCard(told, live) };
}

const NOTHING = {
  open: "Nothing needs you just now. What slips, and what can be done about it, comes here by itself.",
  mine: "Nothing is in your hands. An alert that you acknowledge stays here until it is over.",
  all: "No alert today. Alerts that were closed by hand stay listed here.",
};

function versionOf({ alert_id: alert, proposal_id: proposal, request_id: request, version, key }) {
  return [key ?? alert ?? proposal ?? request, version];
}

/** The open proposal, else what became of the newest request. */
function offers({ proposals, requests }) {
  const open = [...proposals.values()].find(({ state }) => state === "open");
  if (open) return [{ ...open, make: (live) => proposalCard(open, live) }];
  const newest = [...requests.values()].sort((a, b) => b.asked_at.localeCompare(a.asked_at))[0];
  const worthTelling = newest && (["waiting", "running", "failed"].includes(newest.state) || (newest.state === "answered" && newest.because));
  return worthTelling ? [{ ...newest, make: (live) => requestCard(newest, live) }] : [];
}
