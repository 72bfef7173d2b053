import { RadioGroup } from "@base-ui/react/radio-group";
import { plural, t } from "@lingui/core/macro";
import { type ReactNode, useId } from "react";
import { formatDate } from "../app/format";
import type { Account, ImportPreview } from "../bindings";
import { accountName, platformName } from "../parts/account-names";
import { Choice } from "../parts/choice";
import { ChatChoice, looseChat } from "./chat-choice";
import { lookWith, useImport } from "./store";
import { zones } from "./zones";

/** Where a new account is chosen instead of one that is here. */
const NEW = "new";

/** What the files do not tell, and only a person knows. */
export function Decisions({ preview, accounts }: { preview: ImportPreview; accounts: readonly Account[] }) {
  const { options } = useImport();
  const fitting = accounts.filter(
    (account) => preview.platform === "" || account.integration_type === preview.platform,
  );
  const { senders, date_order, zone, me } = preview;
  // Where the files say it themselves, nobody is asked; where the person has said it, they may say otherwise.
  const asksWho = options.me !== null || (me === null && senders.length > 0);
  const loose = looseChat(preview, options.chat_id);
  const asksOrder = date_order !== null && (!date_order.is_proven || options.day_first !== null);
  return (
    <section
      className="card flex flex-col gap-4.5"
      aria-label={t`Please look at this`}
      data-testid="import-decisions"
    >
      {preview.platforms.length > 1 && (
        <Question
          title={t`Whose chats?`}
          about={t`The files hold chats of several platforms. Bring them in one after the other.`}
        >
          <RadioGroup
            aria-label={t`Whose chats?`}
            value={preview.platform}
            onValueChange={(platform) =>
              void lookWith({
                platform: String(platform),
                account_id: null,
                new_account: false,
                chat_id: null,
              })
            }
            className="flex flex-wrap gap-x-6 gap-y-2"
          >
            {preview.platforms.map((platform) => (
              <Choice key={platform} value={platform} name={platformName(platform)} />
            ))}
          </RadioGroup>
        </Question>
      )}
      {asksWho && (
        <Question
          title={t`Which of these is you?`}
          about={t`Your own messages stand on your side of the chat.`}
        >
          <RadioGroup
            aria-label={t`Which of these is you?`}
            value={options.me ?? me ?? ""}
            onValueChange={(name) => void lookWith({ me: String(name) })}
            className="flex flex-col gap-2"
          >
            {(options.me !== null && !senders.some(({ what }) => what === options.me)
              ? [{ what: options.me, count: 0 }, ...senders]
              : senders
            ).map(({ what, count }) => (
              <Choice
                key={what}
                value={what}
                name={<bdi className="wrap-anywhere">{what}</bdi>}
                {...(count > 0 && { about: plural(count, { one: "# message", other: "# messages" }) })}
              />
            ))}
          </RadioGroup>
        </Question>
      )}
      {asksOrder && (
        <Question
          title={t`How are dates written?`}
          about={t`No date in the files proves it. The period below shows whether it is right.`}
        >
          <RadioGroup
            aria-label={t`How are dates written?`}
            value={(options.day_first ?? isDayFirst(date_order.order)) ? "day" : "month"}
            onValueChange={(value) => void lookWith({ day_first: value === "day" })}
            className="flex flex-wrap gap-x-6 gap-y-2"
          >
            <Choice
              value="day"
              name={t`Day first`}
              about={t`3/4 is ${formatDate(Date.UTC(2024, 3, 3, 12))}`}
            />
            <Choice
              value="month"
              name={t`Month first`}
              about={t`3/4 is ${formatDate(Date.UTC(2024, 2, 4, 12))}`}
            />
          </RadioGroup>
        </Question>
      )}
      {zone !== null && (
        <Field
          title={t`Time zone`}
          about={t`Times in the files have no zone. Choose the one in which the phone was.`}
        >
          {(id) => (
            <select
              id={id}
              data-testid="import-zone"
              className="input"
              value={options.zone ?? zone}
              onChange={(event) => void lookWith({ zone: event.target.value })}
            >
              {zones(options.zone ?? zone).map((each) => (
                <option key={each} value={each}>
                  {each.replaceAll("_", " ")}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <Field
        title={t`Goes into`}
        about={
          preview.account_id === null
            ? t`A new account on this computer takes it. Nothing leaves this computer.`
            : t`Chats and messages of that account are joined with those in the files.`
        }
      >
        {(id) => (
          <select
            id={id}
            data-testid="import-account"
            className="input"
            value={preview.account_id ?? NEW}
            onChange={({ target }) =>
              void lookWith(
                target.value === NEW
                  ? { account_id: null, new_account: true, chat_id: null }
                  : { account_id: target.value, new_account: false, chat_id: null },
              )
            }
          >
            {fitting.map((account) => (
              <option key={account.id} value={account.id}>
                {accountName(account)}
              </option>
            ))}
            <option value={NEW}>
              {preview.platform === ""
                ? t`A new account`
                : t`A new account of ${platformName(preview.platform)}`}
            </option>
          </select>
        )}
      </Field>
      {loose !== null && preview.account_id !== null && (
        <Question
          title={t`Which chat is it?`}
          about={t`The files name the chat and nothing more. Below stands what would be new and what is here already.`}
        >
          <ChatChoice key={preview.account_id} accountId={preview.account_id} chat={loose} />
        </Question>
      )}
    </section>
  );
}

/** `DD/MM/YY`, `D.M.YYYY`; where the year stands first, the month follows. */
function isDayFirst(order: string): boolean {
  return order.search(/d/i) < order.search(/m/i);
}

function Question({ title, about, children }: { title: string; about: string; children: ReactNode }) {
  return (
    <div>
      <h2>{title}</h2>
      <p className="mb-2 text-sm text-ink-2">{about}</p>
      {children}
    </div>
  );
}

function Field({
  title,
  about,
  children,
}: {
  title: string;
  about: string;
  children: (id: string) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1.2fr)] items-center gap-x-6 gap-y-2 narrow:grid-cols-1">
      <div>
        <label htmlFor={id} className="font-semibold">
          {title}
        </label>
        <p className="text-sm text-ink-2">{about}</p>
      </div>
      {children(id)}
    </div>
  );
}
