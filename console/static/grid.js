// A plain grid of meridians and parallels, for places of which no map is bundled.

import { leaflet as L } from "nicegui-leaflet";
import { coloursOf } from "./palette.js";

const STEPS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]; // degrees
const LINES = 10; // about as many across

export class Grid {
  constructor(map, frame) {
    Object.assign(this, { map, frame });
    this.lines = L.layerGroup();
    this.redraw = () => this.draw();
  }

  add() {
    this.lines.addTo(this.map);
    this.map.on("moveend", this.redraw);
    this.draw();
  }

  remove() {
    this.map.off("moveend", this.redraw);
    this.lines.remove();
  }

  retheme() {
    this.draw();
  }

  draw() {
    const color = coloursOf(this.frame, ["map-grid"])["map-grid"];
    const shape = { color, weight: 1, interactive: false };
    const bounds = this.map.getBounds().pad(0.3);
    const [south, north, west, east] = [bounds.getSouth(), bounds.getNorth(), bounds.getWest(), bounds.getEast()];
    const step = STEPS.find((degrees) => (east - west) / degrees <= LINES * 1.6) ?? STEPS.at(-1);
    this.lines.clearLayers();
    for (const lon of steps(west, east, step)) this.lines.addLayer(L.polyline([[south, lon], [north, lon]], shape)); // prettier-ignore
    for (const lat of steps(south, north, step)) this.lines.addLayer(L.polyline([[lat, west], [lat, east]], shape)); // prettier-ignore
  }
}

function steps(from, to, step) {
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) }, (_, i) => (first + i) * step);
}
