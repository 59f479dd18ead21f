// Whether the news is fresh: a word in the header, and a bar across the page when it is not.

import { icon, make, say } from "./dom.js";
import { liveOn } from "./live.js";

const BEHIND_MS = 5_000; // changes that come later than this are not live

export function mount(element, options) {
  const live = liveOn(options);
  const word = make("span.db-health-word");
  const pill = make("div.db-health", { role: "status" }, word);
  const told = make("span");
  const bar = make("div.db-lost", { role: "alert", "aria-live": "polite", hidden: true }, icon("unallocated"), told);
  element.append(pill);
  document.body.append(bar);

  const draw = () => {
    const health = live.health;
    const behind = health.state === "live" && health.behindMs > BEHIND_MS;
    pill.dataset.state = behind ? "behind" : health.state;
    say(word, wordFor(health, behind, live));
    const trouble = sentenceFor(health, live);
    bar.hidden = !trouble;
    say(told, trouble);
  };
  const quiet = live.on(["board", "health"], draw);
  draw();
  return () => {
    quiet();
    bar.remove();
  };
}

function wordFor(health, behind, live) {
  switch (health.state) {
    case "live":
      if (health.behindMs === null) return "Live";
      return behind ? `${Math.round(health.behindMs / 1000)} s behind` : `Live · ${health.behindMs} ms`;
    case "connecting":
      return "Connecting…";
    case "mending":
      return "Reconnecting…";
    case "refused":
      return "Refused";
    default:
      return `No news since ${live.time(health.since, true)}`;
  }
}

function sentenceFor(health, live) {
  const since = Number.isFinite(health.since) ? live.time(health.since, true) : null;
  switch (health.state) {
    case "lost":
      return `Nothing heard from the server since ${since}. What is shown is what was known then.`;
    case "stale":
      return `The server is there, but no news has reached it since ${since}. What is shown is what was known then.`;
    case "refused":
      return `The server does not show this board: ${health.reason}.`;
    default:
      return "";
  }
}
