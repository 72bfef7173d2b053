import { t } from "@lingui/core/macro";
import { formatMoment, formatRowTime } from "../app/format";
import type { Message } from "../bindings";
import { Icon } from "../parts/icon";
import { spelledOut } from "../parts/mentioned";
import { useNow } from "../parts/use-now";
import { MediaBox } from "../reader/media-box";

/** A file or a recording, as the reader shows it, with who sent it and when. */
export function FileRow({ message, onShow }: { message: Message; onShow: () => void }) {
  return (
    <article className="border-b border-line py-2.5" data-testid="gallery-file">
      <MediaBox
        media={message.media}
        kind={message.kind}
        caption={spelledOut(message.text, message.mentions)}
      />
      <From message={message} onShow={onShow} />
    </article>
  );
}

/** Who sent it and when, and the way to it in the chat. */
export function From({ message, onShow }: { message: Message; onShow: () => void }) {
  const now = useNow();
  const who = message.from_me ? t`You` : (message.sender?.name ?? "");
  return (
    <p className="mt-1 flex items-center gap-2 text-sm text-ink-2">
      <span className="min-w-0 flex-1 truncate">
        <bdi>{who}</bdi>
        {who !== "" && " · "}
        <time title={formatMoment(message.at)}>{formatRowTime(message.at, now)}</time>
      </span>
      <button
        type="button"
        data-testid="gallery-show"
        data-message-id={message.id}
        aria-label={t`Show the message in the chat`}
        title={t`Show in the chat`}
        className="grid size-7 flex-none place-items-center rounded-[8px] hover:bg-sunken hover:text-ink"
        onClick={onShow}
      >
        <Icon name="chat" className="size-4!" />
      </button>
    </p>
  );
}
