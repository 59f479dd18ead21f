// The day in eight numbers. Each is a button: it lists what it counts.

import { make, oncePerFrame, say } from "./dom.js";
import { liveOn } from "./live.js";
import { figures } from "./standing.js";

const REST_MS = 250;
const FIGURES = [
  { key: "completed", name: "Visits completed", value: "completed", of: "total", filter: "done" },
  { key: "inProgress", name: "In progress", value: "inProgress", filter: "in_progress" },
  { key: "onTime", name: "On time today", value: "onTime", filter: "on_time" },
  { key: "atRisk", name: "At risk of late", value: "atRisk", filter: "at_risk", alarm: "amber" },
  { key: "late", name: "Late now", value: "late", filter: "late", alarm: "red" },
  { key: "onShift", name: "Staff on shift", value: "onShift", of: "nurses", filter: "on_shift" },
  { key: "sos", name: "Lone-worker alerts", value: "sos", filter: "sos", alarm: "red" },
  { key: "unallocated", name: "Unallocated", value: "unallocated", goTo: "db-unallocated", alarm: "amber" },
];

export function mount(element, options) {
  const live = liveOn(options);
  const tiles = FIGURES.map((figure) => tile(figure, live));
  element.append(...tiles.map(({ button }) => button));
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", "The day in figures");
  const draw = oncePerFrame(() => live.ready && drawAll(tiles, live), REST_MS);
  return live.on(["board", "changes", "tick", "filter"], draw);
}

function tile(figure, live) {
  const value = make("strong", {}, "–");
  const of = make("span.db-figure-of");
  const note = make("span.db-figure-note");
  const name = make("span.db-figure-name", {}, figure.name);
  const button = make("button.db-figure", { type: "button", "data-figure": figure.key, onclick: () => act(figure, live) });
  button.append(name, make("span.db-figure-value", {}, value, of), note);
  return { ...figure, button, parts: { value, of, note } };
}

function act(figure, live) {
  if (!figure.goTo) return live.filterBy(figure.filter);
  const section = document.getElementById(figure.goTo);
  section?.scrollIntoView({ block: "nearest" });
  section?.focus();
}

function drawAll(tiles, live) {
  const now = figures(live.board, live.now(), live.limits);
  for (const { button, parts, value, of, alarm, filter } of tiles) {
    say(parts.value, value === "onTime" ? percent(now.onTime) : String(now[value]));
    say(parts.of, of ? `/ ${now[of]}` : "");
    if (value === "completed") say(parts.note, now.total ? `${Math.floor((100 * now.completed) / now.total)}%` : "");
    if (value === "onShift") say(parts.note, now.absent ? `${now.absent} absent` : "");
    button.dataset.alarm = alarm && now[value] > 0 ? alarm : "";
    if (filter) button.setAttribute("aria-pressed", String(live.filter === filter));
  }
}

function percent(share) {
  return share === null ? "–" : `${share.toFixed(1)}%`;
}
