import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useEffect } from "react";
import { formatBytes, formatLength } from "../app/format";
import { commands, type Media } from "../bindings";
import { Fetch } from "../media/fetch";
import { FileActions } from "../media/file-actions";
import { Picture } from "../media/picture";
import { Player } from "../media/player";
import { Icon } from "../parts/icon";
import { type KindName, kindName } from "../parts/kinds";

/** Rows that are only scrolled past are gone sooner. */
const LOOK = 400;

/** A file that came with a message: itself where it is here, else what it is and how to get it. */
export function MediaBox({ media, kind, caption }: { media: Media | null; kind: string; caption: string }) {
  const type = media?.media_type ?? kind;
  const name = kindName(type) ?? { words: t`File`, icon: "document" };
  useLook(media);
  if (media === null) return <Unknown name={name} />;
  if (type === "image" || type === "video" || type === "sticker") {
    return <Picture media={media} name={name} caption={caption} />;
  }
  const isSound = type === "audio" || type === "voice";
  const title = media.file_name !== "" && type !== "voice" ? media.file_name : name.words;
  return (
    <div className="thing" data-testid="file" data-state={media.state}>
      <span className="badge">{isSound ? <Icon name={name.icon} /> : <b>{extension(media)}</b>}</span>
      <span className="min-w-0 grow">
        <bdi className="block font-medium wrap-anywhere">{title}</bdi>
        <small className="block text-sm text-ink-2">{about(media)}</small>
        {media.state === "here" ? (
          isSound ? (
            <Player media={media} />
          ) : (
            <FileActions id={media.id} canOpen={canOpen(media)} />
          )
        ) : (
          <Fetch media={media} />
        )}
      </span>
    </div>
  );
}

/** What stays on the screen for a moment is looked at, and comes before the rest if it comes by itself. */
function useLook(media: Media | null): void {
  const id = media?.state === "on_server" ? media.id : null;
  useEffect(() => {
    if (id === null) return;
    // A failure shows where the file itself is asked for.
    const timer = setTimeout(() => void commands.mediaLook(id).catch(() => {}), LOOK);
    return () => clearTimeout(timer);
  }, [id]);
}

function Unknown({ name }: { name: KindName }) {
  return (
    <div className="thing">
      <span className="badge">
        <Icon name={name.icon} />
      </span>
      <span className="min-w-0">
        <span className="block font-medium">{name.words}</span>
        <small className="block text-sm text-ink-2">
          <Trans>nothing more is known of it</Trans>
        </small>
      </span>
    </div>
  );
}

/** Length and size, as far as they are known. */
function about(media: Media): string {
  const parts: string[] = [];
  if (media.seconds !== null) parts.push(formatLength(media.seconds));
  if (media.bytes !== null && media.bytes > 0) parts.push(formatBytes(media.bytes));
  return parts.join(" · ");
}

/** Programs, pages and archives are saved, never opened; the core refuses what only pretends to be a document. */
function canOpen(media: Media): boolean {
  return /\.(?:pdf|txt|csv|md|rtf|docx?|odt|xlsx?|ods|pptx?|odp|epub|ics|vcf|heic|jpe?g|png|gif|webp|mp4|mp3|ogg|wav|m4a|webm)$/i.test(
    media.file_name,
  );
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
