// PostgreSQL's protocol 3.0, as far as a server in front of one backend needs it.
// https://www.postgresql.org/docs/17/protocol-message-formats.html

export const SSL_REQUEST = 80877103;
export const GSS_REQUEST = 80877104;
export const CANCEL_REQUEST = 80877102;

/** A message: its type, its length, its body. */
export function compose(type, ...parts) {
  const body = Buffer.concat(parts);
  const message = Buffer.alloc(5 + body.length);
  message.write(type, 0, "latin1");
  message.writeInt32BE(4 + body.length, 1);
  body.copy(message, 5);
  return message;
}

/** A string as the protocol writes it, with a zero behind it. */
export function text(string) {
  return Buffer.from(`${string}\0`);
}

/** The zero-ended string that begins at `from`, and where the next thing begins. */
export function readText(bytes, from) {
  const end = bytes.indexOf(0, from);
  return { string: bytes.toString("utf8", from, end), next: end + 1 };
}

export function query(sql) {
  return compose("Q", text(sql));
}

export const sync = compose("S");

/** A refusal after which the connection ends. */
export function fatal(sqlstate, sentence) {
  const fields = { S: "FATAL", V: "FATAL", C: sqlstate, M: sentence };
  return compose("E", ...Object.entries(fields).map(([field, value]) => text(field + value)), Buffer.from([0]));
}

/** What is told to a client that has just come: it is let in, knows the server's settings, and may go on. */
export function welcome(clientId) {
  const settings = {
    server_version: "17.5",
    server_encoding: "UTF8",
    client_encoding: "UTF8",
    DateStyle: "ISO, MDY",
    IntervalStyle: "postgres",
    TimeZone: "UTC",
    integer_datetimes: "on",
    standard_conforming_strings: "on",
  };
  const key = Buffer.alloc(8);
  key.writeInt32BE(clientId, 0);
  return Buffer.concat([
    compose("R", Buffer.alloc(4)),
    ...Object.entries(settings).map(([name, value]) => compose("S", text(name), text(value))),
    compose("K", key),
    compose("Z", Buffer.from("I")),
  ]);
}

/** The `-c name=value` settings that a client asks for in its start-up packet. */
export function askedSettings(packet) {
  const words = packet.toString("utf8", 8).split("\0");
  const at = words.indexOf("options");
  const options = at < 0 ? "" : words[at + 1];
  return [...options.matchAll(/-c\s*(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]);
}

/** Whether the backend is idle (I), in a transaction (T) or in a failed one (E) after this reply; null where it does not say. */
export function transactionStatus(reply) {
  let status = null;
  for (let at = 0; at + 5 <= reply.length; at += 1 + reply.readInt32BE(at + 1)) {
    if (reply[at] === 0x5a) status = String.fromCharCode(reply[at + 5]);
  }
  return status;
}

/** Bytes as they come, cut into whole messages. */
export class Incoming {
  #bytes = Buffer.alloc(0);

  add(chunk) {
    this.#bytes = this.#bytes.length ? Buffer.concat([this.#bytes, chunk]) : chunk;
  }

  /** The next whole message, or null until there is one; a start-up packet has no type in front of its length. */
  next({ typed }) {
    const lengthAt = typed ? 1 : 0;
    if (this.#bytes.length < lengthAt + 4) return null;
    const end = lengthAt + this.#bytes.readInt32BE(lengthAt);
    if (this.#bytes.length < end) return null;
    const message = this.#bytes.subarray(0, end);
    this.#bytes = this.#bytes.subarray(end);
    return message;
  }
}
