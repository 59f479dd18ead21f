// What the parts of one page share: the feed, its clock, the board, what is picked out. One a page, made by whoever is first.

import { Board } from "./board.js";
import { Feed } from "./feed.js";
import { FeedClock } from "./feed_clock.js";
import { dayIn, timeIn } from "./words.js";

let shared = null;

export function liveOn(options) {
  shared ??= new Live(options);
  return shared;
}

/**
 * Events: `board` (everything is new), `changes` (detail: ids of touched nurses), `health`, `tick` (once a second of life,
 * when ages and figures change), `picked` (a nurse or a visit was chosen), `opened` (a visit is shown in full), `filter` (which
 * rounds are listed), `goto` (detail: a place for the map).
 */
export class Live extends EventTarget {
  constructor({ team, staleAfterS, unknownAfterS, wall = false }) {
    super();
    this.wall = wall; // a screen that passers-by see: no word or mark on it tells of a patient
    this.teamId = team;
    this.limits = { staleAfterS, unknownAfterS };
    this.clock = new FeedClock();
    this.board = new Board();
    this.health = { state: "connecting" };
    this.picked = { nurseId: null, stopKey: null };
    this.opened = null;
    this.filter = null;
    this.shift = null; // of `shiftOf`: only these nurses are listed and drawn, and whoever calls for help
    this.time = timeIn("UTC");
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const url = `${scheme}://${location.host}/api/v1/feed?team=${encodeURIComponent(team)}`;
    this.feed = new Feed(url, this.clock, this);
    this.feed.start();
    setInterval(() => this.tell("tick"), 1000);
  }

  now() {
    return this.clock.now();
  }

  get ready() {
    return this.board.team !== null;
  }

  /** Whether what is drawn may move: only while the feed is live. */
  get moving() {
    return this.health.state === "live";
  }

  snapshot(board) {
    this.board.load(board);
    this.time = timeIn(board.team.timezone);
    this.date = dayIn(board.team.timezone);
    const { nurseId, stopKey } = this.picked;
    if (nurseId && !this.board.nurses.has(nurseId)) this.picked = { nurseId: null, stopKey: null };
    else if (stopKey && !this.board.stops.has(stopKey)) this.picked = { nurseId, stopKey: null };
    this.tell("board");
  }

  changes(diff) {
    this.tell("changes", this.board.apply(diff));
  }

  healthIs(health) {
    this.health = health;
    document.documentElement.dataset.feed = health.state;
    this.tell("health");
  }

  /** Choose a nurse, and a stop of theirs or of nobody's; the same again lets go. */
  pick(nurseId, stopKey = null) {
    if (this.wall) return;
    const same = this.picked.nurseId === nurseId && this.picked.stopKey === stopKey;
    this.picked = same ? { nurseId: null, stopKey: null } : { nurseId, stopKey };
    this.tell("picked");
  }

  /** Show one visit in full, over the board; null closes it. */
  open(stopKey) {
    if (this.wall) return;
    this.opened = stopKey;
    this.tell("opened");
  }

  /** List only the rounds of one concern; the same again, or null, lists all. */
  filterBy(filter) {
    this.filter = this.filter === filter ? null : filter;
    this.tell("filter");
  }

  /** Look only at the nurses of one shift; null looks at all. */
  keepShift(shift) {
    this.shift = shift;
    this.tell("filter");
  }

  tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** Listen by name, `{ board: () => …, tick: () => … }`; whoever comes late is told of the board at once. Returns how to
   * stop. */
  listen(heard) {
    for (const [name, react] of Object.entries(heard)) this.addEventListener(name, react);
    if (this.ready) heard.board?.(new CustomEvent("board"));
    return () => {
      for (const [name, react] of Object.entries(heard)) this.removeEventListener(name, react);
    };
  }

  /** Listen to several with one ear. */
  on(names, react) {
    return this.listen(Object.fromEntries(names.map((name) => [name, react])));
  }
}
