import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { useId, useState } from "react";
import { formatBytes } from "../app/format";
import type { ImportFile, ImportPreview } from "../bindings";
import { Told } from "../parts/core-words";
import { Icon } from "../parts/icon";
import { formatName } from "./formats";
import { chooseKey, leaveImport, lookWith, useImport } from "./store";

/** More than anybody looks at one by one. */
const SHOWN = 6;

/** What was chosen, what it is, and what is wrong with it. */
export function FilesCard({ preview }: { preview: ImportPreview }) {
  const [all, setAll] = useState(false);
  // What is wrong stands first, so that it is seen.
  const files = [...preview.files].sort((a, b) => Number(b.problem !== null) - Number(a.problem !== null));
  const shown = all ? files : files.slice(0, SHOWN);
  const more = files.length - shown.length;
  const locked = files.find((file) => file.problem !== null && /^(needs|wrong)_key$/.test(file.problem.code));
  return (
    <section className="card" aria-label={t`Files`} data-testid="import-files-card">
      <header>
        <h2>
          <Trans>Files</Trans>
        </h2>
        <button
          type="button"
          data-testid="import-others"
          className="link ms-auto min-h-6 text-sm"
          onClick={() => void leaveImport()}
        >
          <Trans>Choose others</Trans>
        </button>
      </header>
      <ul className="flex flex-col gap-3">
        {shown.map((file, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one name, and the order is the files'
          <FileRow key={at} file={file} />
        ))}
      </ul>
      {more > 0 && (
        <button type="button" className="link mt-3 min-h-6 text-sm" onClick={() => setAll(true)}>
          <Plural value={more} one="Show # more" other="Show # more" />
        </button>
      )}
      {locked !== undefined && <KeyEntry isWrong={locked.problem?.code === "wrong_key"} />}
    </section>
  );
}

function FileRow({ file }: { file: ImportFile }) {
  return (
    <li className="flex items-start gap-3 text-sm" data-testid="import-file">
      <Icon name="document" className="mt-0.5 text-ink-2" />
      <div className="min-w-0 flex-1">
        <bdi className="block font-semibold wrap-anywhere">{file.name}</bdi>
        <span className="text-ink-2">
          {[...file.formats.map(formatName), file.bytes > 0 ? formatBytes(file.bytes) : ""]
            .filter(Boolean)
            .join(" · ")}
        </span>
        {file.problem !== null && (
          <p
            role="alert"
            data-testid="import-file-problem"
            data-code={file.problem.code}
            className="mt-1 rounded-(--radius-m) bg-warn-soft px-3 py-2 wrap-anywhere"
          >
            <Told fault={file.problem} />
          </p>
        )}
      </div>
    </li>
  );
}

/** The key of an encrypted backup: typed, or as its file. It is shown nowhere and kept nowhere. */
function KeyEntry({ isWrong }: { isWrong: boolean }) {
  const { keyFile, phase } = useImport();
  const [key, setKey] = useState("");
  const ids = useId();
  const busy = phase === "looking";
  return (
    <form
      data-testid="import-key"
      className="mt-4 flex flex-col gap-2 border-t border-line pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        void lookWith({ key });
      }}
    >
      <label htmlFor={ids} className="text-sm font-semibold">
        <Trans>Key of the encrypted backup</Trans>
      </label>
      <p id={`${ids}-about`} className="text-sm text-ink-2">
        <Trans>
          The 64 digits that WhatsApp showed when you turned encryption on, or the file named “key” of the
          phone. It is used for this import alone and not kept.
        </Trans>
      </p>
      <div className="flex flex-wrap gap-2">
        <input
          id={ids}
          data-testid="import-key-digits"
          type="password"
          dir="ltr"
          className="input min-w-0 flex-1 basis-60"
          autoComplete="off"
          spellCheck={false}
          value={key}
          aria-describedby={`${ids}-about`}
          aria-invalid={isWrong}
          onChange={(event) => setKey(event.target.value)}
        />
        <button type="submit" className="btn large" disabled={busy || key.trim() === ""}>
          <Trans>Open with it</Trans>
        </button>
        <button type="button" className="btn large" disabled={busy} onClick={() => void chooseKey()}>
          <Trans>Choose the key file…</Trans>
        </button>
      </div>
      {keyFile !== null && (
        <p className="text-sm text-ink-2">
          <Trans>
            Key file: <bdi>{keyFile}</bdi>
          </Trans>
        </p>
      )}
    </form>
  );
}
