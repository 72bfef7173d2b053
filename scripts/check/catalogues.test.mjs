import assert from "node:assert/strict";
import { test } from "node:test";
import { differences } from "./catalogues.mjs";

const said = { a: { message: "Hello <0>{name}</0>" }, n: { message: "{n, plural, one {# chat} other {# chats}}" } };
const german = {
  a: { message: "Hello <0>{name}</0>", translation: "Hallo <0>{name}</0>" },
  n: { message: said.n.message, translation: "{n, plural, one {# Chat} other {# Chats}}" },
};

test("a catalogue that has all of it is fine", async () => {
  assert.deepEqual(await differences("de", said, german, false), []);
});

test("what is missing, empty or said no more is found", async () => {
  const { a, n } = german;
  assert.match((await differences("de", said, { n }, false))[0], /Hello.*is missing/);
  assert.match((await differences("de", said, { n, a: { ...a, translation: "" } }, false))[0], /not translated/);
  assert.match((await differences("de", said, { ...german, z: { message: "Bye" } }, false))[0], /nobody says “Bye”/);
  assert.deepEqual(await differences("en", said, { n, a: { ...a, translation: "" } }, true), []);
});

test("another name, a lost element and a lost plural are found", async () => {
  const { a, n } = german;
  const wrong = (translation) => differences("de", said, { n, a: { ...a, translation } }, false);
  assert.match((await wrong("Hallo <0>{nam}</0>"))[0], /places .*\{nam\}/);
  assert.match((await wrong("Hallo {name}"))[0], /places \{name\}, not/);
  assert.match(
    (await differences("ar", { n: said.n }, { n: { ...n, translation: "{n, plural, other {#}}" } }, false))[0],
    /lacks the plural .*two/,
  );
});
