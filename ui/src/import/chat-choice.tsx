import { RadioGroup } from "@base-ui/react/radio-group";
import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { call, toAppError } from "../app/call";
import { type Chat, commands, type ImportChat, type ImportPreview } from "../bindings";
import { Avatar } from "../parts/avatar";
import { Choice } from "../parts/choice";
import { ErrorNote } from "../parts/error-note";
import { useOptions } from "../parts/use-options";
import { lookWith, useImport } from "./store";

/** So many stand there at once; who misses one types more of its name. */
const SHOWN = 6;

/** The one chat of the files, where they call it by a name alone and an account is there that may have it already. */
export function looseChat(preview: ImportPreview, chatId: string | null): ImportChat | null {
  const [only] = preview.chats;
  if (preview.account_id === null || preview.chats_total !== 1 || only === undefined) return null;
  return only.address === "" || chatId !== null ? only : null;
}

/** Which chat here an exported text goes on with: a text does not say. */
export function ChatChoice({ accountId, chat }: { accountId: string; chat: ImportChat }) {
  const { options } = useImport();
  const [wants, setWants] = useState(options.chat_id !== null);
  const [another, setAnother] = useState(false);
  const isChosen = options.chat_id !== null;
  // By its name, as long as nobody has said otherwise: what is joined then is not what the name alone would join.
  const byName = isChosen ? null : chat.joins;
  const choose = ({ id }: Chat) => {
    setAnother(false);
    void lookWith({ chat_id: id });
  };
  return (
    <>
      <RadioGroup
        aria-label={t`Which chat is it?`}
        value={wants ? "here" : "own"}
        onValueChange={(value) => {
          setWants(value === "here");
          if (value === "own" && isChosen) void lookWith({ chat_id: null });
        }}
        className="flex flex-col gap-2"
      >
        <Choice
          value="own"
          name={byName === null ? t`One of its own` : t`The one here of that name`}
          about={
            byName === null
              ? t`It becomes a new chat, unless one of that name is here.`
              : t`What is here already is not doubled.`
          }
        />
        <Choice
          value="here"
          name={t`One that is here`}
          about={t`The text goes on with it, whatever the file calls it.`}
        />
      </RadioGroup>
      {wants &&
        (isChosen && chat.joins !== null && !another ? (
          <p
            className="mt-3 flex items-center gap-3 rounded-(--radius-m) bg-sunken px-3 py-2 text-sm"
            data-testid="import-chat-chosen"
            data-chat-id={options.chat_id}
          >
            <Avatar name={chat.joins.name} seed={chat.joins.name} size={28} />
            <bdi className="min-w-0 flex-1 truncate font-semibold" title={chat.joins.name}>
              {chat.joins.name}
            </bdi>
            <button
              type="button"
              data-testid="import-chat-another"
              className="link min-h-6"
              onClick={() => setAnother(true)}
            >
              <Trans>Another</Trans>
            </button>
          </p>
        ) : (
          <ChatField accountId={accountId} onChoose={choose} />
        ))}
    </>
  );
}

/** A chat of an account, by the beginning of its name. */
function ChatField({ accountId, onChoose }: { accountId: string; onChoose: (chat: Chat) => void }) {
  const [typed, setTyped] = useState("");
  const ids = useId();
  const text = typed.trim();
  const found = useQuery({
    queryKey: ["chats", "list", "to join", accountId, text],
    queryFn: () =>
      call(
        commands.chatList({
          filter: "all",
          text: text === "" ? null : text,
          account_id: accountId,
          after: null,
          limit: SHOWN,
        }),
      ),
    placeholderData: keepPreviousData,
  });
  const chats = found.data?.chats ?? [];
  const options = useOptions(chats.length, (index) => {
    const chat = chats[index];
    if (chat !== undefined) onChoose(chat);
  });
  const label = t`Find a chat`;
  return (
    <div className="mt-3" data-testid="import-chat-field">
      <input
        {...options.field}
        type="text"
        data-testid="import-chat-name"
        aria-label={label}
        aria-describedby={ids}
        placeholder={t`Begin to type a name`}
        className="input"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          options.reset();
        }}
      />
      <div {...options.list(label)} className="mt-1.5 text-sm">
        {chats.map((chat, index) => (
          <div key={chat.id} {...options.option(index)} className="choice" data-testid="import-chat-option">
            <Avatar name={chat.name} seed={chat.jid} size={28} />
            <bdi className="min-w-0 flex-1 truncate">{chat.name}</bdi>
            <span className="flex-none text-ink-2">
              {plural(chat.messages, { one: "# message", other: "# messages" })}
            </span>
          </div>
        ))}
      </div>
      <p id={ids} role="status" className="mt-1 text-sm text-ink-2 empty:hidden">
        {found.data !== undefined && chats.length === 0 && text !== ""
          ? t`No chat here is called “${text}”.`
          : ""}
      </p>
      {found.isError && <ErrorNote fault={toAppError(found.error)} onRetry={() => void found.refetch()} />}
    </div>
  );
}
