// A sync server of its own process, filled from the fixtures.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const program = join(process.env.E2E_BIN, "threadkeep-server");

export class Server {
  constructor(home) {
    this.home = home;
  }

  /** Runs a command of the server's on its data. */
  ask(...args) {
    return JSON.parse(execFileSync(program, [...args, "--home", this.home, "--json"], { encoding: "utf8" }));
  }

  integration(name) {
    return this.ask("integration", "create", "--type", "whatsapp", "--name", name).id;
  }

  token(integration, scope = "read") {
    return this.ask("token", "create", "--integration", String(integration), "--scope", scope).token;
  }

  ingest(integration, ...files) {
    return this.ask("ingest", ...files, "--integration", String(integration));
  }

  /** Listens on a free port, or where it is told; `url` says where. */
  async start(listen = "127.0.0.1:0") {
    const args = ["serve", "--listen", listen, "--home", this.home];
    this.process = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await once(createInterface({ input: this.process.stdout }), "line");
    this.url = line.replace("listening on ", "");
  }

  async stop() {
    if (!this.process) return;
    const ended = once(this.process, "exit");
    this.process.kill("SIGTERM");
    await ended;
    this.process = undefined;
  }

  /** What the server says of an account. */
  async status(integration, token) {
    const answer = await fetch(`${this.url}/sync/status/${integration}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return answer.json();
  }
}
