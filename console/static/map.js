// The map: a base below, nurses and visits above it. It asks no address but ours, and a tile server where one is set.

import { leaflet as L } from "nicegui-leaflet";
import { BaseMap } from "./base_map.js";
import { make } from "./dom.js";
import { hoverCard } from "./hover_card.js";
import { legend } from "./legend.js";
import { LiveLayer } from "./live_layer.js";
import { liveOn } from "./live.js";

const HERE = "Map of nurses and visits. Everybody on it is listed under Rounds.";
const PLACE_ZOOM = 13; // at which a town that was searched for fills the map
const CLOSE_ENOUGH = 15; // zoom at which a place that was asked for is seen

export function mount(element, options) {
  const live = liveOn(options);
  const ground = make("div.db-map-ground", { role: "region", "aria-label": HERE });
  element.append(ground);
  const map = L.map(ground, { zoomControl: false, minZoom: 7, maxZoom: 18, zoomSnap: 0.25, attributionControl: false });
  map.setView([0, 0], 7);
  const base = new BaseMap(map, ground, options);
  L.control.zoom({ position: "bottomright" }).addTo(map);
  L.control.scale({ position: "bottomleft" }).addTo(map);
  const layer = new LiveLayer(map, live, ground);
  const card = hoverCard(element, live);
  element.append(legend());
  let pointer = null; // where it rests: a nurse may come by
  const point = (at) => {
    pointer = at;
    card.show(at && layer.nurseAt(at), at);
  };
  const view = new RememberedView(map, `db-view-${options.team}`);

  const quiet = live.listen({
    board: () => {
      base.settleAt(live.board.team);
      view.showAll(live.board);
      layer.reset();
    },
    changes: ({ detail }) => layer.follow(detail),
    health: () => (live.moving ? layer.draw() : layer.settle()),
    tick: () => {
      layer.draw();
      if (pointer) point(pointer);
    },
    goto: ({ detail }) => map.setView([detail.lat, detail.lon], PLACE_ZOOM),
    picked: () => {
      bringIntoView(map, live);
      layer.draw();
    },
  });
  // Leaflet drops moves over its canvases, thirty milliseconds' worth at a time, so the pointer is heard without it.
  ground.addEventListener("mousemove", (event) => point(map.mouseEventToContainerPoint(event)));
  ground.addEventListener("mouseleave", () => point(null));
  map.on("click", ({ containerPoint }) => {
    const nurse = layer.nurseAt(containerPoint);
    if (nurse) live.pick(nurse.id);
  });
  const resized = new ResizeObserver(() => map.invalidateSize({ animate: false }));
  resized.observe(ground);
  const retheme = () => {
    base.retheme();
    layer.retheme();
  };
  window.addEventListener("db-theme", retheme);
  return () => {
    quiet();
    resized.disconnect();
    window.removeEventListener("db-theme", retheme);
    map.remove();
  };
}

/** The part of the map that is shown: all of the day at first, then what was chosen, also after the page is loaded again. */
class RememberedView {
  constructor(map, name) {
    Object.assign(this, { map, name, shown: false });
    map.on("moveend", () => this.shown && this.keep());
  }

  keep() {
    const { lat, lng } = this.map.getCenter();
    sessionStorage.setItem(this.name, JSON.stringify({ center: [lat, lng], zoom: this.map.getZoom() }));
  }

  showAll({ team, visits }) {
    if (this.shown) return;
    const kept = JSON.parse(sessionStorage.getItem(this.name) ?? "null");
    const places = [...visits.values()].map(({ lat, lon }) => [lat, lon]);
    if (kept) this.map.setView(kept.center, kept.zoom, { animate: false });
    else if (places.length) this.map.fitBounds([...places, [team.base_lat, team.base_lon]], { padding: [36, 36], animate: false });
    else this.map.setView([team.base_lat, team.base_lon], 12, { animate: false });
    this.shown = true;
  }
}

function bringIntoView(map, { board, picked }) {
  const stop = board.stops.get(picked.stopKey);
  const place = stop?.visit ?? board.nurses.get(picked.nurseId)?.position;
  if (!place) return;
  const at = [place.lat, place.lon];
  const inside = map.getBounds().pad(-0.1).contains(at);
  if (stop && map.getZoom() < CLOSE_ENOUGH - 3) map.setView(at, CLOSE_ENOUGH - 3);
  else if (!inside) map.panTo(at);
}
