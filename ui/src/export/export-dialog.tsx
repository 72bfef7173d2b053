import { Dialog } from "@base-ui/react/dialog";
import { RadioGroup } from "@base-ui/react/radio-group";
import { i18n } from "@lingui/core";
import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { call, toAppError } from "../app/call";
import { commands, type ExportFormat, type ExportPlan, type ExportQuery, type Language } from "../bindings";
import { Choice } from "../parts/choice";
import { ErrorNote } from "../parts/error-note";
import { useNow } from "../parts/use-now";
import { Toggle } from "../settings/toggle";
import { type Period, timesOf } from "./period";
import { PeriodChoice } from "./period-choice";
import { closeExport, type ExportChat, startExport, useExport } from "./store";

/** Asks what to export, and how; the system then asks where to. */
export function ExportDialog() {
  const { asking, phase } = useExport();
  return (
    <Dialog.Root
      open={asking !== null}
      onOpenChange={(open) => {
        if (!open && phase === "idle") closeExport();
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog w-[min(520px,calc(100vw-32px))]" data-testid="export-dialog">
          {asking !== null && <Form chat={asking.chat} />}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Form({ chat }: { chat: ExportChat | null }) {
  const { phase, error } = useExport();
  const now = useNow();
  const [isOne, setIsOne] = useState(chat !== null);
  const [format, setFormat] = useState<ExportFormat>("html");
  const [withFiles, setWithFiles] = useState(true);
  const [period, setPeriod] = useState<Period>({ step: "everything" });
  const times = timesOf(period, now);
  const query: ExportQuery | null = times && {
    chat_id: isOne ? (chat?.id ?? null) : null,
    ...times,
    format,
    // Without it Excel takes a table for one of old Windows.
    byte_order_mark: format === "csv",
    language: i18n.locale as Language,
    files: format === "html" && withFiles,
  };
  const plan = useQuery({
    queryKey: ["export", "plan", query],
    queryFn: () => (query === null ? null : call(commands.exportPlan(query))),
    placeholderData: (before) => before,
  });
  const start = () => {
    if (query !== null) void startExport(query);
  };
  const isIdle = phase === "idle";
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      <Dialog.Title className="text-lg font-semibold">
        <Trans>Export</Trans>
      </Dialog.Title>
      <Dialog.Description className="mt-1 text-sm text-ink-2">
        <Trans>A copy that other programs read.</Trans>
      </Dialog.Description>
      <div className="mt-4 flex flex-col gap-4">
        {chat !== null && (
          <Part title={t`What`}>
            <RadioGroup
              aria-label={t`What`}
              value={isOne ? "one" : "all"}
              onValueChange={(value) => setIsOne(value === "one")}
              className="flex flex-wrap gap-x-6 gap-y-2"
            >
              <Choice value="one" name={<bdi className="wrap-anywhere">{chat.name}</bdi>} />
              <Choice value="all" name={t`All chats`} />
            </RadioGroup>
          </Part>
        )}
        <Part title={t`As`}>
          <RadioGroup
            aria-label={t`As`}
            value={format}
            onValueChange={(value) => setFormat(value as ExportFormat)}
            className="grid grid-cols-2 gap-x-6 gap-y-2.5 narrow:grid-cols-1"
          >
            <Choice
              value="html"
              name={t`Pages to read`}
              about={t`They look as here, in any browser, and can be printed. HTML`}
            />
            <Choice value="csv" name={t`A table`} about={t`For a spreadsheet, a message a row. CSV`} />
            <Choice value="txt" name={t`Plain text`} about={t`In the way WhatsApp exports a chat. TXT`} />
            <Choice value="jsonl" name={t`Data`} about={t`All that is known, for programs. JSON lines`} />
          </RadioGroup>
        </Part>
        {format === "html" ? (
          <Toggle
            name={t`With photos and files`}
            about={t`Those that are on this computer lie in a folder beside the pages.`}
            checked={withFiles}
            onChange={setWithFiles}
            testId="export-files"
          />
        ) : (
          <p className="text-sm text-ink-2">
            <Trans>Photos and files are named in it, not included.</Trans>
          </p>
        )}
        <Part title={t`Of which time`}>
          <PeriodChoice period={period} now={now} onChange={setPeriod} />
        </Part>
        {plan.isError ? (
          <ErrorNote fault={toAppError(plan.error)} onRetry={() => void plan.refetch()} />
        ) : (
          <p data-testid="export-plan" aria-live="polite" className="min-h-5 text-sm text-ink-2">
            {query === null ? (
              <Trans>The last day lies before the first, or one of them is no day.</Trans>
            ) : (
              plan.data && planned(plan.data)
            )}
          </p>
        )}
        {error !== null && <ErrorNote fault={error} onRetry={start} testId="export-error" />}
      </div>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <button type="button" className="btn" disabled={!isIdle} onClick={closeExport}>
          <Trans>Cancel</Trans>
        </button>
        <button
          type="submit"
          data-testid="export-start"
          className="btn primary"
          disabled={!isIdle || query === null || plan.data == null || plan.data.messages === 0}
        >
          {isIdle ? <Trans>Choose where…</Trans> : <Trans>Choosing…</Trans>}
        </button>
      </div>
    </form>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className="mb-1.5 text-xs font-semibold text-ink-2">
        {title}
      </h3>
      {children}
    </section>
  );
}

/** What it will be, in a sentence. */
function planned({ messages, chats, is_folder }: ExportPlan): string {
  if (messages === 0) return t`There is no message of that time.`;
  const many = plural(messages, { one: "# message", other: "# messages" });
  if (!is_folder) return t`${many}, in one file`;
  return chats === 1
    ? t`${many}, over several pages in a folder`
    : plural(chats, { one: `${many} of # chat, in a folder`, other: `${many} of # chats, in a folder` });
}
