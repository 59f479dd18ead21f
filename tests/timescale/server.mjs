// A real TimescaleDB for the tests, on 127.0.0.1, in memory: `node server.mjs` prints {"port":…} when it is ready and ends
// with its standard input, so that it never outlives the tests that started it.
//
// Good for what SQL means; not for concurrency: one session serves everybody, one transaction at a time. Advisory locks,
// LISTEN and temporary tables are shared, no statement can be cancelled, no background job runs by itself (CALL run_job).
import net from "node:net";

import { Backend } from "./backend.mjs";
import { Client } from "./client.mjs";

const backend = await Backend.start();
let clients = 0;

const server = net.createServer((socket) => {
  const client = new Client(socket, backend, ++clients);
  let work = Promise.resolve();
  const next = (step) => {
    work = work.then(step).catch(stop);
  };
  socket.setNoDelay(true);
  socket.on("data", (chunk) => next(() => client.receive(chunk)));
  socket.on("close", () => next(() => client.leave()));
  socket.on("error", () => socket.destroy());
});

function stop(error) {
  console.error(error);
  process.exit(1);
}

process.stdin.resume();
process.stdin.on("close", () => process.exit(0));
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));
