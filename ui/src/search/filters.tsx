import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { appStateQuery } from "../app/queries";
import { accountName } from "../parts/account-names";
import { Chip } from "./chip";
import { NamePicker } from "./name-picker";
import { type Piece, values, withFilter, without } from "./query";
import { TimePicker } from "./time-picker";
import { dateWords, hasWords } from "./understood";

const HAS: readonly (readonly [string, string, string])[] = [
  ["has", "link", "Link"],
  ["has", "photo", "Photo"],
  ["has", "video", "Video"],
  ["has", "voice", "Voice message"],
  ["has", "document", "Document"],
  ["has", "media", "Any picture, recording or file"],
  ["is", "starred", "Starred"],
  ["is", "forwarded", "Forwarded"],
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

  return (
    <div className="mt-3 flex flex-wrap items-center gap-2">
      <div role="toolbar" aria-label="Filters" className="flex flex-wrap gap-1.5">
        <Chip
          testId="chip-from"
          idle="Anyone"
          said={lead("From: ", said("from"))}
          label="From whom"
          onClear={() => clear("from")}
        >
          {(close) => (
            <NamePicker
              who="people"
              label="From whom"
              onChoose={(name) => {
                put("from", name);
                close();
              }}
            />
          )}
        </Chip>
        <Chip
          testId="chip-in"
          idle="Any chat"
          said={lead("In: ", said("in"))}
          label="In which chat"
          onClear={() => clear("in")}
        >
          {(close) => (
            <NamePicker
              who="chats"
              label="In which chat"
              onChoose={(name) => {
                put("in", name);
                close();
              }}
            />
          )}
        </Chip>
        <Chip
          testId="chip-time"
          idle="Any time"
          said={said("on", "after", "before").map(timeWords).join(", ")}
          label="When"
          onClear={() => clear("on", "after", "before")}
        >
          {(close) => <TimePicker text={text} onText={onText} close={close} />}
        </Chip>
        <Chip
          testId="chip-has"
          idle="Any kind"
          said={said("has", "type", "is").map(bringsWords).join(", ")}
          label="What it brings"
          onClear={() => clear("has", "type", "is")}
        >
          {(close) => (
            <Choices
              choices={HAS.map(([, , words]) => words)}
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
            idle="Any account"
            said={lead("Account: ", said("account"))}
            label="Of which account"
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
      <div className="ml-auto flex flex-wrap items-center gap-x-3 gap-y-1.5 narrow:w-full narrow:flex-row-reverse narrow:justify-end">
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

function lead(words: string, said: readonly Piece[]): ReactNode {
  if (said.length === 0) return "";
  return (
    <>
      {words}
      <bdi>{said.map((piece) => piece.text).join(", ")}</bdi>
    </>
  );
}

function timeWords({ name, text }: Piece): string {
  const words = dateWords(text);
  if (name === "on") return words.charAt(0).toUpperCase() + words.slice(1);
  return `${name === "after" ? "After" : "Before"} ${words}`;
}

function bringsWords({ name, text }: Piece): string {
  const value = text.toLowerCase();
  if (name === "is") return value === "starred" || value === "forwarded" ? capital(value) : "Sent by you";
  return capital(hasWords(value).replace(/^with an? /, ""));
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
