import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { call, toAppError } from "../app/call";
import { entryFor } from "../app/errors";
import { type Account, commands } from "../bindings";
import { CoreWords } from "../parts/core-words";

/** Address and token, tested on the spot. What is wrong is said in words, below the fields. */
export function ConnectForm({
  onConnected,
  onCancel,
}: {
  onConnected: (accounts: Account[]) => unknown;
  onCancel: () => void;
}) {
  const ids = useId();
  const [address, setAddress] = useState("");
  const [token, setToken] = useState("");
  const connect = useMutation({
    mutationFn: () => call(commands.accountConnect(address.trim(), token.trim())),
    onSuccess: onConnected,
  });
  const fault = connect.isError ? toAppError(connect.error) : null;
  const describedBy = fault === null ? undefined : `${ids}-error`;
  return (
    <form
      className="flex flex-1 flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (!connect.isPending) connect.mutate();
      }}
    >
      <label className="block text-sm font-medium" htmlFor={`${ids}-address`}>
        <Trans>Address</Trans>
        <input
          id={`${ids}-address`}
          data-testid="server-address"
          className="input mt-1 font-normal"
          type="text"
          inputMode="url"
          placeholder="https://sync.example.org"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          required
          // biome-ignore lint/a11y/noAutofocus: the person just asked for this field
          autoFocus
          value={address}
          aria-describedby={describedBy}
          aria-invalid={fault !== null}
          onChange={(event) => setAddress(event.target.value)}
        />
      </label>
      <label className="block text-sm font-medium" htmlFor={`${ids}-token`}>
        <Trans>Token</Trans>
        <input
          id={`${ids}-token`}
          data-testid="server-token"
          className="input mt-1 font-normal"
          type="password"
          autoComplete="off"
          spellCheck={false}
          required
          value={token}
          aria-describedby={describedBy}
          aria-invalid={fault !== null}
          onChange={(event) => setToken(event.target.value)}
        />
      </label>
      {fault !== null && (
        <p
          id={`${ids}-error`}
          role="alert"
          data-testid="connect-error"
          data-code={fault.code}
          className="rounded-(--radius-m) bg-bad-soft px-3 py-2 text-sm wrap-anywhere"
        >
          <strong className="block font-semibold">{entryFor(fault.code).headline}</strong>
          <CoreWords message={fault.message} />
        </p>
      )}
      <div className="mt-auto flex flex-wrap gap-2 pt-1">
        <button
          type="submit"
          data-testid="connect-submit"
          className="btn primary"
          disabled={connect.isPending}
        >
          {connect.isPending ? t`Testing…` : t`Connect`}
        </button>
        <button type="button" className="btn" onClick={onCancel}>
          <Trans>Cancel</Trans>
        </button>
      </div>
    </form>
  );
}
