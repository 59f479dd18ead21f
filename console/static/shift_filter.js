// Which shift is looked at: those that are planned for the day, each with how many nurses have it.

import { icon, make } from "./dom.js";
import { liveOn } from "./live.js";
import { shiftOf } from "./standing.js";
import { span } from "./visit_words.js";

export function mount(element, options) {
  const live = liveOn(options);
  const select = make("select", { onchange: () => live.keepShift(select.value || null) });
  element.append(make("label.db-picker", {}, icon("person"), make("span.db-unseen", {}, "Shift"), select));
  return live.on(["board"], () => {
    const shifts = shiftsOf(live);
    if (live.shift && !shifts.some(([key]) => key === live.shift)) live.keepShift(null);
    const choices = [["", "All shifts"], ...shifts];
    select.replaceChildren(...choices.map(([key, words]) => make("option", { value: key, selected: key === (live.shift ?? "") }, words)));
  });
}

/** `[key, words]` of each planned shift, the earliest first. */
function shiftsOf({ board, time }) {
  const counted = new Map();
  for (const nurse of board.nurses.values()) {
    const key = shiftOf(nurse);
    if (key) counted.set(key, { nurse, count: (counted.get(key)?.count ?? 0) + 1 });
  }
  const byStart = ([, a], [, b]) => a.nurse.shiftStart - b.nurse.shiftStart || a.nurse.shiftEnd - b.nurse.shiftEnd;
  return [...counted].sort(byStart).map(([key, { nurse, count }]) => [key, `${span(nurse.shiftStart, nurse.shiftEnd, time)} (${count})`]);
}
