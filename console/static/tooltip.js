// A card of words beside whatever is hovered or focused.

import { make, say } from "./dom.js";

export function tooltip(container, wordsFor) {
  const tip = make("div.db-tip", { hidden: true, "aria-hidden": "true" });
  document.body.append(tip);
  const show = ({ target }) => {
    const bar = target.closest?.(".db-bar");
    tip.hidden = !bar;
    if (!bar) return;
    say(tip, wordsFor(bar));
    const around = bar.getBoundingClientRect();
    const left = Math.min(around.left, innerWidth - tip.offsetWidth - 8);
    const above = around.top - tip.offsetHeight - 6;
    tip.style.transform = `translate(${Math.max(8, left)}px, ${above > 8 ? above : around.bottom + 6}px)`;
  };
  const hide = () => (tip.hidden = true);
  container.addEventListener("mouseover", show);
  container.addEventListener("focusin", show);
  container.addEventListener("mouseleave", hide);
  container.addEventListener("focusout", hide);
  return tip;
}
