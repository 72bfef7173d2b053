import { t } from "@lingui/core/macro";
import type { Chat } from "../bindings";
import { Icon, type IconName } from "../parts/icon";
import { kindName } from "../parts/kinds";

type Line = { sender: string | null; icon: IconName | null; words: string };

/** The last message of a chat in a line: who sent it, where that is not plain, and what it is. */
export function lastLine({ last }: Chat): Line | null {
  if (last === null) return null;
  const kind = last.kind === null ? null : kindName(last.kind);
  const sender = last.from_me ? t`You` : last.sender;
  if (last.deleted) return { sender, icon: null, words: t`This message was deleted` };
  if (last.kind === "system") return { sender: null, icon: null, words: last.text };
  const words = last.text || (kind?.words ?? (last.kind === "unknown" ? t`Message of an unknown kind` : ""));
  return words === "" ? null : { sender, icon: kind?.icon ?? null, words };
}

/** The same for those who hear it: a drawing says nothing to them. */
export function spokenLine(chat: Chat): string | null {
  const line = lastLine(chat);
  if (line === null) return null;
  const kind = chat.last?.kind == null || chat.last.deleted ? null : kindName(chat.last.kind);
  const what = kind === null || kind.words === line.words ? line.words : `${kind.words}: ${line.words}`;
  return line.sender === null ? what : `${line.sender}: ${what}`;
}

export function LastLine({ chat }: { chat: Chat }) {
  const line = lastLine(chat);
  if (line === null) return <>{"\u00a0"}</>;
  return (
    <>
      {line.sender !== null && (
        <>
          <bdi>{line.sender}</bdi>
          {": "}
        </>
      )}
      {line.icon !== null && (
        <Icon name={line.icon} className="-mt-0.5 me-1 inline size-3.75! align-middle" />
      )}
      <bdi className={chat.last?.deleted ? "italic" : ""}>{line.words}</bdi>
    </>
  );
}
