import { t } from "@lingui/core/macro";
import { formatBytes, formatLength } from "../app/format";
import type { Media } from "../bindings";
import { Icon } from "../parts/icon";
import { type KindName, kindName } from "../parts/kinds";
import { roomFor } from "./room";

/** A file that came with a message: what it is, how large, and whether its bytes are here. */
export function MediaBox({ media, kind, caption }: { media: Media | null; kind: string; caption: string }) {
  const type = media?.media_type ?? kind;
  const name = kindName(type) ?? { words: t`File`, icon: "document" };
  if (type === "image" || type === "video" || type === "sticker") {
    return <Picture media={media} name={name} caption={caption} isSticker={type === "sticker"} />;
  }
  const title =
    type === "document" && media !== null && media.file_name !== "" ? media.file_name : name.words;
  return (
    <div className="thing">
      <span className="badge">
        {type === "document" && media !== null ? <b>{extension(media)}</b> : <Icon name={name.icon} />}
      </span>
      <span className="min-w-0">
        <bdi className="block font-medium wrap-anywhere">{title}</bdi>
        <small className="block text-sm text-ink-2">{state(media)}</small>
      </span>
    </div>
  );
}

function Picture({
  media,
  name,
  caption,
  isSticker,
}: {
  media: Media | null;
  name: KindName;
  caption: string;
  isSticker: boolean;
}) {
  const size = roomFor(media?.width ?? null, media?.height ?? null, isSticker ? 140 : 320);
  const thumbnail = media?.thumbnail ?? null;
  const isSound = thumbnail !== null && /^data:image\/(?:jpeg|png|webp|gif);base64,/.test(thumbnail);
  return (
    <figure className="picture" style={{ width: size.width }}>
      <div className="frame" style={{ aspectRatio: `${size.width} / ${size.height}` }}>
        {isSound ? (
          <img
            src={thumbnail}
            alt={caption === "" ? name.words : `${name.words}: ${caption}`}
            draggable={false}
          />
        ) : (
          <span className="empty">
            <Icon name={name.icon} className="size-7!" />
            {name.words}
          </span>
        )}
      </div>
      {!isSticker && <figcaption>{isSound ? `${name.words} · ${state(media)}` : state(media)}</figcaption>}
    </figure>
  );
}

/** Length, size, and where the bytes are: they stay on the server until somebody asks for them. */
function state(media: Media | null): string {
  if (media === null) return t`nothing more is known of it`;
  const parts: string[] = [];
  if (media.seconds !== null) parts.push(formatLength(media.seconds));
  if (media.bytes !== null && media.bytes > 0) parts.push(formatBytes(media.bytes));
  parts.push(media.on_server ? t`on the server, not downloaded` : t`not downloaded`);
  return parts.join(" · ");
}

function extension(media: Media): string {
  const fromName = /\.([a-z0-9]{1,5})$/i.exec(media.file_name)?.[1];
  const fromType = media.mime_type
    .split("/")[1]
    ?.split(/[.+;-]/)
    .at(-1);
  const found = fromName ?? fromType ?? "file";
  return (found.length > 4 ? found.slice(0, 4) : found).toUpperCase();
}
