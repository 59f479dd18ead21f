// The day in eight numbers. Each is a button: it lists what it counts.

import { make, oncePerFrame, say } from "./dom.js";
import { liveOn } from "./live.js";
import { figures } from "./standing.js";

const REST_MS = 250;
const FIGURES = [
  { key: "completed", name: "Visits completed", value: "completed", of: "total", filter: "done" },
  { key: "inProgress", name: "In progress", value: "inProgress", filter: "in_progress" },
  { key: "enRoute", name: "Travelling", value: "enRoute", filter: "en_route" },
  { key: "onShift", name: "On shift", value: "onShift", of: "nurses", filter: "on_shift" },
  { key: "silent", name: "Silent phones", value: "silent", filter: "silent", alarm: "amber" },
  { key: "unallocated", name: "Unallocated visits", value: "unallocated", goTo: "db-unallocated", alarm: "amber" },
  { key: "questioned", name: "Questioned events", value: "questioned", filter: "questioned", alarm: "amber" },
  { key: "sos", name: "SOS", value: "sos", filter: "sos", alarm: "red" },
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
    say(parts.value, String(now[value]));
    say(parts.of, of ? `/ ${now[of]}` : "");
    if (value === "completed") say(parts.note, now.total ? `${Math.floor((100 * now.completed) / now.total)}%` : "");
    button.dataset.alarm = alarm && now[value] > 0 ? alarm : "";
    if (filter) button.setAttribute("aria-pressed", String(live.filter === filter));
  }
  document.title = `${now.sos ? `SOS ${now.sos} · ` : ""}Live board · Dutyboard`;
}
