import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Icon } from "../parts/icon";
import { KINDS } from "./formats";
import { chooseImport } from "./store";

/** Where files are dropped or chosen, and what can be read. */
export function ChooseCard({ disabled }: { disabled: boolean }) {
  return (
    <section
      aria-label={t`Choose what to import`}
      data-testid="import-choose"
      className="flex flex-col items-center gap-4 rounded-(--radius-l) border-[1.5px] border-dashed border-line-strong bg-surface px-6 py-9 text-center narrow:px-4 narrow:py-6"
    >
      <Icon name="import" className="size-8! text-accent" />
      <div>
        <h2 className="text-lg font-[620]">
          <Trans>Drop files or folders here</Trans>
        </h2>
        <p className="text-ink-2">
          <Trans>
            or anywhere on this window. Nothing is brought in before you have seen what is in them.
          </Trans>
        </p>
      </div>
      <div className="flex flex-wrap justify-center gap-2">
        <button
          type="button"
          data-testid="import-files"
          className="btn primary large"
          disabled={disabled}
          onClick={() => void chooseImport(false)}
        >
          <Trans>Choose files…</Trans>
        </button>
        <button
          type="button"
          data-testid="import-folder"
          className="btn large"
          disabled={disabled}
          onClick={() => void chooseImport(true)}
        >
          <Trans>Choose a folder…</Trans>
        </button>
      </div>
      <ul className="mt-2 grid w-full max-w-[600px] grid-cols-2 gap-x-8 gap-y-3 border-t border-line pt-5 text-start text-sm narrow:grid-cols-1">
        {KINDS().map(({ name, about }) => (
          <li key={name}>
            <strong className="block font-semibold">{name}</strong>
            <span className="text-ink-2">{about}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
