// Times and lengths in words.

/** `10:42` of an instant (Unix ms) in a time zone; with seconds where asked. */
export function timeIn(zone) {
  const shape = { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const plain = new Intl.DateTimeFormat("en-GB", shape);
  const exact = new Intl.DateTimeFormat("en-GB", { ...shape, second: "2-digit" });
  const format = (at, seconds = false) => (Number.isFinite(at) ? (seconds ? exact : plain).format(at) : "–");
  return format;
}

export function dayIn(zone) {
  const shape = new Intl.DateTimeFormat("en-GB", { timeZone: zone, weekday: "short", day: "numeric", month: "short" });
  return (at) => (Number.isFinite(at) ? shape.format(at) : "");
}

/** `42 s`, `7 min`, `2 h 5 min` of milliseconds. */
export function lasting(span) {
  if (!Number.isFinite(span)) return "never";
  const seconds = Math.max(0, Math.round(span / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const SHORT = /\b(bp|ecg|iv|picc|tpn|vac)\b/gu; // written in capitals

/** The same in a narrow column: `42 s`, `7 min`, `2 h`, `5 d`. */
export function shortly(span) {
  const hours = span / 3_600_000;
  if (!Number.isFinite(span) || hours < 1) return lasting(span);
  return hours < 48 ? `${Math.floor(hours)} h` : `${Math.floor(hours / 24)} d`;
}

/** `iv_antibiotic` as people write it. */
export function service(name) {
  const plain = name.replaceAll("_", " ").trim().replace(SHORT, (word) => word.toUpperCase());
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** The sender's own reference, without the team's part of our id. */
export function reference(id) {
  return id.slice(id.lastIndexOf(":") + 1);
}
