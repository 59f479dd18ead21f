// What the map's shapes mean.

import { icon, make } from "./dom.js";

const MARKS = [
  ["mark-with_patient", "patient", "With patient"],
  ["mark-en_route", "travel", "Travelling"],
  ["mark-available", "patient", "Available"],
  ["mark-sos", "red", "SOS"],
  ["visit-planned", "ink", "Planned visit"],
  ["visit-done", "quiet", "Done"],
  ["visit-missed", "red", "Late"],
  ["visit-risk", "amber", "At risk"],
  ["unallocated", "amber", "Unallocated"],
];

export function legend() {
  const items = MARKS.map(([mark, colour, word]) => make("li", {}, icon(mark, `db-ink-${colour}`), word));
  return make("ul.db-legend", { "aria-label": "What the marks mean" }, ...items);
}
