// @tus/server with its file store: node server.js PORT DIRECTORY [defaults|options]; port 0 is any free one.
// Prints its URL when it is ready. `options` turns on what the conformance items can tell of: a largest size, expiry.
import { Server } from "@tus/server";
import { FileStore } from "@tus/file-store";

const [port, directory, setup = "defaults"] = process.argv.slice(2);
const day = 24 * 60 * 60 * 1000;
const configured = setup === "options";

const server = new Server({
  path: "/files",
  datastore: new FileStore({ directory, ...(configured && { expirationPeriodInMilliseconds: day }) }),
  ...(configured && { relativeLocation: true, maxSize: 2 ** 41, allowedCredentials: false }),
});

// On Node 20 an uncaught "ReadableStream is already closed" of the web streams below ends the process when a client
// breaks a body off. A real installation is restarted then; here the other items are to be tested as well.
let uncaught = 0;
process.on("uncaughtException", (error) => console.log(`uncaught error ${++uncaught}: ${error.message}`));

const http = server.listen({ host: "127.0.0.1", port: Number(port) }, () =>
  console.log(`ready: http://127.0.0.1:${http.address().port}/files`),
);
