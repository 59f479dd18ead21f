// What is known of the nurse under the pointer.

import { make } from "./dom.js";
import { onDuty, positionOf, silence, statusOf, STATUSES } from "./standing.js";
import { lasting } from "./words.js";

export function hoverCard(element, live) {
  const card = make("div.db-hover", { hidden: true });
  element.append(card);
  return {
    /** Show a nurse's card at a point of the map, in pixels; null hides it. */
    show(nurse, at = null) {
      card.hidden = !nurse;
      element.classList.toggle("db-map-pointing", Boolean(nurse));
      if (!nurse) return;
      card.replaceChildren(make("strong", {}, nurse.name), ...lines(nurse, live).map(line));
      const left = Math.min(at.x + 16, element.clientWidth - card.offsetWidth - 8);
      const top = Math.min(at.y + 14, element.clientHeight - card.offsetHeight - 8);
      card.style.transform = `translate(${Math.max(8, left)}px, ${Math.max(8, top)}px)`;
    },
  };
}

function line([name, value]) {
  return make("div", {}, make("span", {}, name), make("b", {}, value));
}

/** Name and value of each thing known; what the phone never told is said to be unknown. */
export function lines(nurse, live) {
  const { trust, age } = positionOf(nurse, live.now(), live.limits);
  const { position, phone } = nurse;
  const seen = { none: "never", unknown: `unknown, last ${lasting(age)} ago` }[trust] ?? `${lasting(age)} ago`;
  const heard = phone ? `${lasting(silence(nurse, live.now()))} ago` : "never";
  return [
    ["Status", STATUSES[statusOf(nurse)].word],
    ["Position", trust === "old" ? `${seen} – old` : seen],
    ["Accuracy", position?.accuracy_m == null ? "unknown" : `± ${Math.round(position.accuracy_m)} m`],
    ["Phone heard", onDuty(nurse) || phone ? heard : "not expected yet"],
    ["Battery", phone?.battery_pct == null ? "unknown" : `${phone.battery_pct}%`],
    ...(phone?.location_allowed === false ? [["Location", "switched off on the phone"]] : []),
  ];
}
