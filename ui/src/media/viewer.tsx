import { Dialog } from "@base-ui/react/dialog";
import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import { call } from "../app/call";
import { formatMoment } from "../app/format";
import { commands, type Media, type Message } from "../bindings";
import { Icon } from "../parts/icon";
import { kindName } from "../parts/kinds";
import { spelledOut } from "../parts/mentioned";
import { addressOf } from "./address";
import { Fetch } from "./fetch";
import { FileActions } from "./file-actions";
import { Player } from "./player";
import { isPicture } from "./small";

type Seen = { media: Media; caption: string; message: Message | null };

/** How often the picture is as large as it fits. */
const STEPS = [1, 1.5, 2, 3, 4] as const;

/** A picture or film by itself, over everything; the arrows lead to those before and after it in its chat. */
export function Viewer({ media, caption, onClose }: { media: Media; caption: string; onClose: () => void }) {
  const [seen, setSeen] = useState<Seen>({ media, caption, message: null });
  const [step, setStep] = useState(0);
  const id = seen.media.id;
  const beside = useQuery({
    queryKey: ["media", "beside", id],
    queryFn: () => call(commands.mediaBeside(id)),
    // Its neighbour may have come since.
    staleTime: 0,
  });
  const older = beside.data?.older ?? null;
  const newer = beside.data?.newer ?? null;
  const go = (message: Message | null) => {
    if (message?.media == null) return;
    setStep(0);
    setSeen({ media: message.media, caption: spelledOut(message.text, message.mentions), message });
  };
  const zoom = (by: number) => setStep((before) => Math.min(STEPS.length - 1, Math.max(0, before + by)));
  const onKey = (event: KeyboardEvent) => {
    // A player's own keys are the player's.
    if (event.target instanceof HTMLMediaElement || event.ctrlKey || event.metaKey || event.altKey) return;
    const isBackwards = document.dir === "rtl";
    const back = isBackwards ? "ArrowRight" : "ArrowLeft";
    const forth = isBackwards ? "ArrowLeft" : "ArrowRight";
    if (event.key === back) go(older);
    else if (event.key === forth) go(newer);
    else if (event.key === "+" || event.key === "=") zoom(1);
    else if (event.key === "-") zoom(-1);
    else if (event.key === "0") setStep(0);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const isFilm = seen.media.media_type === "video";
  const name = kindName(seen.media.media_type)?.words ?? t`File`;
  const alt = seen.caption === "" ? name : t`${name}: ${seen.caption}`;
  const scale = STEPS[step] ?? 1;
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="viewer-backdrop" />
        <Dialog.Popup className="viewer" data-testid="viewer" onKeyDown={onKey}>
          <Dialog.Title className="sr-only">{alt}</Dialog.Title>
          <div className="viewer-bar">
            <span className="min-w-0 grow truncate">
              {seen.message !== null && (
                <>
                  <bdi>{seen.message.from_me ? t`You` : (seen.message.sender?.name ?? "")}</bdi>
                  {" · "}
                  {formatMoment(seen.message.at)}
                </>
              )}
            </span>
            {!isFilm && (
              <>
                <button type="button" aria-label={t`Smaller`} disabled={step === 0} onClick={() => zoom(-1)}>
                  <Icon name="minus" />
                </button>
                <button
                  type="button"
                  aria-label={t`Larger`}
                  data-testid="viewer-larger"
                  disabled={step === STEPS.length - 1}
                  onClick={() => zoom(1)}
                >
                  <Icon name="plus" />
                </button>
              </>
            )}
            {seen.media.state === "here" && <FileActions key={id} id={id} canOpen />}
            <Dialog.Close aria-label={t`Close`} data-testid="viewer-close">
              <Icon name="close" />
            </Dialog.Close>
          </div>
          <div className="viewer-stage">
            {seen.media.state === "here" ? (
              isFilm ? (
                <Player key={id} media={seen.media} autoPlay />
              ) : (
                <img
                  key={id}
                  src={addressOf(id)}
                  alt={alt}
                  draggable={false}
                  data-testid="viewer-picture"
                  style={{ width: scale === 1 ? undefined : `${scale * 100}%` }}
                  className={scale === 1 ? "fits" : "zoomed"}
                  onDoubleClick={() => setStep(step === 0 ? 2 : 0)}
                />
              )
            ) : (
              <span className="viewer-away">
                {isPicture(seen.media.thumbnail) && <img src={seen.media.thumbnail} alt={alt} />}
                <Fetch media={seen.media} />
              </span>
            )}
          </div>
          {older !== null && (
            <button
              type="button"
              className="viewer-side start"
              aria-label={t`The picture before`}
              data-testid="viewer-older"
              onClick={() => go(older)}
            >
              <Icon name="back" className="rtl:-scale-x-100" />
            </button>
          )}
          {newer !== null && (
            <button
              type="button"
              className="viewer-side end"
              aria-label={t`The picture after`}
              data-testid="viewer-newer"
              onClick={() => go(newer)}
            >
              <Icon name="back" className="-scale-x-100 rtl:scale-x-100" />
            </button>
          )}
          {seen.caption !== "" && (
            <p className="viewer-caption" dir="auto">
              {seen.caption}
            </p>
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
