import { t } from "@lingui/core/macro";
import { formatLength, formatMoment } from "../app/format";
import type { Message } from "../bindings";
import { Icon } from "../parts/icon";
import { kindName } from "../parts/kinds";
import { spelledOut } from "../parts/mentioned";

/** A picture or video, as small as it is here; one that is not here says what it is. */
export function Tile({ message, onShow }: { message: Message; onShow: () => void }) {
  const { media } = message;
  const name = kindName(media?.media_type ?? message.kind) ?? kindName("image");
  const who = message.from_me ? t`You` : (message.sender?.name ?? "");
  const length = media?.seconds == null ? "" : formatLength(media.seconds);
  const words = [
    name?.words ?? "",
    length,
    who,
    formatMoment(message.at),
    spelledOut(message.text, message.mentions).slice(0, 120),
  ];
  const thumbnail = media?.thumbnail ?? null;
  const isSound = thumbnail !== null && /^data:image\/(?:jpeg|png|webp|gif);base64,/.test(thumbnail);
  return (
    <button
      type="button"
      data-testid="gallery-tile"
      data-message-id={message.id}
      aria-label={words.filter((each) => each !== "").join(", ")}
      title={[who, formatMoment(message.at)].filter((each) => each !== "").join(" · ")}
      className="relative grid aspect-square place-items-center overflow-hidden rounded-[6px] bg-sunken text-ink-3 hover:brightness-95"
      onClick={onShow}
    >
      {isSound ? (
        <img src={thumbnail} alt="" draggable={false} className="size-full object-cover" />
      ) : (
        name !== null && <Icon name={name.icon} className="size-7!" />
      )}
      {length !== "" && (
        <span className="absolute end-1 bottom-1 rounded bg-black/65 px-1 text-xs text-white">{length}</span>
      )}
    </button>
  );
}
