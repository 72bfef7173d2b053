import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SearchPage, SearchQuery } from "../bindings";
import { hitOf, pageOf } from "../dev/hit";
import { isCurrent, makeFinding } from "./finding";

type Question = { query: SearchQuery; answer: (page: SearchPage) => void; fail: (fault: unknown) => void };

/** A core whose answers come when the test says so. */
function core(): Question[] {
  const asked: Question[] = [];
  mockIPC((_, payload) => {
    const { query } = payload as { query: SearchQuery };
    return new Promise((answer, fail) => asked.push({ query, answer, fail }));
  });
  return asked;
}

const ids = (finding: ReturnType<typeof makeFinding>) =>
  finding.read().answer?.hits.map((hit) => hit.message_id);

const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  clearMocks();
});

describe("a search as one types", () => {
  it("asks at each key and takes only the answer to the last one", async () => {
    const asked = core();
    const finding = makeFinding();
    finding.setText("g");
    finding.setText("ga");
    asked[1]?.answer(pageOf([hitOf("2")]));
    await settled();
    asked[0]?.answer(pageOf([hitOf("1")]));
    await settled();
    expect(ids(finding)).toEqual(["2"]);
    expect(finding.read().answer?.text).toBe("ga");
  });

  it("says that what is shown is of before until the answer is there, and for how long it may be seen", async () => {
    const asked = core();
    const finding = makeFinding();
    finding.setText("a");
    asked[0]?.answer(pageOf([hitOf("1")]));
    await settled();
    finding.setText("ab");
    expect(isCurrent(finding.read())).toBe(false);
    expect(finding.read().late).toBe(false);
    await vi.advanceTimersByTimeAsync(300);
    expect(finding.read().late).toBe(true);
    asked[1]?.answer(pageOf([]));
    await settled();
    expect(isCurrent(finding.read())).toBe(true);
    expect(finding.read()).toMatchObject({ late: false, asking: false });
  });

  it("asks again when another field's question has taken its place", async () => {
    const asked = core();
    const finding = makeFinding();
    finding.setText("a");
    asked[0]?.fail({ code: "search_superseded", message: "" });
    await vi.advanceTimersByTimeAsync(100);
    expect(asked).toHaveLength(2);
    asked[1]?.answer(pageOf([hitOf("1")]));
    await settled();
    expect(ids(finding)).toEqual(["1"]);
    expect(finding.read().error).toBeNull();
  });

  it("does not ask again for what nobody waits for any more", async () => {
    const asked = core();
    const finding = makeFinding();
    finding.setText("a");
    finding.setText("ab");
    asked[0]?.fail({ code: "search_superseded", message: "" });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked.map((question) => question.query.text)).toEqual(["a", "ab"]);
  });

  it("asks nothing for an empty field, and forgets what was on its way", async () => {
    const asked = core();
    const finding = makeFinding();
    finding.setText("a");
    finding.setText("");
    asked[0]?.answer(pageOf([hitOf("1")]));
    await settled();
    expect(asked).toHaveLength(1);
    expect(finding.read()).toMatchObject({ answer: null, asking: false });
  });

  it("says what went wrong and shows no hits beside it", async () => {
    const asked = core();
    const finding = makeFinding();
    finding.setText("a");
    asked[0]?.fail({ code: "search_index", message: "damaged" });
    await settled();
    expect(finding.read().error?.code).toBe("search_index");
    expect(finding.read().answer).toBeNull();
  });
});

describe("the hits that follow", () => {
  it("come behind those that are here, once, from where the last page ended", async () => {
    const asked = core();
    const finding = makeFinding("7");
    finding.setText("a");
    asked[0]?.answer(pageOf([hitOf("3"), hitOf("2")], { next: "K2", about: 3 }));
    await settled();
    void finding.more();
    void finding.more();
    expect(asked).toHaveLength(2);
    expect(asked[1]?.query).toMatchObject({ place: "K2", chat_id: "7", order: "newest" });
    asked[1]?.answer(pageOf([hitOf("2"), hitOf("1")], { about: null }));
    await settled();
    expect(ids(finding)).toEqual(["3", "2", "1"]);
    expect(finding.read().answer).toMatchObject({ about: 3, next: null });
    void finding.more();
    expect(asked, "there is nothing behind the end").toHaveLength(2);
  });

  it("of a question of before are not mixed with those of another", async () => {
    const asked = core();
    const finding = makeFinding();
    finding.setText("a");
    asked[0]?.answer(pageOf([hitOf("3")], { next: "K3" }));
    await settled();
    void finding.more();
    finding.setOrder("best");
    asked[1]?.answer(pageOf([hitOf("2")]));
    asked[2]?.answer(pageOf([hitOf("9")]));
    await settled();
    expect(ids(finding)).toEqual(["9"]);
    expect(asked[2]?.query).toMatchObject({ order: "best", place: null });
  });

  it("leave the keys at their hit when the same is asked again", async () => {
    const asked = core();
    const finding = makeFinding();
    finding.setText("a");
    asked[0]?.answer(pageOf([hitOf("3"), hitOf("2")]));
    await settled();
    finding.setActive(1);
    void finding.again();
    asked[1]?.answer(pageOf([hitOf("4"), hitOf("3"), hitOf("2")]));
    await settled();
    expect(finding.read().active).toBe(2);
    finding.setActive(99);
    expect(finding.read().active, "there is no hit behind the last").toBe(2);
  });
});
