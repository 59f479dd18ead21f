// Keys that work anywhere on a page, and the list of them under `?`.

import { icon, make } from "./dom.js";

const shortcuts = new Map();
const ALONE = [
  ["Tab, Shift + Tab", "From part to part"],
  ["Arrow keys", "From nurse to nurse and along a round"],
  ["Enter", "Open what is in focus"],
  ["Esc", "Close, or let go of what is picked"],
];

/** Have `key` do something wherever nobody is typing; returns how to forget it. */
export function addShortcut(key, words, act) {
  shortcuts.set(key, { words, act });
  return () => shortcuts.delete(key);
}

export function mount(element) {
  const rows = make("dl.db-keys");
  const close = make("button.db-icon-button", { type: "button", "aria-label": "Close", onclick: () => dialog.close() }, icon("close"));
  const head = make("div.db-card-head", {}, make("h2", {}, "Keys"), make("span.db-space"), close);
  const dialog = make("dialog.db-dialog", { "aria-label": "Keys" }, head, rows);
  const open = () => {
    const all = [...[...shortcuts].map(([key, { words }]) => [key, words]), ...ALONE];
    rows.replaceChildren(...all.flatMap(([key, words]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, words)]));
    dialog.showModal();
  };
  const button = make("button.db-icon-button", { type: "button", "aria-label": "Keys", title: "Keys (?)", onclick: open }, icon("keys"));
  element.append(button, dialog);
  const forget = addShortcut("?", "These keys", open);
  document.addEventListener("keydown", pressed);
  return () => {
    forget();
    document.removeEventListener("keydown", pressed);
  };
}

function pressed(event) {
  const shortcut = shortcuts.get(event.key);
  if (!shortcut || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  event.preventDefault();
  shortcut.act();
}

function isTyping(target) {
  return target.isContentEditable || target.matches("input, textarea, select") || target.closest("dialog[open]") !== null;
}
