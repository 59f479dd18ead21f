// A base map from one file of vector tiles, in the colours of the present theme.

import { leaflet as L } from "nicegui-leaflet";

const DRAWS = "/static/vendor/protomaps-leaflet.js";
const BEGINS = "PMTiles";
const MAX_ZOOM_AT = 101; // byte of the header that says up to which zoom there are tiles

export class MapFile {
  constructor(map, frame, url) {
    Object.assign(this, { map, frame, url });
  }

  /** Whether the file can be read in parts, as it is drawn. */
  async isThere() {
    try {
      const answer = await fetch(this.url, { headers: { Range: `bytes=0-${MAX_ZOOM_AT}` } });
      const header = new Uint8Array(await answer.arrayBuffer());
      if (answer.status !== 206 || !String.fromCharCode(...header).startsWith(BEGINS)) return false;
      this.maxDataZoom = header[MAX_ZOOM_AT];
      await drawingIsLoaded();
      return true;
    } catch {
      return false; // a map is a help, not a need: the bundled drawing takes its place
    }
  }

  add() {
    const dark = getComputedStyle(this.frame).colorScheme === "dark" || (!this.themed() && matchMedia("(prefers-color-scheme: dark)").matches);
    this.layer = window.protomapsL.leafletLayer({ url: this.url, flavor: dark ? "dark" : "light", lang: "en", attribution: "", maxDataZoom: this.maxDataZoom });
    this.layer.addTo(this.map);
  }

  remove() {
    this.layer?.remove();
  }

  retheme() {
    this.remove();
    this.add();
  }

  themed() {
    return ["light", "dark"].includes(document.documentElement.dataset.theme);
  }
}

/** The drawing is a script of its own, loaded where it is needed; it looks for Leaflet where scripts do. */
async function drawingIsLoaded() {
  if (window.protomapsL) return;
  window.L ??= L;
  await new Promise((loaded, failed) => {
    const script = document.createElement("script");
    Object.assign(script, { src: DRAWS, onload: loaded, onerror: failed });
    document.head.append(script);
  });
}
