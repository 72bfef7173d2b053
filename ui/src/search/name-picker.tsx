import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../app/call";
import { chatsQuery } from "../app/queries";
import { commands } from "../bindings";
import { Avatar } from "../parts/avatar";
import { useOptions } from "../parts/use-options";

type Name = { key: string; name: string; seed: string; about: string; value: string };

/** So many of the latest stand there before anything was typed. */
const LATEST = 8;

/** A person or a chat, by the beginning of its name. */
export function NamePicker({
  who,
  label,
  onChoose,
}: {
  who: "people" | "chats";
  label: string;
  onChoose: (name: string) => void;
}) {
  const [text, setText] = useState("");
  const names = useNames(who, text.trim());
  const options = useOptions(names.length, (index) => {
    const name = names[index];
    if (name !== undefined) onChoose(name.value);
  });
  return (
    <div className="w-64 max-w-full">
      <input
        {...options.field}
        type="text"
        data-testid="name-field"
        aria-label={label}
        placeholder={t`Begin to type a name`}
        className="input mb-1.5 min-h-8.5!"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          options.reset();
        }}
      />
      <div {...options.list(label)} className="-mx-1.5">
        {names.map((each, index) => (
          <div key={each.key} {...options.option(index)} className="choice" data-testid="name-option">
            <Avatar name={each.name} seed={each.seed} size={24} />
            <span className="min-w-0 truncate">
              <bdi>{each.name}</bdi>
              {each.about !== "" && <bdi className="text-ink-2"> · {each.about}</bdi>}
            </span>
          </div>
        ))}
      </div>
      {names.length === 0 && text.trim() !== "" && (
        <p className="px-1.5 py-1 text-ink-2">
          <Trans>Nobody and nothing is called so.</Trans>
        </p>
      )}
    </div>
  );
}

function useNames(who: "people" | "chats", text: string): readonly Name[] {
  const latest = useInfiniteQuery(chatsQuery({ filter: null, text: "" })).data?.pages[0]?.chats ?? [];
  const found = useQuery({
    queryKey: ["names", text],
    queryFn: () => call(commands.searchNames(text)),
    enabled: text !== "",
    placeholderData: (before) => before,
    gcTime: 10_000,
  }).data;
  if (text === "" || found === undefined) {
    const chats = latest.filter((chat) => who === "chats" || chat.kind === "direct").slice(0, LATEST);
    const names = chats.map((chat) => nameOf(chat.id, chat.name, chat.jid));
    return who === "people" ? [{ ...nameOf("me", t`You`, "me"), value: "me" }, ...names] : names;
  }
  if (who === "chats") return unique(found.chats.map((chat) => nameOf(chat.id, chat.name, chat.jid)));
  return unique(
    found.people.map((person) => ({
      ...nameOf(person.jid, person.name, person.jid),
      about: person.phone !== null && person.phone !== person.name ? person.phone : "",
    })),
  );
}

function nameOf(key: string, name: string, seed: string): Name {
  return { key, name, seed, about: "", value: name };
}

/** A filter goes by the name: two of one name are one choice. */
function unique(names: readonly Name[]): Name[] {
  const seen = new Set<string>();
  return names.filter((each) => !seen.has(each.value) && seen.add(each.value));
}
