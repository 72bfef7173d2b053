import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import type { Account } from "../bindings";
import { accountName } from "../parts/account-names";
import { Icon } from "../parts/icon";
import type { Filters } from "./filters";

const CHIPS: readonly { value: Filters["filter"]; name: MessageDescriptor }[] = [
  { value: null, name: msg`All` },
  { value: "unread", name: msg`Unread` },
  { value: "groups", name: msg`Groups` },
];

/** Which chats are listed: by what they are, and by account where there are several. */
export function ChatFilters({
  chosen,
  accounts,
  onChoose,
}: {
  chosen: Filters;
  accounts: readonly Account[];
  onChoose: (chosen: Filters) => void;
}) {
  return (
    <fieldset aria-label={t`Which chats`} className="flex items-center gap-1.5 px-3 pb-2">
      {CHIPS.map(({ value, name }) => (
        <button
          key={value}
          type="button"
          data-testid={`chats-${value ?? "all"}`}
          aria-pressed={chosen.filter === value}
          className="inline-flex h-6.5 flex-none items-center rounded-full border border-line bg-surface px-2.5 text-sm text-ink-2 hover:border-line-strong hover:text-ink aria-pressed:border-transparent aria-pressed:bg-accent-soft aria-pressed:font-[550] aria-pressed:text-accent"
          onClick={() => onChoose({ ...chosen, filter: value })}
        >
          {i18n._(name)}
        </button>
      ))}
      {accounts.length > 1 && (
        <span className="relative min-w-0 flex-1">
          <select
            data-testid="chats-account"
            aria-label={t`Account`}
            className="select min-h-6.5! w-full truncate rounded-full! border-line! hover:border-line-strong!"
            value={chosen.account ?? ""}
            onChange={(event) => onChoose({ ...chosen, account: event.target.value || null })}
          >
            <option value="">{t`All accounts`}</option>
            {accounts.map((account) => (
              <option key={account.id} value={account.id}>
                {accountName(account)}
              </option>
            ))}
          </select>
          <Icon
            name="down"
            className="pointer-events-none absolute end-2 top-1/2 size-3.5! -translate-y-1/2 text-ink-2"
          />
        </span>
      )}
    </fieldset>
  );
}
