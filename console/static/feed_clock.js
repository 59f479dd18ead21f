// The time of the feed: what the server's clock says, carried on by the browser at the clock's own speed.

const SMALL_S = 0.75; // of life: a difference below it is the network's, not the clock's
const NUDGE = 0.2;

export class FeedClock {
  constructor(life = () => performance.now()) {
    this.life = life; // milliseconds that only ever grow
    this.speed = 1;
    this.base = null; // Unix milliseconds of the feed's clock when life showed `at`
    this.at = 0;
  }

  get known() {
    return this.base !== null;
  }

  /** Take the time the server said, an ISO 8601 text; `speed` where it said it too. */
  hear(text, speed) {
    const said = Date.parse(text);
    const changed = speed !== undefined && speed !== this.speed;
    const off = this.known && !changed ? said - this.now() : NaN;
    const small = Math.abs(off) < SMALL_S * 1000 * this.speed;
    this.base = small ? this.now() + off * NUDGE : said;
    this.at = this.life();
    if (changed) this.speed = speed;
  }

  /** Unix milliseconds; NaN before anything was heard. */
  now() {
    return this.known ? this.base + (this.life() - this.at) * this.speed : NaN;
  }
}
