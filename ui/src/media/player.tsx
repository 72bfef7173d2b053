import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useEffect, useRef, useState } from "react";
import { formatCount } from "../app/format";
import type { Media } from "../bindings";
import { addressOf, MOST_IN_MEMORY, playsFromMemory } from "./address";
import { FileActions } from "./file-actions";
import { isPicture } from "./small";
import { useStall } from "./stall";

const SPEEDS = [1, 1.5, 2] as const;

/** Plays a film or a sound that is here, or says why it cannot. */
export function Player({ media, autoPlay = false }: { media: Media; autoPlay?: boolean }) {
  const isFilm = media.media_type === "video";
  const player = useRef<HTMLMediaElement>(null);
  const [speed, setSpeed] = useState<number>(1);
  const [isDead, setDead] = useState(false);
  const source = useSource(media, () => setDead(true));
  const { isStuck, watch } = useStall(player, autoPlay && source !== null);
  useEffect(() => {
    if (player.current !== null) player.current.playbackRate = speed;
  }, [speed]);
  if (isDead) return <Unplayed media={media} />;
  const about = {
    controls: true,
    preload: "metadata",
    autoPlay,
    ref: (element: HTMLMediaElement | null) => {
      player.current = element;
    },
    ...(source !== null && { src: source }),
    ...watch,
    onError: () => setDead(true),
    onLoadedMetadata: () => {
      if (player.current !== null) player.current.playbackRate = speed;
    },
    "data-testid": "player",
  };
  const next = SPEEDS[(SPEEDS.indexOf(speed as 1) + 1) % SPEEDS.length] ?? 1;
  return (
    <span className={isFilm ? "film" : "sound"} data-stuck={isStuck || undefined}>
      {isFilm ? (
        <video {...about} {...(isPicture(media.thumbnail) && { poster: media.thumbnail })} />
      ) : (
        <audio {...about} aria-label={t`Recording`} />
      )}
      <button
        type="button"
        className="speed"
        aria-label={t`Speed: ${formatCount(speed)} times`}
        onClick={() => setSpeed(next)}
      >
        {formatCount(speed)}×
      </button>
      {isStuck && <Unplayed media={media} isStuck />}
    </span>
  );
}

/** Why nothing is seen or heard, and what else can be done with the file. */
function Unplayed({ media, isStuck = false }: { media: Media; isStuck?: boolean }) {
  const isFilm = media.media_type === "video";
  return (
    <span className="unplayed" role="status" data-testid="unplayed" data-stuck={isStuck}>
      {isStuck ? (
        isFilm ? (
          <Trans>The film stands still. Another program on this computer may play it.</Trans>
        ) : (
          <Trans>The recording stands still. Another program on this computer may play it.</Trans>
        )
      ) : isFilm ? (
        <Trans>This film cannot be played here. Another program on this computer may play it.</Trans>
      ) : (
        <Trans>This recording cannot be played here. Another program on this computer may play it.</Trans>
      )}
      <FileActions id={media.id} canOpen openWords={t`Open in another program`} />
    </span>
  );
}

/** Where the player reads from. What goes through memory is let go of with the player. */
function useSource(media: Media, onFault: () => void): string | null {
  const direct = !playsFromMemory || (media.bytes ?? 0) > MOST_IN_MEMORY;
  const [held, setHeld] = useState<string | null>(null);
  const fault = useRef(onFault);
  fault.current = onFault;
  useEffect(() => {
    if (direct) return;
    const stop = new AbortController();
    let made: string | null = null;
    fetch(addressOf(media.id), { signal: stop.signal })
      .then((answer) => (answer.ok ? answer.blob() : Promise.reject(new Error(String(answer.status)))))
      .then((bytes) => {
        if (stop.signal.aborted) return;
        made = URL.createObjectURL(bytes);
        setHeld(made);
      })
      .catch(() => {
        if (!stop.signal.aborted) fault.current();
      });
    return () => {
      stop.abort();
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [media.id, direct]);
  return direct ? addressOf(media.id) : held;
}
