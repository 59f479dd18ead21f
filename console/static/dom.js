// Making elements. Words are set as text, never as markup: names of people come from files.

const SVG = "http://www.w3.org/2000/svg";

/** `make("button.db-row", { type: "button", "aria-label": "…" }, child, "text", …)` */
export function make(tagAndClasses, attributes = {}, ...children) {
  const [tag, ...classes] = tagAndClasses.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function icon(name, classes = "") {
  const drawn = document.createElementNS(SVG, "svg");
  drawn.setAttribute("class", `db-icon ${classes}`.trim());
  drawn.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  drawn.append(use);
  return drawn;
}

/** Set text only where it differs: what does not change is not laid out again. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A link that calls this number; null where none is known. */
export function callLink(number) {
  return number ? make("a.db-button", { href: `tel:${number.replace(/[^+\d]/gu, "")}` }, `Call ${number}`) : null;
}

/** Give `parent` these children in this order. What is in its place already is not touched: it keeps focus and pointer. */
export function arrange(parent, children) {
  const kept = new Set(children);
  for (const child of [...parent.childNodes]) if (!kept.has(child)) child.remove();
  children.forEach((child, place) => {
    if (parent.childNodes[place] !== child) parent.insertBefore(child, parent.childNodes[place] ?? null);
  });
}

/** Buttons for `[name, act]` pairs: as long as the names are the same they stay, and do what was given last. */
export function offer(parent, actions, ...before) {
  const names = JSON.stringify([actions.map(([name]) => name), before.map((element) => element.outerHTML)]);
  parent.acts = actions.map(([, act]) => act);
  if (parent.dataset.offered === names) return;
  parent.dataset.offered = names;
  const button = ([name], place) => make("button.db-button", { type: "button", onclick: () => parent.acts[place]() }, name);
  parent.replaceChildren(...before, ...actions.map(button));
}

export function toggle(element, attribute, on, value = "") {
  if (on) element.setAttribute(attribute, value);
  else element.removeAttribute(attribute);
}

/** Call `draw` at most once a frame, however often it is asked for; returns how to ask. After it has drawn it rests for
 * `restMs`: a table that changes with every message costs more to lay out than eyes can follow. */
export function oncePerFrame(draw, restMs = 0) {
  let [asked, rested] = [false, 0];
  return () => {
    if (asked) return;
    asked = true;
    const drawn = () => {
      asked = false;
      rested = performance.now() + restMs;
      draw();
    };
    const wait = rested - performance.now();
    if (wait > 0) setTimeout(() => requestAnimationFrame(drawn), wait);
    else requestAnimationFrame(drawn);
  };
}
