// One client's connection. It has the backend from its first message until the backend is idle again, so that transactions
// of different clients follow one another; its prepared statements bear its number, so that they do not meet.
import {
  CANCEL_REQUEST,
  GSS_REQUEST,
  Incoming,
  SSL_REQUEST,
  askedSettings,
  compose,
  fatal,
  query,
  readText,
  sync,
  text,
  transactionStatus,
  welcome,
} from "./messages.mjs";

const COPY_IN = /^\s*copy\s[\s\S]+\sfrom\s+stdin/i;

export class Client {
  settings = [];
  #socket;
  #backend;
  #id;
  #incoming = new Incoming();
  #started = false;
  #batch = [];
  #status = "I";
  #statements = new Set();

  constructor(socket, backend, id) {
    this.#socket = socket;
    this.#backend = backend;
    this.#id = id;
  }

  /** Take what has come over the wire. */
  async receive(chunk) {
    this.#incoming.add(chunk);
    for (let message; (message = this.#incoming.next({ typed: this.#started })); ) {
      if (this.#socket.writableEnded) return;
      if (this.#started) await this.#handle(String.fromCharCode(message[0]), message);
      else this.#start(message);
    }
  }

  /** The client has gone: end its transaction and forget its statements. */
  async leave() {
    if (this.#status !== "I") await this.#backend.exchange(query("ROLLBACK"));
    else if (this.#statements.size) await this.#backend.take(this);
    else return;
    for (const name of this.#statements) {
      await this.#backend.exchange(Buffer.concat([compose("C", Buffer.from("S"), text(name)), sync]));
    }
    this.#backend.giveBack();
  }

  #start(packet) {
    const code = packet.readInt32BE(4);
    if (code === SSL_REQUEST || code === GSS_REQUEST) this.#socket.write("N");
    else if (code === CANCEL_REQUEST) this.#socket.end();
    else {
      this.settings = askedSettings(packet).map(([name, value]) => `SET ${name} TO ${value}`);
      this.#started = true;
      this.#socket.write(welcome(this.#id));
    }
  }

  async #handle(type, message) {
    if (type === "X") return this.#socket.end();
    if (this.#copiesIn(type, message)) {
      // The WebAssembly build stops for good in the middle of COPY FROM STDIN.
      return this.#socket.end(fatal("0A000", "COPY FROM STDIN is not spoken here."));
    }
    this.#batch.push(this.#withOwnStatement(type, message));
    if (type === "Q" || type === "S" || type === "H") await this.#send();
  }

  /** Messages go in batches that end where the client waits for an answer. */
  async #send() {
    const messages = Buffer.concat(this.#batch);
    this.#batch = [];
    await this.#backend.take(this);
    const reply = await this.#backend.exchange(messages);
    const status = transactionStatus(reply);
    this.#status = status ?? this.#status;
    this.#socket.write(reply);
    if (status === "I") this.#backend.giveBack();
  }

  #copiesIn(type, message) {
    if (type !== "Q" && type !== "P") return false;
    const from = type === "Q" ? 5 : readText(message, 5).next;
    return COPY_IN.test(readText(message, from).string);
  }

  #withOwnStatement(type, message) {
    const body = message.subarray(5);
    if (type === "P") {
      const { string: name, next } = readText(body, 0);
      return compose("P", text(this.#own(name)), body.subarray(next));
    }
    if (type === "B") {
      const portal = readText(body, 0);
      const { string: name, next } = readText(body, portal.next);
      return compose("B", text(portal.string), text(this.#own(name)), body.subarray(next));
    }
    const ofStatement = (type === "D" || type === "C") && body[0] === "S".charCodeAt(0);
    return ofStatement ? compose(type, Buffer.from("S"), text(this.#own(readText(body, 1).string))) : message;
  }

  #own(name) {
    if (name === "") return name;
    const own = `client${this.#id}_${name}`;
    this.#statements.add(own);
    return own;
  }
}
