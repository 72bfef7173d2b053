import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { formatLength } from "../app/format";
import type { Media } from "../bindings";
import { Icon } from "../parts/icon";
import type { KindName } from "../parts/kinds";
import { addressOf } from "./address";
import { Fetch } from "./fetch";
import { roomFor } from "./room";
import { isPicture } from "./small";
import { Viewer } from "./viewer";

/** A picture, film or sticker: its room from the start, its small picture until it is here, then itself. */
export function Picture({ media, name, caption }: { media: Media; name: KindName; caption: string }) {
  const [isOpen, setOpen] = useState(false);
  const isSticker = media.media_type === "sticker";
  const isFilm = media.media_type === "video";
  const size = roomFor(media.width, media.height, isSticker ? 140 : 320);
  const isHere = media.state === "here";
  const alt = caption === "" ? name.words : t`${name.words}: ${caption}`;
  const inside = (
    <>
      <Preview key={media.state} media={media} name={name} alt={alt} isShown={isHere && !isFilm} />
      {isFilm && (
        <span className="play">
          <Icon name="play" className="size-6!" />
        </span>
      )}
      {isFilm && media.seconds !== null && <span className="length">{formatLength(media.seconds)}</span>}
    </>
  );
  return (
    <figure className="picture" style={{ width: size.width }} data-testid="picture" data-state={media.state}>
      <div className="frame" style={{ aspectRatio: `${size.width} / ${size.height}` }}>
        {isHere && !isSticker ? (
          <button
            type="button"
            className="whole"
            data-testid="picture-open"
            aria-label={isFilm ? t`Play ${alt}` : t`Open ${alt}`}
            onClick={() => setOpen(true)}
          >
            {inside}
          </button>
        ) : (
          inside
        )}
        {!isHere && <Fetch media={media} />}
      </div>
      {isOpen && <Viewer media={media} caption={caption} onClose={() => setOpen(false)} />}
    </figure>
  );
}

/** The small picture, out of focus, and the picture itself over it when it has come. */
function Preview({
  media,
  name,
  alt,
  isShown,
}: {
  media: Media;
  name: KindName;
  alt: string;
  isShown: boolean;
}) {
  const [loaded, setLoaded] = useState<"no" | "yes" | "never">("no");
  const small = isPicture(media.thumbnail) ? media.thumbnail : null;
  return (
    <>
      {small !== null && loaded !== "yes" && (
        <img src={small} alt={isShown ? "" : alt} className="small" draggable={false} />
      )}
      {small === null && loaded !== "yes" && (
        <span className="empty">
          <Icon name={name.icon} className="size-7!" />
          {name.words}
        </span>
      )}
      {isShown && loaded !== "never" && (
        <img
          src={addressOf(media.id)}
          alt={alt}
          className="full"
          data-testid="picture-full"
          draggable={false}
          decoding="async"
          onLoad={() => setLoaded("yes")}
          onError={() => setLoaded("never")}
        />
      )}
      {loaded === "never" && (
        <span className="fetch" data-testid="picture-unshown">
          <Trans>This picture cannot be shown here</Trans>
        </span>
      )}
    </>
  );
}
