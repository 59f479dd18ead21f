// The one socket of a screen: a snapshot, then numbered changes. A gap asks for a new snapshot; silence is noticed.

const SILENT_MS = 12_000; // the server is heard every few seconds; after this it counts as gone
const WITHOUT_MS = 3_000; // a shorter break is mended before it is worth a word
const SNAPSHOT_MS = 8_000; // how long a snapshot that was asked for may take
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 8_000;
const NO_SUCH_TEAM = 4404;
const NOT_ALLOWED = 4403;

/**
 * Tells its listener `snapshot(board)`, `changes(diff)` and `healthIs(health)`.
 *
 * `health.state` is `connecting` (nothing seen yet), `live`, `mending` (a short break), `lost` (no news since `since`,
 * the feed's time in Unix ms), `stale` (the server is there, but what is behind it stands still since `since`) or
 * `refused` with `reason`. `health.behindMs` is how long ago the newest change was said, where that is known.
 */
export class Feed {
  constructor(url, clock, listener) {
    Object.assign(this, { url, clock, listener });
    this.socket = null;
    this.epoch = null;
    this.n = 0;
    this.waitingSince = performance.now(); // for a snapshot; null when the board is whole
    this.heardAt = null;
    this.heardClock = NaN;
    this.staleSince = null;
    this.refused = null;
    this.failures = 0;
    this.delays = new Delays();
  }

  start() {
    this.open();
    this.watch = setInterval(() => this.look(), 500);
    this.hurry = () => document.visibilityState === "visible" && this.retry && this.open();
    window.addEventListener("online", this.hurry);
    document.addEventListener("visibilitychange", this.hurry);
  }

  stop() {
    clearInterval(this.watch);
    window.removeEventListener("online", this.hurry);
    document.removeEventListener("visibilitychange", this.hurry);
    this.leave();
  }

  open() {
    this.leave();
    const socket = (this.socket = new WebSocket(this.url));
    this.openedAt = performance.now();
    socket.onmessage = (event) => this.hear(JSON.parse(event.data));
    socket.onclose = (event) => this.closed(event);
    socket.onerror = () => {}; // a close always follows
  }

  /** Let go of the socket at once: closing one whose other end is gone takes minutes. */
  leave() {
    clearTimeout(this.retry);
    this.retry = null;
    if (!this.socket) return;
    this.socket.onmessage = this.socket.onclose = null;
    this.socket.close();
    this.socket = null;
  }

  closed(event) {
    this.socket = null;
    if (event.code === NO_SUCH_TEAM || event.code === NOT_ALLOWED) this.refused = event.reason || "not allowed";
    this.waitingSince ??= performance.now();
    const longest = this.refused ? LONGEST_RETRY_MS : Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.failures);
    this.failures += 1;
    this.retry = setTimeout(() => this.open(), longest * (0.5 + Math.random() / 2));
    this.tellHealth();
  }

  hear(message) {
    this.heardAt = performance.now();
    this.clock.hear(message.now, message.speed);
    this.heardClock = this.clock.now();
    if (message.type !== "diff") this.staleSince = message.stale_since ? Date.parse(message.stale_since) : null;
    if (message.type === "snapshot") this.takeSnapshot(message);
    else if (message.type === "diff") this.takeDiff(message);
    else if (message.type === "ping") this.say("pong");
    this.tellHealth();
  }

  takeSnapshot(message) {
    Object.assign(this, { epoch: message.epoch, n: message.n, waitingSince: null, failures: 0, refused: null });
    this.listener.snapshot(message.board);
  }

  takeDiff(message) {
    if (this.waitingSince !== null) return;
    if (message.epoch === this.epoch && message.n <= this.n) return;
    if (message.epoch !== this.epoch || message.n !== this.n + 1) {
      this.waitingSince = performance.now();
      this.say("resync");
      return;
    }
    this.n = message.n;
    this.delays.note(message, Date.now());
    this.listener.changes(message);
  }

  say(type) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ type }));
  }

  /** Every now and then: is the other end still there, did the snapshot come? */
  look() {
    const now = performance.now();
    const since = Math.max(this.openedAt, this.heardAt ?? 0);
    const silent = now - since > SILENT_MS;
    const starved = this.waitingSince !== null && now - Math.max(this.waitingSince, this.openedAt) > SNAPSHOT_MS;
    if (this.socket && (silent || starved)) {
      this.waitingSince ??= this.heardAt;
      this.open();
    }
    this.tellHealth();
  }

  tellHealth() {
    const health = this.health();
    const text = JSON.stringify(health);
    if (text === this.told) return;
    this.told = text;
    this.listener.healthIs(health);
  }

  health() {
    if (this.refused) return { state: "refused", reason: this.refused };
    if (this.heardAt === null) return { state: "connecting" };
    const without = this.waitingSince === null ? 0 : performance.now() - this.waitingSince;
    if (this.epoch === null) return { state: "connecting" };
    if (without > WITHOUT_MS) return { state: "lost", since: this.heardClock };
    if (without > 0) return { state: "mending" };
    if (this.staleSince !== null) return { state: "stale", since: this.staleSince };
    return { state: "live", behindMs: this.delays.typical() };
  }
}

/** How far behind life the board is: from the phone's event being safe to its arrival here. */
class Delays {
  constructor() {
    this.newest = [];
    this.skew = Infinity; // the least difference seen between our clock and the server's: its wall may differ from ours
  }

  note({ accepted_ms: acceptedMs, sent_ms: sentMs }, arrivedMs) {
    this.skew = Math.min(this.skew, arrivedMs - sentMs);
    if (acceptedMs == null) return;
    this.newest.push(sentMs - acceptedMs + (arrivedMs - sentMs - this.skew));
    if (this.newest.length > 25) this.newest.shift();
  }

  /** The middle one of the newest, rounded so that the words do not flicker; null while none is known. */
  typical() {
    if (!this.newest.length) return null;
    const middle = [...this.newest].sort((a, b) => a - b)[this.newest.length >> 1];
    return middle < 100 ? Math.round(middle / 5) * 5 : Math.round(middle / 50) * 50;
  }
}
