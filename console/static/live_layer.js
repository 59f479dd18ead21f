// What lives on the map: visits on one canvas, nurses on another, redrawn only while something moves or changes.

import { clustered } from "./clusters.js";
import { oncePerFrame } from "./dom.js";
import { drawGroup, drawNurse, drawRound, drawStops, drawTrail, drawVisit, palette } from "./marks.js";
import { Sheet } from "./sheet.js";
import { isKept, isUnallocated, onDuty, positionOf, statusOf, visitState } from "./standing.js";
import { Trail } from "./trail.js";
import { lasting } from "./words.js";

const SHORTEST_GLIDE_MS = 250;
const LONGEST_GLIDE_MS = 2_000; // a mark is never further behind its position than this
const FRAME_MS = 40; // between two pictures of something that glides
const REACH_PX = 16; // how near to a mark the pointer must be

export class LiveLayer {
  constructor(map, live, frame) {
    Object.assign(this, { map, live, frame });
    this.glides = new Map();
    this.hits = [];
    this.visits = new Sheet(map, frame);
    this.nurses = new Sheet(map, frame);
    this.colours = palette(frame);
    this.drawMoving = oncePerFrame(() => this.paintMoving());
    this.drawStill = oncePerFrame(() => this.paintStill());
    this.trail = new Trail(live, live.teamId, this.drawMoving);
    map.on("move resize zoomend", () => this.paint());
  }

  draw() {
    this.drawStill();
    this.drawMoving();
  }

  paint() {
    this.paintStill();
    this.paintMoving();
  }

  retheme() {
    this.colours = palette(this.frame);
    this.draw();
  }

  /** Everything is new: whoever has a position is there at once. */
  reset() {
    this.glides.clear();
    for (const nurse of this.live.board.nurses.values()) this.jump(nurse);
    this.draw();
  }

  /** These nurses changed: who has a newer position glides there. */
  follow(nurseIds) {
    for (const id of nurseIds) {
      const nurse = this.live.board.nurses.get(id);
      const glide = this.glides.get(id);
      if (!nurse?.position) continue;
      if (!glide || !this.live.moving || !this.isFresh(nurse)) this.jump(nurse);
      else if (glide.version !== nurse.position.version) this.glides.set(id, this.towards(nurse.position, glide));
    }
    this.draw();
  }

  /** Nothing glides on a board that hears nothing: marks stand where their nurses were last seen. */
  settle() {
    for (const nurse of this.live.board.nurses.values()) this.jump(nurse);
    this.draw();
  }

  isFresh(nurse) {
    return positionOf(nurse, this.live.now(), this.live.limits).trust === "fresh";
  }

  jump(nurse) {
    if (!nurse.position) return;
    const { lat, lon, version } = nurse.position;
    this.glides.set(nurse.id, { from: { lat, lon }, to: { lat, lon }, begun: performance.now(), lasts: 0, version });
  }

  towards({ lat, lon, version }, glide) {
    const now = performance.now();
    const lasts = Math.min(LONGEST_GLIDE_MS, Math.max(SHORTEST_GLIDE_MS, now - glide.begun));
    return { from: this.place(glide, now), to: { lat, lon }, begun: now, lasts, version };
  }

  place({ from, to, begun, lasts }, now) {
    const part = lasts ? Math.min(1, (now - begun) / lasts) : 1;
    return { lat: from.lat + (to.lat - from.lat) * part, lon: from.lon + (to.lon - from.lon) * part };
  }

  at(place) {
    return this.map.latLngToContainerPoint([place.lat, place.lon]);
  }

  isInView({ x, y }) {
    const { x: width, y: height } = this.map.getSize();
    return x > -30 && y > -30 && x < width + 30 && y < height + 30;
  }

  /** The visits: they stand where they are, and there are many of them. */
  paintStill() {
    const canvas = this.visits.fresh();
    if (!this.live.ready || this.live.wall) return;
    const now = this.live.now();
    const pickedVisit = this.live.board.stops.get(this.live.picked.stopKey)?.visit;
    const marks = [...this.live.board.visits.values()].map((visit) => ({
      at: this.at(visit),
      state: visitState(visit, now),
      unallocated: isUnallocated(visit),
      critical: visit.priority === "time_critical",
      picked: visit === pickedVisit,
    }));
    const { single, groups } = clustered(marks.filter(({ at }) => this.isInView(at)));
    for (const group of groups) drawGroup(canvas, group, this.colours);
    for (const mark of single) drawVisit(canvas, mark, this.colours);
  }

  /** The nurses, and again while one of them is on the way to a newer position. */
  paintMoving() {
    const canvas = this.nurses.fresh();
    if (!this.live.ready) return;
    const now = performance.now();
    const round = this.round(now);
    this.trail.follow(this.live.picked.nurseId);
    this.trail.note();
    for (const piece of this.trail.pieces()) drawTrail(canvas, piece.map((place) => this.at(place)), this.colours);
    drawRound(canvas, [...round.from, ...round.stops], this.colours);
    this.paintNurses(canvas, now);
    drawStops(canvas, round.stops, this.colours);
    const gliding = [...this.glides.values()].some(({ begun, lasts }) => now - begun < lasts);
    if (gliding && this.live.moving) setTimeout(this.drawMoving, FRAME_MS);
  }

  /** What is left of the picked nurse's round, in pixels: `from` where they are, where that is known, through `stops`. */
  round(now) {
    const nurse = this.live.board.nurses.get(this.live.picked.nurseId);
    if (!nurse) return { from: [], stops: [] };
    const left = nurse.round.filter((stop) => ["planned", "en_route"].includes(stop.state));
    const glide = this.glides.get(nurse.id);
    const known = glide && positionOf(nurse, this.live.now(), this.live.limits).trust !== "unknown";
    return { from: known ? [this.at(this.place(glide, now))] : [], stops: left.map(({ visit }) => this.at(visit)) };
  }

  paintNurses(canvas, now) {
    const nurses = [...this.live.board.nurses.values()].filter((nurse) => nurse.position && this.isShown(nurse));
    nurses.sort((a, b) => this.height(a) - this.height(b));
    this.hits = [];
    for (const nurse of nurses) {
      const at = this.at(this.place(this.glides.get(nurse.id) ?? this.still(nurse), now));
      if (!this.isInView(at)) continue;
      this.hits.push({ at, nurse });
      drawNurse(canvas, this.shown(nurse, at), this.colours);
    }
  }

  still({ position: { lat, lon } }) {
    return { from: { lat, lon }, to: { lat, lon }, begun: 0, lasts: 0 };
  }

  shown(nurse, at) {
    const status = statusOf(nurse);
    const { trust, age } = positionOf(nurse, this.live.now(), this.live.limits);
    const picked = this.live.picked.nurseId === nurse.id;
    const doubt = trust === "fresh" ? "" : trust === "unknown" ? `${nurse.initials} last seen ${lasting(age)} ago` : lasting(age);
    const called = status === "sos" ? `SOS ${nurse.name}` : picked ? nurse.name : "";
    const label = [called, doubt].filter(Boolean).join(" · ");
    return { at, status, trust, initials: nurse.initials, label, picked, feedLive: this.live.moving };
  }

  /** Off duty is off the map, unless asked for. */
  isShown(nurse) {
    return (onDuty(nurse) && isKept(nurse, this.live)) || this.live.picked.nurseId === nurse.id;
  }

  height(nurse) {
    return (statusOf(nurse) === "sos" ? 2 : 0) + (this.live.picked.nurseId === nurse.id ? 1 : 0);
  }

  /** Whoever is drawn nearest to a point of the map, within reach. */
  nurseAt({ x, y }) {
    const near = this.hits.map((hit) => ({ ...hit, px: Math.hypot(hit.at.x - x, hit.at.y - y) }));
    const nearest = near.filter((hit) => hit.px < REACH_PX).sort((a, b) => a.px - b.px)[0];
    return nearest?.nurse ?? null;
  }
}
