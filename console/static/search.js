// Finding a nurse, a patient or a place, from anywhere on the board: press `/` and type.

import { icon, make } from "./dom.js";
import { liveOn } from "./live.js";
import { found, placesOf } from "./search_results.js";
import { addShortcut } from "./shortcuts.js";

const LISTED = 10;

export function mount(element, options) {
  const live = liveOn(options);
  const list = make("ul.db-found", { id: "db-found", role: "listbox", "aria-label": "Found", hidden: true });
  const input = make("input", {
    type: "search",
    role: "combobox",
    placeholder: "Nurse, patient or place",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": "Search nurses, patients and places",
    "aria-controls": "db-found",
    "aria-expanded": "false",
    "aria-autocomplete": "list",
  });
  element.append(make("label.db-search", {}, icon("search"), input, make("kbd", { "aria-hidden": "true" }, "/")), list);
  const search = new Search(live, input, list, options.bases ?? []);
  const forget = addShortcut("/", "Search", () => input.focus());
  const outside = (event) => element.contains(event.target) || search.close();
  document.addEventListener("pointerdown", outside);
  return () => {
    forget();
    document.removeEventListener("pointerdown", outside);
  };
}

class Search {
  constructor(live, input, list, bases) {
    Object.assign(this, { live, input, list, bases, results: [], at: -1, places: null });
    input.addEventListener("input", () => this.look());
    input.addEventListener("focus", () => this.look());
    input.addEventListener("keydown", (event) => this.key(event));
  }

  async look() {
    this.places ??= placesOf(this.live.board.team, this.bases);
    const words = this.input.value.trim();
    const places = await this.places;
    if (words !== this.input.value.trim()) return; // somebody typed on meanwhile
    this.results = words && this.live.ready ? found(words, this.live.board, places).slice(0, LISTED) : [];
    this.show(words);
  }

  show(words) {
    const items = this.results.map((result, place) => this.item(result, place));
    if (words && !items.length) items.push(make("li.db-nothing", { role: "presentation" }, `Nothing is called “${words}”`));
    this.list.replaceChildren(...items);
    this.list.hidden = !items.length;
    this.input.setAttribute("aria-expanded", String(this.results.length > 0));
    this.mark(this.results.length ? 0 : -1);
  }

  item({ mark, title, note }, place) {
    const words = make("span", {}, make("strong", {}, title), make("small", {}, note));
    const take = () => this.take(place);
    return make("li", { role: "option", id: `db-found-${place}`, "aria-selected": "false", onclick: take }, icon(mark), words);
  }

  mark(place) {
    this.at = place;
    [...this.list.children].forEach((item, each) => item.setAttribute("aria-selected", String(each === place)));
    if (place < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `db-found-${place}`);
    this.list.children[place]?.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const count = this.results.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      event.stopPropagation();
      this.input.value = "";
      this.close();
      this.input.blur();
    } else if (event.key === "Enter" && this.at >= 0) this.take(this.at);
    else if (step && count) this.mark((this.at + step + count) % count);
    else return;
    event.preventDefault();
  }

  take(place) {
    const { nurseId = null, stopKey = null, spot = null } = this.results[place];
    this.close();
    this.input.blur();
    if (spot) this.live.tell("goto", spot);
    else if (this.live.picked.nurseId !== nurseId || this.live.picked.stopKey !== stopKey) this.live.pick(nurseId, stopKey);
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
  }
}
