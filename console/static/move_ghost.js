// Where a visit would go: an outline in the row, and beside it what would come of it, by icon, colour and sentence.

import { icon, make, say } from "./dom.js";

const ICONS = { asking: "planned", fine: "done", costly: "at_risk", nothing: "planned", refused: "no_access" };
const LEAST_PX = 42; // so that the time can be read
const EDGE_PX = 8;

export class MoveGhost {
  /** `element` is what the words stand in; screen readers are told of them when they have a moment. */
  constructor(element) {
    this.at = make("b");
    this.ghost = make("div.db-move-ghost", { "aria-hidden": "true" }, this.at);
    this.mark = make("span.db-move-mark", { "aria-hidden": "true" });
    [this.where, this.says, this.how] = [make("strong"), make("span"), make("small")];
    this.note = make("div.db-move-note", { hidden: true }, this.mark, make("div", { role: "status" }, this.where, this.says), this.how);
    element.append(this.note);
  }

  /** Outline `from`–`to` (Unix ms) in a strip; `weighs` is the verdict's, or `asking`. */
  draw(strip, axis, { from, to, at, where, weighs, says, how }) {
    if (this.ghost.parentElement !== strip) strip.append(this.ghost);
    this.ghost.style.left = `${axis.part(from).toFixed(3)}%`;
    this.ghost.style.width = `max(${LEAST_PX}px, ${(axis.part(to) - axis.part(from)).toFixed(3)}%)`;
    say(this.at, at);
    say(this.where, where);
    say(this.says, says);
    say(this.how, how);
    this.#weigh(weighs);
    this.note.hidden = false;
    this.#stand();
  }

  hide() {
    this.ghost.remove();
    this.note.hidden = true;
    for (const words of [this.where, this.says]) say(words, "");
  }

  #weigh(weighs) {
    if (this.note.dataset.weighs === weighs) return;
    this.ghost.dataset.weighs = weighs;
    this.note.dataset.weighs = weighs;
    this.mark.replaceChildren(icon(ICONS[weighs]));
  }

  /** Beside the outline: below it, or above where there is no room below. */
  #stand() {
    const around = this.ghost.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.note;
    const left = Math.max(EDGE_PX, Math.min(around.left, innerWidth - width - EDGE_PX));
    const below = around.bottom + EDGE_PX;
    const top = below + height < innerHeight - EDGE_PX ? below : around.top - height - EDGE_PX;
    this.note.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }
}
