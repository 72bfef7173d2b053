import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Message, Quote } from "../bindings";
import { messageOf } from "../dev/message";
import { MessageRow } from "./message-row";
import { Platform } from "./platform";
import { clip, isFewEmoji } from "./text";

afterEach(cleanup);

const show = (more: Partial<Message>) =>
  render(
    <MessageRow
      message={messageOf("1", more)}
      first
      isGroup
      marked={false}
      onJump={() => {}}
      onDetails={() => {}}
    />,
  );

const quoteOf = (more: Partial<Quote>): Quote => ({
  external_id: "Q",
  id: null,
  missing: false,
  sender: "joao@s.whatsapp.net",
  sender_name: "João",
  preview: "do you come?",
  mentions: [],
  ...more,
});

const KINDS = "text image video audio voice document sticker location contact poll call system unknown".split(
  " ",
);

describe("a message", () => {
  it.each(KINDS)("of the kind %s shows something even when nothing came with it", (kind) => {
    show({ kind, text: "" });
    const message = screen.getByTestId("message");
    expect(message.dataset.kind).toBe(kind);
    expect(message.dataset.externalId).toBe("X1");
    if (kind !== "text") expect(message.textContent?.replace(/[\d:\sAPM]/g, "")).not.toBe("Ana");
  });

  it("of a kind that a newer core knows still shows its words", () => {
    show({ kind: "hologram", text: "look at this" });
    expect(screen.getByTestId("message-text").textContent).toBe("look at this");
  });

  it("shows markup as it was typed", () => {
    const text = '<b>bold</b> <img src=x onerror="alert(1)"> &amp;';
    show({ text });
    expect(screen.getByTestId("message-text").textContent).toBe(text);
    expect(document.querySelector("b, img")).toBeNull();
  });

  it("keeps a deleted message's place and none of its things", () => {
    show({ deleted: true, text: "secret", kind: "image" });
    expect(screen.getByTestId("message-text").textContent).toBe("This message was deleted");
    expect(screen.getByTestId("message").textContent).not.toContain("secret");
  });

  it("does not draw a thumbnail that is no picture", () => {
    const media = {
      id: "1",
      state: "not_on_server" as const,
      error: null,
      media_type: "image",
      mime_type: "image/svg+xml",
      file_name: "",
      bytes: null,
      width: 10,
      height: 10,
      seconds: null,
      thumbnail: "data:image/svg+xml;base64,PHN2Zz4=",
      on_server: false,
    };
    show({ kind: "image", text: "", media });
    expect(document.querySelector("img")).toBeNull();
    expect(screen.getByTestId("message").textContent).toContain("Not on the server");
  });

  it("says in words how far it got", () => {
    show({ from_me: true, sender: null, status: "read" });
    expect(screen.getByText("Read")).toBeTruthy();
  });

  it("says that what it answers is not here instead of leading nowhere", () => {
    show({ quote: quoteOf({ missing: true }) });
    expect(screen.getByText("The original is not on this computer.")).toBeTruthy();
    expect(screen.queryByTitle("To the message that this answers")).toBeNull();
  });

  it("leads to what it answers even where that may lie far back", () => {
    const onJump = vi.fn();
    const quote = quoteOf({ preview: "do *you* come?" });
    render(
      <Platform value="whatsapp">
        <MessageRow
          message={messageOf("1", { quote })}
          first
          isGroup
          marked={false}
          onJump={onJump}
          onDetails={() => {}}
        />
      </Platform>,
    );
    const button = screen.getByTitle("To the message that this answers");
    expect(button.textContent).toBe("Joãodo you come?");
    fireEvent.click(button);
    expect(onJump).toHaveBeenCalledWith(quote);
  });

  it("calls those by name whom what it answers mentions", () => {
    const mentions = [{ handle: "4915550002", name: "Ben" }];
    show({ quote: quoteOf({ preview: "ask @4915550002", mentions }) });
    expect(screen.getByTestId("glimpse").textContent).toBe("ask @Ben");
  });

  it("says what the platform calls a kind that nobody knows", () => {
    show({ kind: "unknown", text: "", unknown_kind: "riddleMessage" });
    expect(screen.getByTestId("unknown-kind").textContent).toBe("riddleMessage");
    cleanup();
    show({ kind: "unknown", text: "", unknown_kind: "CIPHERTEXT" });
    expect(screen.getByTestId("message").textContent).toContain("could not decrypt");
  });

  it("shows a poll's votes where somebody counted them, and no zeros where nobody did", () => {
    const poll = { options: ["Pizza", "Soup"], votes: [3, 1], several: true };
    show({ kind: "poll", text: "Lunch?", poll });
    expect(screen.getAllByRole("listitem").map((item) => item.textContent)).toEqual([
      "Pizza3 votes",
      "Soup1 vote",
    ]);
    cleanup();
    show({ kind: "poll", text: "Lunch?", poll: { ...poll, votes: [] } });
    expect(screen.getAllByRole("listitem").map((item) => item.textContent)).toEqual(["Pizza", "Soup"]);
  });

  it("shows signs as what they mean, with what was looked for marked in them", () => {
    const found = {
      text: "a *bold move* and `x*y*z`",
      start: 0,
      cut: false,
      marks: [[3, 7] as [number, number]],
    };
    render(
      <Platform value="whatsapp">
        <MessageRow
          message={messageOf("1", { text: found.text })}
          found={found}
          first
          isGroup
          marked={false}
          onJump={() => {}}
          onDetails={() => {}}
        />
      </Platform>,
    );
    const text = screen.getByTestId("message-text");
    expect(text.textContent).toBe("a bold move and x*y*z");
    expect(text.querySelector("strong mark")?.textContent, "the mark is counted in what was typed").toBe(
      "bold",
    );
  });

  it("shows signs as they were typed on a platform that has none", () => {
    show({ text: "a *bold* move" });
    expect(screen.getByTestId("message-text").textContent).toBe("a *bold* move");
  });

  it("calls those who are mentioned by name", () => {
    show({ text: "@4915550002 comes", mentions: [{ handle: "4915550002", name: "Ana" }] });
    expect(screen.getByTestId("message-text").textContent).toBe("@Ana comes");
  });

  it("folds a very long text and says how long it is", () => {
    show({ text: "a".repeat(100_000) });
    expect(screen.getByTestId("message-text").textContent?.length).toBeLessThan(3_100);
    expect(screen.getByRole("button", { name: /Show all/ }).textContent).toContain(
      (100_000).toLocaleString(),
    );
  });
});

describe("a folded text", () => {
  it("is never cut through a character", () => {
    expect(clip("ab😀", 3)).toBe("ab");
    expect(clip("ab😀", 4)).toBe("ab😀");
  });
});

describe("large emoji", () => {
  it.each(["👍", "😂😂", "👨‍👩‍👧‍👦", "🇵🇹", "❤️"])("are %s", (text) => expect(isFewEmoji(text)).toBe(true));
  it.each(["ok 👍", "123", "#", "", "👍👍👍👍", "*"])("are not %j", (text) =>
    expect(isFewEmoji(text)).toBe(false),
  );
});
