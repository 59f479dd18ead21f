// A canvas over the map, as large as the map, cleared whenever it is drawn on.

export class Sheet {
  constructor(map, frame) {
    this.map = map;
    this.canvas = document.createElement("canvas");
    this.canvas.className = "db-map-live";
    this.canvas.setAttribute("aria-hidden", "true");
    frame.append(this.canvas);
    map.on("zoomanim", () => this.canvas.style.setProperty("opacity", "0"));
    map.on("zoomend", () => this.canvas.style.setProperty("opacity", "1"));
  }

  /** Clear; returns what to draw with, in the map's pixels. */
  fresh() {
    const { x: width, y: height } = this.map.getSize();
    const scale = window.devicePixelRatio || 1;
    const [across, down] = [Math.round(width * scale), Math.round(height * scale)];
    if (this.canvas.width !== across || this.canvas.height !== down) {
      Object.assign(this.canvas, { width: across, height: down });
      Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    }
    const context = this.canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    return context;
  }
}
