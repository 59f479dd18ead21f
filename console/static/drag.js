// A visit's bar dragged with the pointer to another row or time. Fingers scroll: for them there is “Move to…”.

const FAR_ENOUGH_PX = 5; // less is a click by an unsteady hand
const EDGE_PX = 30; // so near to the upper or lower edge the rows scroll
const HEAD_PX = 49; // what sticks to the upper edge
const SCROLL_PX = 10;
const FRAME_MS = 32;
const HOW = "Let go to move it · Esc leaves it";

/** `scroll` is what the rows scroll in. Returns how to stop listening. */
export function dragBars(grid, scroll, moving, live) {
  const drag = new Drag(grid, scroll, moving, live);
  const heard = {
    pointerdown: (event) => drag.press(event),
    pointermove: (event) => drag.move(event),
    pointerup: () => drag.release(),
    pointercancel: () => drag.leave(),
  };
  for (const [name, react] of Object.entries(heard)) grid.addEventListener(name, react);
  grid.addEventListener("click", (event) => drag.swallow(event), { capture: true });
  const escape = (event) => drag.escape(event);
  document.addEventListener("keydown", escape, { capture: true });
  return () => {
    drag.leave();
    document.removeEventListener("keydown", escape, { capture: true });
  };
}

class Drag {
  constructor(grid, scroll, moving, live) {
    Object.assign(this, { grid, scroll, moving, live, pressed: null, going: false, wasDrag: false });
  }

  press(event) {
    this.wasDrag = false;
    const stop = this.live.board.stops.get(event.target.closest(".db-bar")?.dataset.stop);
    if (!stop || event.button !== 0 || event.pointerType === "touch" || this.moving.active) return;
    this.pressed = { stop, x: event.clientX, y: event.clientY, pointer: event.pointerId };
  }

  move(event) {
    if (!this.pressed) return;
    this.point = { x: event.clientX, y: event.clientY };
    if (!this.going && !this.#begin()) return;
    if (this.#outside()) this.leave();
    else this.#aim();
  }

  release() {
    const { going } = this;
    this.#let();
    if (going) this.moving.drop();
  }

  leave() {
    const { going } = this;
    this.#let();
    if (going) this.moving.leave();
  }

  escape(event) {
    if (event.key !== "Escape" || !this.going) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.leave();
  }

  /** The click that ends a drag picks nobody. */
  swallow(event) {
    if (!this.wasDrag || event.detail === 0) return; // a key's click has nothing to do with it
    this.wasDrag = false;
    event.stopPropagation();
  }

  #begin() {
    const { stop, x, y, pointer } = this.pressed;
    if (Math.hypot(this.point.x - x, this.point.y - y) < FAR_ENOUGH_PX) return false;
    this.wasDrag = true;
    if (!this.moving.begin(stop, HOW)) {
      this.pressed = null;
      return false;
    }
    this.going = true;
    this.grid.setPointerCapture(pointer);
    this.scrolling = setInterval(() => this.#scrollAtEdge(), FRAME_MS);
    return true;
  }

  #aim() {
    const { stop, x } = this.pressed;
    const row = document.elementsFromPoint(this.point.x, this.point.y).find((element) => element.matches(".db-round"));
    const { axis } = this.moving;
    const along = ((this.point.x - x) / axis.width) * (axis.to - axis.from);
    this.moving.aim(row?.dataset.nurse ?? this.moving.nurseId, stop.start + along);
  }

  #outside() {
    const { left, right, top, bottom } = this.scroll.getBoundingClientRect();
    const { x, y } = this.point;
    return x < left || x > right || y < top || y > bottom;
  }

  #scrollAtEdge() {
    const { top, bottom } = this.scroll.getBoundingClientRect();
    const before = this.scroll.scrollTop;
    if (this.point.y > bottom - EDGE_PX) this.scroll.scrollTop += SCROLL_PX;
    else if (this.point.y < top + HEAD_PX + EDGE_PX) this.scroll.scrollTop -= SCROLL_PX;
    if (this.scroll.scrollTop !== before) this.#aim();
  }

  #let() {
    clearInterval(this.scrolling);
    if (this.going && this.grid.hasPointerCapture(this.pressed.pointer)) this.grid.releasePointerCapture(this.pressed.pointer);
    Object.assign(this, { pressed: null, going: false });
  }
}
