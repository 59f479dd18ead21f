// Colours of the style sheet for canvases, as the present theme has them.

export function coloursOf(frame, names, prefix = "--db-") {
  const probe = document.createElement("i");
  probe.hidden = true;
  frame.append(probe);
  const resolve = (name) => {
    probe.style.color = `var(${prefix}${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = Object.fromEntries(names.map((name) => [name, resolve(name)]));
  probe.remove();
  return colours;
}
