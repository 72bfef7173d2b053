// A network between the window and a server, as slow as a story needs it.

import { once } from "node:events";
import { connect, createServer } from "node:net";

/** So much of a held answer comes through: what shows that it has begun. */
const letThrough = 64 * 1024;

export class Wire {
  #server;
  #sockets = new Set();
  #held;
  #waiting = [];

  /** Passes everything on to a server, and says where it listens itself. */
  async to(url) {
    const { hostname, port } = new URL(url);
    this.#server = createServer((near) => this.#join(near, connect(Number(port), hostname)));
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    this.url = `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** Only the beginning of an answer comes through where the path begins so. */
  hold(path) {
    this.#held = `GET ${path}`;
  }

  /** What was held comes through. */
  release() {
    this.#held = undefined;
    for (const far of this.#waiting.splice(0)) far.resume();
  }

  /** Whether an answer is being held. */
  get isHolding() {
    return this.#waiting.length > 0;
  }

  close() {
    for (const socket of this.#sockets) socket.destroy();
    this.#server?.close();
  }

  #join(near, far) {
    let left = Number.POSITIVE_INFINITY;
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      this.#sockets.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
    near.on("data", (bytes) => {
      if (this.#held !== undefined && bytes.toString("latin1").startsWith(this.#held)) left = letThrough;
      far.write(bytes);
    });
    far.on("data", (bytes) => {
      left -= bytes.length;
      if (!near.write(bytes)) {
        far.pause();
        near.once("drain", () => this.#waiting.includes(far) || far.resume());
      }
      if (left <= 0 && this.#held !== undefined && !this.#waiting.includes(far)) {
        far.pause();
        this.#waiting.push(far);
      }
    });
  }
}
