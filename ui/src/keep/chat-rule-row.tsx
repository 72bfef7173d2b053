import { i18n } from "@lingui/core";
import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import type { KeepRule } from "../bindings";
import { Avatar } from "../parts/avatar";
import { Icon } from "../parts/icon";
import { type Draft, goesAlong, isOwn, ruleOf } from "./draft";
import { DateField } from "./how-far";
import { STEPS, type Step, sinceOf, stepOf } from "./since";
import { ruleWords } from "./words";

export type Named = { id: string; name: string; jid: string; messages: number | null };

/** One chat: kept or not, how far back, with media or without. */
export function ChatRuleRow({
  chat,
  draft,
  now,
  onChange,
}: {
  chat: Named;
  draft: Draft;
  now: number;
  onChange: (chatId: string, title: string, rule: KeepRule) => void;
}) {
  const [dated, setDated] = useState(false);
  const rule = ruleOf(draft, chat.id);
  const along = { included: true, ...draft.base };
  const far: Step | "along" = dated ? "date" : goesAlong(draft, chat.id) ? "along" : stepOf(rule.since, now);
  const change = (next: KeepRule) => onChange(chat.id, chat.name, next);
  const choose = (next: Step | "along") => {
    setDated(next === "date");
    if (next === "along") change(along);
    else if (next === "date") change({ ...rule, since: rule.since ?? sinceOf("year", now) });
    else change({ ...rule, since: sinceOf(next, now) });
  };
  return (
    <div
      data-testid="keep-chat"
      data-chat-jid={chat.jid}
      data-own={isOwn(draft, chat.id) || undefined}
      className="flex min-h-14 flex-wrap items-center gap-x-3 gap-y-1 border-t border-line py-2"
    >
      <label className="flex min-w-0 flex-1 items-center gap-3">
        <input
          type="checkbox"
          className="size-4 flex-none"
          checked={rule.included}
          onChange={(event) => {
            setDated(false);
            change(event.target.checked ? along : { included: false, since: null, media: false });
          }}
        />
        <Avatar name={chat.name} seed={chat.jid} size={30} />
        <span className="min-w-0">
          <bdi className={`block truncate ${rule.included ? "font-semibold" : "text-ink-2"}`}>
            {chat.name}
          </bdi>
          <span className="block truncate text-sm text-ink-2">
            {words(rule, goesAlong(draft, chat.id), chat.messages)}
          </span>
        </span>
      </label>
      {rule.included && (
        <span className="flex flex-none items-center gap-1.5">
          <span className="relative">
            <select
              aria-label={t`How far back: ${chat.name}`}
              className="select"
              value={far}
              onChange={(event) => choose(event.target.value as Step | "along")}
            >
              <option value="along">
                <Trans>As above</Trans>
              </option>
              {STEPS.map(({ step, short }) => (
                <option key={step} value={step}>
                  {i18n._(short)}
                </option>
              ))}
              <option value="date">
                <Trans>A date</Trans>
              </option>
            </select>
            <Icon
              name="down"
              className="pointer-events-none absolute top-2 end-2 size-3.5! text-ink-2 [stroke-width:2]"
            />
          </span>
          <button
            type="button"
            aria-pressed={rule.media}
            aria-label={t`Media: ${chat.name}`}
            title={rule.media ? t`With media` : t`Without media`}
            className="relative grid size-8 place-items-center rounded-[8px] text-ink-3 hover:bg-sunken hover:text-ink aria-pressed:text-accent"
            onClick={() => change({ ...rule, media: !rule.media })}
          >
            <Icon name="image" />
            {!rule.media && (
              <span aria-hidden="true" className="absolute h-0.5 w-6 -rotate-45 rounded-full bg-current" />
            )}
          </button>
        </span>
      )}
      {rule.included && far === "date" && rule.since !== null && (
        <span className="flex basis-full items-center justify-end gap-2 pb-1 text-sm text-ink-2">
          <Trans>From</Trans>
          <DateField since={rule.since} onChange={(since) => change({ ...rule, since })} />
        </span>
      )}
    </div>
  );
}

/** What is chosen for a chat, where that is not what is chosen for all, and how much of it is here now. */
function words(rule: KeepRule, isAlong: boolean, messages: number | null): string {
  const here = messages === null ? "" : plural(messages, { one: "# message", other: "# messages" });
  if (!rule.included) {
    return messages === null || messages === 0
      ? ruleWords(rule)
      : plural(messages, { one: "Not kept: # message will go", other: "Not kept: # messages will go" });
  }
  return [isAlong ? "" : ruleWords(rule), here].filter((part) => part !== "").join(" · ");
}
