// What lies under the nurses: tiles where a server is set and answers, else a map file, else a bundled drawing, else a plain grid.

import { leaflet as L } from "nicegui-leaflet";
import { Drawing } from "./drawing.js";
import { Grid } from "./grid.js";
import { MapFile } from "./map_file.js";

const GIVE_UP_AFTER = 4; // tiles that failed before the first one came
const NO_TILES = "no tile server configured";

export class BaseMap {
  constructor(map, frame, { tiles, pmtiles, attribution, bases }) {
    Object.assign(this, { map, frame, tiles, pmtiles, attribution, bases });
    this.credit = L.control.attribution({ prefix: false, position: "bottomright" }).addTo(map);
    this.team = null;
    this.layer = null;
  }

  /** Choose the base for where a team is. */
  settleAt(team) {
    if (this.team?.team_id === team.team_id) return;
    this.team = team;
    if (team.planar) this.show(new Grid(this.map, this.frame), "Made-up places on a plain grid");
    else if (this.tiles) this.showTiles();
    else if (this.pmtiles) this.showFile();
    else this.showBundled(NO_TILES);
  }

  showTiles() {
    const tiles = L.tileLayer(this.tiles, { maxZoom: 19, className: "db-tiles", attribution: "" });
    let [came, failed] = [0, 0];
    tiles.on("tileload", () => (came += 1));
    tiles.on("tileerror", () => {
      failed += 1;
      if (!came && failed >= GIVE_UP_AFTER) this.showBundled("the tile server does not answer");
    });
    this.show({ add: () => tiles.addTo(this.map), remove: () => tiles.remove(), retheme() {} }, this.attribution);
  }

  async showFile() {
    const file = new MapFile(this.map, this.frame, this.pmtiles);
    if (await file.isThere()) this.show(file, this.attribution || "© OpenStreetMap contributors");
    else this.showBundled("the map file cannot be read");
  }

  async showBundled(reason) {
    const { base_lat: lat, base_lon: lon } = this.team;
    const holds = ({ bbox: [west, south, east, north] }) => west <= lon && lon <= east && south <= lat && lat <= north;
    const found = this.bases.find(holds);
    const drawn = found && (await fetched(found.url));
    if (drawn) this.show(new Drawing(this.map, this.frame, drawn), `Schematic base map (${reason})`);
    else this.show(new Grid(this.map, this.frame), `Plain grid, no base map for this area (${reason})`);
  }

  show(layer, credit) {
    this.layer?.remove();
    this.layer = layer;
    layer.add();
    if (this.credited) this.credit.removeAttribution(this.credited);
    this.credited = textOnly(credit);
    this.credit.addAttribution(this.credited);
  }

  retheme() {
    this.layer?.retheme();
  }
}

async function fetched(url) {
  try {
    const answer = await fetch(url);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null; // a map is a help, not a need: the grid takes its place
  }
}

/** Leaflet writes attributions as markup. */
function textOnly(text) {
  const holder = document.createElement("i");
  holder.textContent = text;
  return holder.innerHTML;
}
