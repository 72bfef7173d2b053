import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { formatList } from "../app/format";
import { appStateQuery } from "../app/queries";
import { accountName } from "../parts/account-names";
import { kindName } from "../parts/kinds";
import { useChatNames } from "./chat-names";
import { Chip } from "./chip";
import { NamePicker } from "./name-picker";
import { type Piece, values, withFilter, without } from "./query";
import { TimePicker } from "./time-picker";
import { dateWords, kindOf } from "./understood";

const HAS: readonly (readonly [string, string, MessageDescriptor])[] = [
  ["has", "link", msg`Link`],
  ["has", "photo", msg`Photo`],
  ["has", "video", msg`Video`],
  ["has", "voice", msg`Voice message`],
  ["has", "document", msg`Document`],
  ["has", "media", msg`Any picture, recording or file`],
  ["is", "starred", msg`Starred`],
  ["is", "forwarded", msg`Forwarded`],
];

/** The filters as chips: they show what stands in the text, and write into it. */
export function Filters({
  text,
  onText,
  children,
}: {
  text: string;
  onText: (text: string) => void;
  children: ReactNode;
}) {
  const accounts = useQuery(appStateQuery).data?.accounts ?? [];
  const clear = (...names: string[]) => onText(without(text, isOf(names)));
  const put = (name: string, value: string) => onText(withFilter(without(text, isOf([name])), name, value));
  const said = (...names: string[]) => values(text, ...names);
  const chatCalled = useChatNames(said("in").map((piece) => piece.text));

  return (
    <div className="mt-3 flex flex-wrap items-center gap-2">
      <div role="toolbar" aria-label={t`Filters`} className="flex flex-wrap gap-1.5">
        <Chip
          testId="chip-from"
          idle={t`Anyone`}
          said={lead(said("from"), (names) => <Trans>From: {names}</Trans>)}
          label={t`From whom`}
          onClear={() => clear("from")}
        >
          {(close) => (
            <NamePicker
              who="people"
              label={t`From whom`}
              onChoose={(name) => {
                put("from", name);
                close();
              }}
            />
          )}
        </Chip>
        <Chip
          testId="chip-in"
          idle={t`Any chat`}
          said={lead(said("in"), (names) => <Trans>In: {names}</Trans>, chatCalled)}
          label={t`In which chat`}
          onClear={() => clear("in")}
        >
          {(close) => (
            <NamePicker
              who="chats"
              label={t`In which chat`}
              onChoose={(name) => {
                put("in", name);
                close();
              }}
            />
          )}
        </Chip>
        <Chip
          testId="chip-time"
          idle={t`Any time`}
          said={listed(said("on", "after", "before").map(timeWords))}
          label={t`When`}
          onClear={() => clear("on", "after", "before")}
        >
          {(close) => <TimePicker text={text} onText={onText} close={close} />}
        </Chip>
        <Chip
          testId="chip-has"
          idle={t`Any kind`}
          said={listed(said("has", "type", "is").map(bringsWords))}
          label={t`What it brings`}
          onClear={() => clear("has", "type", "is")}
        >
          {(close) => (
            <Choices
              choices={HAS.map(([, , words]) => i18n._(words))}
              onChoose={(index) => {
                const [name = "", value = ""] = HAS[index] ?? [];
                onText(withFilter(without(text, isOf(["has", "type", "is"])), name, value));
                close();
              }}
            />
          )}
        </Chip>
        {(accounts.length > 1 || said("account").length > 0) && (
          <Chip
            testId="chip-account"
            idle={t`Any account`}
            said={lead(said("account"), (names) => <Trans>Account: {names}</Trans>)}
            label={t`Of which account`}
            onClear={() => clear("account")}
          >
            {(close) => (
              <Choices
                choices={accounts.map(accountName)}
                onChoose={(index) => {
                  const account = accounts[index];
                  const names = accounts.map((each) => each.display_name);
                  const own = account?.display_name ?? "";
                  const isPlain = own !== "" && names.filter((name) => name === own).length === 1;
                  put("account", isPlain ? own : (account?.id ?? ""));
                  close();
                }}
              />
            )}
          </Chip>
        )}
      </div>
      <div className="ms-auto flex flex-wrap items-center gap-x-3 gap-y-1.5 narrow:w-full narrow:flex-row-reverse narrow:justify-end">
        {children}
      </div>
    </div>
  );
}

/** A short list of buttons, of which one is chosen. */
function Choices({ choices, onChoose }: { choices: readonly string[]; onChoose: (index: number) => void }) {
  return (
    <ul className="-mx-1.5">
      {choices.map((words, index) => (
        <li key={words}>
          <button type="button" className="choice" onClick={() => onChoose(index)}>
            <bdi>{words}</bdi>
          </button>
        </li>
      ))}
    </ul>
  );
}

function isOf(names: readonly string[]): (piece: Piece) => boolean {
  return (piece) => (piece.type === "filter" || piece.type === "unfinished") && names.includes(piece.name);
}

function lead(
  said: readonly Piece[],
  words: (names: ReactNode) => ReactNode,
  called = (text: string) => text,
): ReactNode {
  if (said.length === 0) return "";
  return words(<bdi>{listed(said.map((piece) => called(piece.text)))}</bdi>);
}

function timeWords({ name, text }: Piece): string {
  const words = dateWords(text);
  if (name === "on") return words;
  return name === "after" ? t`After ${words}` : t`Before ${words}`;
}

function bringsWords({ name, text }: Piece): string {
  const value = text.toLowerCase();
  const kind = kindOf(value);
  const known = HAS.find((each) => each[0] === name && kindOf(each[1]) === kind);
  if (known !== undefined) return i18n._(known[2]);
  return name === "is" ? t`Sent by you` : (kindName(kind)?.words ?? text);
}

function listed(parts: readonly string[]): string {
  return formatList(parts, "unit");
}
