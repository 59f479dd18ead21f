// The feed's time, in the team's own, and how fast it runs where that is not life's pace.

import { make, say } from "./dom.js";
import { liveOn } from "./live.js";

export function mount(element, options) {
  const live = liveOn(options);
  const pace = make("span.db-pace", { title: "Simulated time runs faster than life" });
  const day = make("span.db-clock-day");
  const time = make("time.db-clock-time");
  element.append(make("div.db-clock", { role: "timer", "aria-label": "The board's time", "aria-live": "off" }, pace, day, time));

  const draw = () => {
    const known = live.ready && live.clock.known;
    say(time, known ? live.time(live.now(), true) : "--:--:--");
    say(day, known ? live.date(live.now()) : "");
    say(pace, live.clock.speed === 1 ? "" : `×${live.clock.speed}`);
    pace.hidden = live.clock.speed === 1;
  };
  const drawing = setInterval(draw, 200);
  const quiet = live.on(["board", "health"], draw);
  draw();
  return () => {
    clearInterval(drawing);
    quiet();
  };
}
