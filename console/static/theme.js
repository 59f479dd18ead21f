// Light, dark, or as the system has it; remembered on this machine.

import { icon, make } from "./dom.js";

const NEXT = { system: "light", light: "dark", dark: "system" };
const WORDS = { system: "as the system has it", light: "light", dark: "dark" };

export function mount(element) {
  const root = document.documentElement;
  const button = make("button.db-icon-button", { type: "button" });
  element.append(button);

  const draw = () => {
    const theme = root.dataset.theme;
    button.replaceChildren(icon(theme));
    button.setAttribute("aria-label", `Theme: ${WORDS[theme]}. Change to ${WORDS[NEXT[theme]]}.`);
    button.title = `Theme: ${WORDS[theme]}`;
  };
  button.addEventListener("click", () => {
    root.dataset.theme = NEXT[root.dataset.theme];
    localStorage.setItem("db-theme", root.dataset.theme);
    draw();
    themeChanged();
  });
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", themeChanged);
  draw();
  return () => system.removeEventListener("change", themeChanged);
}

/** Canvases do not follow the style sheet by themselves. */
function themeChanged() {
  window.dispatchEvent(new Event("db-theme"));
}
