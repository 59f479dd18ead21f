// Draws a bundled GeoJSON map: what each feature is stands in its property `kind`, its name in `name`.

import { leaflet as L } from "nicegui-leaflet";
import { make } from "./dom.js";
import { coloursOf } from "./palette.js";

/** From the ground up. `casing` is drawn under all lines of its own and the next kinds. */
const AREAS = ["urban", "wood", "park", "water"];
const LINES = {
  river: { width: 5, colour: "water" },
  street: { width: 1.3, casing: 0.9, fromZoom: 12.25 },
  lane: { width: 1.6, casing: 1 },
  railway: { width: 1.2, dash: "6 4" },
  b_road: { width: 2.4, casing: 1.5 },
  a_road: { width: 3.2, casing: 1.6 },
  motorway: { width: 4.2, casing: 2 },
};
const COLOURS = [...AREAS, ...Object.keys(LINES), ...Object.keys(LINES).map((kind) => `${kind}-casing`)];
const WIDENING = 1.5; // a zoom step nearer makes roads this much wider
const USUAL_ZOOM = 12;

export class Drawing {
  constructor(map, frame, collection) {
    Object.assign(this, { map, frame });
    this.renderer = L.canvas({ padding: 0.5 });
    this.group = L.layerGroup();
    this.drawn = [];
    const byKind = Map.groupBy ? Map.groupBy(collection.features, kindOf) : grouped(collection.features);
    for (const kind of AREAS) this.areas(kind, byKind.get(kind) ?? []);
    for (const kind of Object.keys(LINES)) this.casings(kind, byKind.get(kind) ?? []);
    for (const kind of Object.keys(LINES)) this.lines(kind, byKind.get(kind) ?? []);
    for (const place of byKind.get("place") ?? []) this.group.addLayer(label(place));
    this.restyle = () => this.style();
  }

  add() {
    this.group.addTo(this.map);
    this.map.on("zoomend", this.restyle);
    this.style();
  }

  remove() {
    this.map.off("zoomend", this.restyle);
    this.group.remove();
  }

  retheme() {
    this.style();
  }

  areas(kind, features) {
    this.layer(kind, features, (colours) => ({ stroke: false, fillOpacity: 1, fillColor: colours[kind] }));
  }

  casings(kind, features) {
    const { width, casing } = LINES[kind];
    if (casing === undefined) return;
    const shape = (colours, wider) => ({ color: colours[`${kind}-casing`], weight: (width + casing) * wider });
    this.layer(kind, features, shape);
  }

  lines(kind, features) {
    const { width, colour = kind, dash } = LINES[kind];
    this.layer(kind, features, (colours, wider) => ({ color: colours[colour], weight: width * wider, dashArray: dash }));
  }

  layer(kind, features, shape) {
    if (!features.length) return;
    const still = { interactive: false, renderer: this.renderer };
    const layer = L.geoJSON({ type: "FeatureCollection", features }, { ...still, style: { lineCap: "round", lineJoin: "round" } });
    this.drawn.push({ kind, layer, shape });
    this.group.addLayer(layer);
  }

  style() {
    const colours = coloursOf(this.frame, COLOURS, "--db-map-");
    const zoom = this.map.getZoom();
    const wider = WIDENING ** Math.max(-2.5, zoom - USUAL_ZOOM);
    for (const { kind, layer, shape } of this.drawn) {
      const seen = zoom >= (LINES[kind]?.fromZoom ?? 0);
      layer.setStyle({ ...shape(colours, wider), opacity: seen ? 1 : 0.55 });
    }
  }
}

function kindOf({ properties }) {
  return properties.kind;
}

function grouped(features) {
  const found = new Map();
  for (const feature of features) found.set(kindOf(feature), [...(found.get(kindOf(feature)) ?? []), feature]);
  return found;
}

function label({ properties: { name, rank = 3 }, geometry }) {
  const [lon, lat] = geometry.coordinates;
  const html = make("span", {}, name);
  const shape = { className: `db-map-place db-map-place-${rank}`, html, iconSize: [0, 0] };
  return L.marker([lat, lon], { icon: L.divIcon(shape), interactive: false, keyboard: false });
}
