// Noor looks at pictures: those that came by themselves, one that must be asked for, one that fails first.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { crc32, deflateSync } from "node:zlib";
import { temporaryFolder } from "./support/folder.mjs";
import { Server } from "./support/server.mjs";
import { openWindow } from "./support/window.mjs";

/** How many pixels wide the pictures are that are drawn. */
const drawn = `
  return [...document.querySelectorAll('[data-testid="picture-full"]')].map((image) => image.naturalWidth);
`;

test("the pictures of the sample archive are drawn and looked at one by one", { timeout: 300_000 }, async (t) => {
  const home = join(temporaryFolder(t), "home");
  const window = await openWindow(home);
  t.after(() => window.close().catch(() => {}));

  await window.click("door-sample");
  await window.find("sample-bar");
  await window.click("rail-sync");
  await window.gone("sync-cancel");
  await window.click("rail-chats");
  const rows = await window.until("chats are listed", () => window.all("chat-row"), (found) => found.length > 5);

  let widths = [];
  for (const row of rows.slice(0, 8)) {
    await row.click();
    await window.until("messages are shown", async () => (await window.all("message")).length, (count) => count > 3);
    if ((await window.all("picture")).length === 0) continue;
    widths = await window.until("a picture is drawn", () => window.run(drawn), (found) => found.some((width) => width > 0));
    break;
  }
  assert.ok(widths.some((width) => width >= 200), `a picture of its own size, not its thumbnail: ${widths}`);
  await window.picture("media-reader-light");

  // By its own click: a day's mark or the list's edge may lie over it.
  await window.run(`document.querySelector('[data-testid="picture-full"]').closest("button").click()`);
  await window.find("viewer-picture");
  const looked = `return document.querySelector('[data-testid="viewer-picture"]')?.naturalWidth ?? 0`;
  await window.until("the viewer draws it", () => window.run(looked), (width) => width > 0);
  await window.picture("media-viewer");
  if ((await window.all("viewer-older")).length > 0) {
    await window.click("viewer-older");
    await window.until("one before it is drawn or can be asked for", () => window.run(`return document.querySelectorAll('.viewer-stage img').length`), (count) => count > 0);
  }
  await window.driver.actions().sendKeys("\uE00C").perform();
  await window.gone("viewer");
});

/** A PNG of one colour, and of its own size. */
function png(width, height, shade) {
  const chunk = (name, data) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits of grey.
  header.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc((width + 1) * height, shade);
  for (let y = 0; y < height; y += 1) rows[y * (width + 1)] = 0;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A second of silence. */
function wav() {
  const samples = Buffer.alloc(8_000, 128);
  const head = Buffer.from(`RIFF....WAVEfmt ${".".repeat(20)}data....`);
  head.writeUInt32LE(36 + samples.length, 4);
  head.writeUInt32LE(16, 16);
  head.set([1, 0, 1, 0], 20);
  head.writeUInt32LE(8_000, 24);
  head.writeUInt32LE(8_000, 28);
  head.set([1, 0, 8, 0], 32);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

test("a picture that cannot come says why, and comes when it can", { timeout: 300_000 }, async (t) => {
  const folder = temporaryFolder(t);
  const server = new Server(join(folder, "server"));
  const account = server.integration("Noor");
  const [feeder, reader] = [server.token(account, "ingest"), server.token(account)];
  await server.start();
  t.after(() => server.stop());
  const ask = async (method, path, token, body) => {
    const answer = await fetch(`${server.url}/${path}`, { method, body, headers: { authorization: `Bearer ${token}` } });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
    return answer.json();
  };
  const bytes = png(400, 300, 160);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const chat = "4915500000001@s.whatsapp.net";
  const message = {
    type: "message", external_conversation_id: chat, external_message_id: "P1", sender_external_id: chat,
    message_type: "image", content: "look", timestamp: "2024-05-01T10:00:00Z",
    media: { media_type: "image", mime_type: "image/png", width: 400, height: 300, file_size: bytes.length, sha256 },
  };
  await ask("POST", `ingest/${account}`, feeder, JSON.stringify([message]));
  const { media } = await ask("GET", `sync/media/${account}`, reader);
  await ask("PUT", `media/${account}/${media[0].id}`, feeder, bytes);
  // The server's disk loses a byte.
  const kept = join(folder, "server", "server", "server.db.media", sha256.slice(0, 2), sha256.slice(2));
  const damaged = Buffer.from(bytes);
  damaged[100] ^= 1;
  writeFileSync(kept, damaged);

  const out = join(folder, "out");
  mkdirSync(out);
  const window = await openWindow(join(folder, "home"), "--export-to", out);
  t.after(() => window.close().catch(() => {}));
  await window.click("door-server");
  await window.type("server-address", server.url);
  await window.type("server-token", reader);
  await window.click("connect-submit");
  await window.click("sync-all");
  await window.click("rail-chats");
  await window.until("the chat comes", async () => (await window.all("chat-row")).length, (count) => count === 1);
  await window.click("chat-row");
  assert.match(await window.text("media-failed"), /another file/, "it says why");
  await window.picture("media-failed");

  writeFileSync(kept, bytes);
  await window.click("media-retry");
  await window.until("it is drawn", () => window.run(drawn), (widths) => widths[0] === 400);

  // Saved where she says: what is asked by the system's own dialog, this window is told beforehand.
  await window.run(`document.querySelector('[data-testid="picture-open"]').click()`);
  await window.click("media-save");
  await window.find("media-reveal");
  assert.deepEqual(readdirSync(out), ["file.png"], "under a name that says what it is, and nothing beside it");
  assert.deepEqual(readFileSync(join(out, "file.png")), bytes);
  await window.driver.actions().sendKeys("\uE00C").perform();
  await window.gone("viewer");

  const voice = wav();
  const spoken = {
    ...message, external_message_id: "V1", message_type: "voice", content: "", timestamp: "2024-05-01T10:01:00Z",
    media: {
      media_type: "voice", mime_type: "audio/wav", duration: 1, file_size: voice.length,
      sha256: createHash("sha256").update(voice).digest("hex"),
    },
  };
  await ask("POST", `ingest/${account}`, feeder, JSON.stringify([spoken]));
  const rows = (await ask("GET", `sync/media/${account}`, reader)).media;
  await ask("PUT", `media/${account}/${rows.find((row) => row.media_type === "voice").id}`, feeder, voice);
  const heard = `
    const player = document.querySelector('[data-testid="player"]');
    if (document.querySelector('[data-testid="unplayed"]') !== null) return "told";
    return player !== null && player.duration > 0 ? "can be played" : null;
  `;
  const how = await window.until("the voice can be played, or it is said that it cannot", () => window.run(heard), (found) => found !== null);
  t.diagnostic(`the voice message: ${how}`);
  await window.picture("media-voice");

  // What an engine says of itself is not believed: either its clock moves, or the window says that it does not.
  await window.run(`document.querySelector('[data-testid="player"]')?.play().catch(() => {})`);
  const plays = `
    if (document.querySelector('[data-testid="unplayed"]') !== null) return "told";
    return document.querySelector('[data-testid="player"]')?.currentTime > 0 ? "plays" : null;
  `;
  const went = await window.until("the voice plays, or it is said that it does not", () => window.run(plays), (found) => found !== null);
  t.diagnostic(`the voice message, played: ${went}`);

  // A film that begins as one and is none.
  const film = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypmp42"), Buffer.alloc(4_000, 7)]);
  const shown = {
    ...message, external_message_id: "F1", message_type: "video", content: "", timestamp: "2024-05-01T10:02:00Z",
    media: {
      media_type: "video", mime_type: "video/mp4", width: 320, height: 240, file_size: film.length,
      sha256: createHash("sha256").update(film).digest("hex"),
    },
  };
  await ask("POST", `ingest/${account}`, feeder, JSON.stringify([shown]));
  const files = (await ask("GET", `sync/media/${account}`, reader)).media;
  await ask("PUT", `media/${account}/${files.find((row) => row.media_type === "video").id}`, feeder, film);
  const opened = `
    const button = document.querySelector('[data-external-id="F1"] [data-testid="picture-open"]');
    button?.click();
    return button !== null;
  `;
  await window.until("the film is here", () => window.run(opened), Boolean);
  const words = `return document.querySelector('[data-testid="viewer"] [data-testid="unplayed"]')?.textContent ?? ""`;
  const told = await window.until("it is said that the film does not play", () => window.run(words), (text) => text !== "");
  assert.match(told, /Another program on this computer may play it/);
  assert.equal((await window.all("media-open")).length > 0, true, "and the way there is offered");
  await window.picture("media-film-unplayed");
});
