// How nurses and visits look on the map: shape first, colour second.

import { coloursOf } from "./palette.js";

const TAU = 2 * Math.PI;
const FONT = '"Inter", system-ui, sans-serif';

const COLOURS = ["patient", "travel", "red", "amber-strong", "ink-2", "map-quiet", "surface", "on-strong", "blue", "critical"];

/** The colours of the marks in the present theme. */
export function palette(frame) {
  return coloursOf(frame, COLOURS);
}

/** A nurse at `at` in pixels. `trust` is how far the position may be believed; `label` stands beside the mark. */
export function drawNurse(canvas, { at, status, trust, initials, label, picked, feedLive }, colours) {
  const believed = trust === "fresh" && feedLive;
  const radius = picked || status === "sos" ? 13 : 11;
  const colour = colourOf(status, colours);
  if (status === "sos") ring(canvas, at, radius, colours.red);
  canvas.beginPath();
  if (status === "en_route") canvas.roundRect(at.x - radius * 0.95, at.y - radius * 0.95, radius * 1.9, radius * 1.9, 5);
  else canvas.arc(at.x, at.y, radius, 0, TAU);
  const hollow = !believed || status === "available";
  canvas.fillStyle = hollow ? colours.surface : colour;
  canvas.fill();
  canvas.lineWidth = picked ? 3 : 2;
  canvas.setLineDash(believed ? [] : [3, 2.5]);
  canvas.strokeStyle = believed ? (hollow ? colour : colours.surface) : status === "sos" ? colour : colours["map-quiet"];
  canvas.stroke();
  canvas.setLineDash([]);
  if (picked) outline(canvas, at, radius + 3.5, colours.blue);
  const ink = hollow ? (believed || status === "sos" ? colour : colours["map-quiet"]) : colours["on-strong"];
  write(canvas, trust === "unknown" ? "?" : initials, at.x, at.y + 0.5, ink, radius > 11 ? 10.5 : 9.5);
  if (label) tag(canvas, label, at, radius, status === "sos" ? colours.red : colours["map-quiet"], colours["on-strong"]);
}

/** A visit: small, its shape tells its state. */
export function drawVisit(canvas, { at, state, unallocated, critical, picked }, colours) {
  canvas.lineWidth = 1.5;
  if (unallocated) triangle(canvas, at, 6.5, colours.surface, colours["amber-strong"]);
  else if (state === "done") dot(canvas, at, 2.2, colours["map-quiet"]);
  else if (["late", "missed"].includes(state)) diamond(canvas, at, 6.5, colours.red, colours.surface);
  else if (state === "at_risk") triangle(canvas, at, 6, colours["amber-strong"], colours.surface);
  else if (["cancelled", "deferred"].includes(state)) cross(canvas, at, 2.5, colours["map-quiet"]);
  else if (state === "no_access") cross(canvas, at, 4, colours["amber-strong"]);
  else if (["in_progress", "overrunning"].includes(state)) dot(canvas, at, 4, colours.patient, colours.surface);
  else circle(canvas, at, 3.4, state === "en_route" ? colours.travel : colours["ink-2"], colours.surface);
  if (critical && ["planned", "en_route"].includes(state)) dot(canvas, at, 1.6, colours.critical);
  if (picked) outline(canvas, at, 10, colours.blue);
}

/** Visits that would cover each other: how many, paler when all are done. */
export function drawGroup(canvas, { at, count, done }, colours) {
  dot(canvas, at, count > 20 ? 13 : 10.5, colours.surface, done ? colours["map-quiet"] : colours["ink-2"]);
  write(canvas, String(count), at.x, at.y + 0.5, done ? colours["map-quiet"] : colours["ink-2"], 10);
}

/** The way that a nurse has come. */
export function drawTrail(canvas, points, colours) {
  if (points.length < 2) return;
  canvas.beginPath();
  points.forEach((point, place) => (place ? canvas.lineTo(point.x, point.y) : canvas.moveTo(point.x, point.y)));
  canvas.strokeStyle = colours.travel;
  canvas.globalAlpha = 0.75;
  canvas.lineWidth = 3.5;
  canvas.lineJoin = "round";
  canvas.stroke();
  canvas.globalAlpha = 1;
}

/** The rest of a round: from where the nurse is, through what is still to do. */
export function drawRound(canvas, points, colours) {
  if (points.length < 2) return;
  canvas.beginPath();
  points.forEach((point, place) => (place ? canvas.lineTo(point.x, point.y) : canvas.moveTo(point.x, point.y)));
  canvas.strokeStyle = colours.blue;
  canvas.lineWidth = 2.5;
  canvas.setLineDash([7, 5]);
  canvas.stroke();
  canvas.setLineDash([]);
}

/** Its stops, numbered in the order of the round, beside whatever else is there. */
export function drawStops(canvas, points, colours) {
  points.forEach(({ x, y }, place) => {
    const at = { x: x + 11, y: y - 11 };
    dot(canvas, at, 8, colours.blue, colours.surface);
    write(canvas, String(place + 1), at.x, at.y + 0.5, colours["on-strong"], 10);
  });
}

function colourOf(status, colours) {
  if (status === "sos") return colours.red;
  return { with_patient: colours.patient, en_route: colours.travel, available: colours.patient }[status] ?? colours["map-quiet"];
}

function dot(canvas, at, radius, fill, edge = null) {
  canvas.beginPath();
  canvas.arc(at.x, at.y, radius, 0, TAU);
  canvas.fillStyle = fill;
  canvas.fill();
  if (!edge) return;
  canvas.lineWidth = 1.5;
  canvas.strokeStyle = edge;
  canvas.stroke();
}

function circle(canvas, at, radius, edge, fill) {
  dot(canvas, at, radius, fill, edge);
}

function shape(canvas, points, fill, edge) {
  canvas.beginPath();
  points.forEach(([x, y], place) => (place ? canvas.lineTo(x, y) : canvas.moveTo(x, y)));
  canvas.closePath();
  canvas.fillStyle = fill;
  canvas.fill();
  canvas.lineWidth = 1.8;
  canvas.strokeStyle = edge;
  canvas.stroke();
}

function triangle(canvas, { x, y }, r, fill, edge) {
  shape(canvas, [[x, y - r], [x + r, y + r * 0.75], [x - r, y + r * 0.75]], fill, edge); // prettier-ignore
}

function diamond(canvas, { x, y }, r, fill, edge) {
  shape(canvas, [[x, y - r], [x + r, y], [x, y + r], [x - r, y]], fill, edge); // prettier-ignore
}

function cross(canvas, { x, y }, r, colour) {
  canvas.beginPath();
  canvas.moveTo(x - r, y - r);
  canvas.lineTo(x + r, y + r);
  canvas.moveTo(x + r, y - r);
  canvas.lineTo(x - r, y + r);
  canvas.lineWidth = 2.4;
  canvas.strokeStyle = colour;
  canvas.stroke();
}

function ring(canvas, at, radius, colour) {
  canvas.globalAlpha = 0.22;
  dot(canvas, at, radius + 8, colour);
  canvas.globalAlpha = 1;
  outline(canvas, at, radius + 8, colour);
}

function outline(canvas, at, radius, colour) {
  canvas.beginPath();
  canvas.arc(at.x, at.y, radius, 0, TAU);
  canvas.lineWidth = 1.8;
  canvas.strokeStyle = colour;
  canvas.stroke();
}

function write(canvas, text, x, y, colour, size, align = "center") {
  canvas.font = `650 ${size}px ${FONT}`;
  canvas.textAlign = align;
  canvas.textBaseline = "middle";
  canvas.fillStyle = colour;
  canvas.fillText(text, x, y);
}

function tag(canvas, text, at, radius, fill, ink) {
  canvas.font = `600 11px ${FONT}`;
  const width = canvas.measureText(text).width + 12;
  const left = at.x + radius + (fill === ink ? 4 : 10);
  canvas.beginPath();
  canvas.roundRect(left, at.y - 9, width, 18, 4);
  canvas.fillStyle = fill;
  canvas.fill();
  write(canvas, text, left + 6, at.y + 0.5, ink, 11, "left");
}
