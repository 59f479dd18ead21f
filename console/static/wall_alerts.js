// What needs somebody, for a wall: which nurse, what kind, since when; never which patient.

import { icon, make, oncePerFrame, say } from "./dom.js";
import { liveOn } from "./live.js";
import { isSilent, isUnallocated, statusOf } from "./standing.js";

const REST_MS = 500;
const LASTING = new Set(["open", "acknowledged", "snoozed"]);
const KINDS = {
  round_slips: ["missed", "Round slips"],
  change_not_acknowledged: ["question", "Change not read"],
  change_contested: ["question", "Change contested"],
  visit_left_out: ["unallocated", "Visit in no round"],
};
const COLOURS = { critical: "red", high: "amber", medium: "amber", low: "quiet" };
const ORDER = ["critical", "high", "medium", "low"];

export function mount(element, options) {
  const live = liveOn(options);
  const count = make("span.db-count", {}, "0");
  const list = make("ul.db-wall-alerts");
  element.classList.add("db-card");
  element.append(make("div.db-card-head", {}, make("h2", {}, "Needs attention"), count), list);
  let drawn = "";
  const draw = () => {
    if (!live.ready) return;
    const lines = linesOf(live);
    const content = JSON.stringify(lines);
    if (content === drawn) return;
    drawn = content;
    say(count, String(lines.length));
    const items = lines.map(({ mark, colour, who, what }) =>
      make("li", { "data-colour": colour }, icon(mark, `db-ink-${colour}`), make("strong", {}, who), make("span", {}, what)),
    );
    list.replaceChildren(...(items.length ? items : [make("li.db-nothing", {}, icon("done"), "Nothing just now")]));
  };
  return live.on(["board", "changes", "tick"], oncePerFrame(draw, REST_MS));
}

/** One line each, worst first. */
function linesOf({ board, clock, limits, time }) {
  const nurses = [...board.nurses.values()];
  const name = (id) => board.nurses.get(id)?.name ?? "Somebody";
  const sos = nurses.filter((nurse) => statusOf(nurse) === "sos").map((nurse) => ({
    mark: "mark-sos",
    colour: "red",
    who: nurse.name,
    what: `SOS since ${time(Date.parse(nurse.state.sos_since))}`,
  }));
  const alerts = [...(board.alerts?.values() ?? [])]
    .filter(({ state }) => LASTING.has(state))
    .sort((a, b) => ORDER.indexOf(a.priority) - ORDER.indexOf(b.priority) || a.opened_at.localeCompare(b.opened_at))
    .map((alert) => told(alert, name, time));
  const unallocated = [...board.visits.values()].filter(isUnallocated).length;
  const waiting = unallocated ? [{ mark: "unallocated", colour: "amber", who: String(unallocated), what: "in no round" }] : [];
  const silent = nurses.filter((nurse) => isSilent(nurse, clock.now(), limits)).map((nurse) => ({
    mark: "silent",
    colour: "amber",
    who: nurse.name,
    what: "Phone silent",
  }));
  return [...sos, ...alerts, ...waiting, ...silent];
}

function told({ kind, nurse_id: nurseId, priority, knock_on: knockOn = [], opened_at: openedAt }, name, time) {
  const [mark, words] = KINDS[kind] ?? ["question", "Alert"];
  const reach = knockOn.length ? ` · ${knockOn.length} ${knockOn.length === 1 ? "visit" : "visits"}` : "";
  const who = nurseId ? name(nurseId) : words;
  return { mark, colour: COLOURS[priority] ?? "amber", who, what: `${nurseId ? words : "since"}${reach} ${time(Date.parse(openedAt))}` };
}
