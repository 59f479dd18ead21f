// A dialog with a few fields: resolves to what was filled in, or null where it was left.

import { icon, make } from "./dom.js";

/**
 * `fields` are `{ name, label, type?, value?, options?, required?, hint? }`; with none it is a question to confirm.
 */
export function askFor(title, fields, { words = "", does = "Do it", danger = false } = {}) {
  return new Promise((resolve) => {
    const inputs = fields.map((field) => [field.name, inputOf(field)]);
    const rows = fields.map((field, place) =>
      make("label.db-field", {}, make("span", {}, field.label), inputs[place][1], field.hint ? make("small", {}, field.hint) : null),
    );
    const leave = () => dialog.close();
    const close = make("button.db-icon-button", { type: "button", "aria-label": "Close", onclick: leave }, icon("close"));
    const head = make("div.db-card-head", {}, make("h2", {}, title), make("span.db-space"), close);
    const submit = make(`button.db-button${danger ? ".db-danger" : ".db-primary"}`, { type: "submit" }, does);
    const foot = make("div.db-dialog-foot", {}, make("button.db-button", { type: "button", onclick: leave }, "Leave"), submit);
    const form = make("form", { method: "dialog" }, words ? make("p", {}, words) : null, ...rows, foot);
    const dialog = make("dialog.db-dialog", { "aria-label": title }, head, form);
    let said = null;
    form.addEventListener("submit", () => (said = Object.fromEntries(inputs.map(([name, input]) => [name, input.value.trim()]))));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(said);
    });
    document.body.append(dialog);
    dialog.showModal();
    inputs[0]?.[1].focus();
  });
}

function inputOf({ type = "text", value = "", options = null, required = true }) {
  if (!options) return make("input", { type, value, required, maxlength: type === "text" ? 300 : null });
  const choices = options.map(([key, words]) => make("option", { value: key, selected: key === value }, words));
  return make("select", { required }, ...choices);
}
