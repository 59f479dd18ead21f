// What a move would do, asked while somebody looks for a place: one question at a time, not too often, and the newest wins.

import { ask } from "./desk.js";

const LEAST_MS = 150; // between two questions
const UNREACHED = { weighs: "refused", says: "The server cannot be reached." };

export class Verdicts {
  /** `heard(verdict)` is told of the answer to what was asked last, while nothing newer is asked. */
  constructor(heard) {
    Object.assign(this, { heard, next: null, asking: null, free: 0 });
  }

  /** Ask of a place; what was asked before and is not answered yet is of no interest any more. */
  of(move) {
    this.next = move;
    this.asking ??= this.#work();
  }

  forget() {
    Object.assign(this, { next: null, heard: () => {} });
  }

  async #work() {
    while (this.next) {
      const wait = this.free - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const move = this.next;
      if (!move) break;
      this.next = null;
      this.free = performance.now() + LEAST_MS;
      const told = (await ask("moves", { ...move, dry_run: true }, { quietly: true })) ?? UNREACHED;
      if (!this.next) this.heard(told.refused ? { weighs: "refused", says: told.refused } : told);
    }
    this.asking = null;
  }
}
