// A phone with a deep chat, and the bridge that speaks for it: it asks the server what there is to do and
// answers by ingest, as a real feeder does.

const first = 1_500_000_000;
const id = (number) => `OLD${String(number).padStart(6, "0")}`;

export class Phone {
  /** `depth` is how many messages the chat has. It answers only while `online`. */
  constructor(server, integration, token, chat, depth) {
    Object.assign(this, { server, integration, token, chat, depth, online: true, answers: 0 });
  }

  /** Sends the newest messages by itself, as upon linking. */
  async link(newest) {
    await this.tell(this.messages(this.depth - newest, this.depth, "history_sync"));
  }

  /** Says whether it is connected. */
  async is(connection) {
    await this.ask("PUT", `integrations/${this.integration}/connection`, { connection });
  }

  /** A message that is written now, with `missed` before it that nobody was there to hear. */
  async live(missed = 0) {
    this.depth += missed + 1;
    await this.tell(this.messages(this.depth - 1, this.depth, "realtime"));
  }

  /** Answers until it is stopped: so many steps, then as many as `more` allows. */
  async serve(steps) {
    this.allowed = steps;
    this.served = (async () => {
      while (!this.stopped && this.server.process !== undefined) {
        if (this.answers >= this.allowed) {
          await new Promise((resolve) => setTimeout(resolve, 50));
          continue;
        }
        const told = await this.ask("GET", `ingest/${this.integration}/requests?wait=1`).catch((error) => {
          // The server may be gone first at the end of a test.
          if (!(error instanceof TypeError)) throw error;
          return { requests: [] };
        });
        for (const request of told.requests) await this.answer(request);
      }
    })();
  }

  async stop() {
    this.stopped = true;
    await this.served;
  }

  async answer(request) {
    const before = request.before === null ? this.depth : Number(request.before.external_message_id.slice(3));
    const from = Math.max(0, before - request.count);
    const result = { type: "history_result", request: request.id, complete: from === 0 };
    await this.tell([...this.messages(from, before, "backfill"), result]);
    this.answers += 1;
  }

  messages(from, to, source) {
    return Array.from({ length: to - from }, (_, index) => {
      const number = from + index;
      const mine = number % 3 === 0;
      return {
        type: "message",
        external_conversation_id: this.chat,
        external_message_id: id(number),
        message_type: "text",
        content: `message number ${number}`,
        timestamp: new Date((first + number * 7_200) * 1_000).toISOString(),
        is_from_me: mine,
        sender_external_id: mine ? undefined : this.chat,
        sender_display_name: mine ? undefined : "Ana Souza",
        sync_source: source,
      };
    });
  }

  async tell(records) {
    const report = await this.ask("POST", `ingest/${this.integration}`, records);
    if (report.errors.length > 0) throw new Error(JSON.stringify(report.errors));
  }

  async ask(method, path, body) {
    const answer = await fetch(`${this.server.url}/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}
