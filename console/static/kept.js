// Elements that are made anew only when what they tell has changed, and never under a finger or a pressed button.

/** `of(wanted)` gives an element for each `{ key, look, make }`; the same one as long as key and look are the same. */
export class Kept {
  constructor() {
    this.made = new Map();
  }

  of(wanted) {
    const before = this.made;
    this.made = new Map();
    for (const { key, look, make } of wanted) {
      const kept = before.get(key);
      this.made.set(key, kept?.look === look ? kept : { look, element: make() });
    }
    return [...this.made.values()].map(({ element }) => element);
  }
}

/** Whether something in `element` is being pressed: what is exchanged then would swallow the click. `after` is called when
 * it is let go. */
export function whilePressed(element, after) {
  let pressed = false;
  const release = () => {
    if (!pressed) return;
    pressed = false;
    setTimeout(after); // the click comes first
  };
  element.addEventListener("pointerdown", () => (pressed = true));
  for (const over of ["pointerup", "pointercancel", "blur"]) window.addEventListener(over, release);
  return () => pressed;
}
