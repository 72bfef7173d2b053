import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import type { Excerpt, Message, Poll } from "../bindings";
import { Avatar } from "../parts/avatar";
import { Icon } from "../parts/icon";
import { spelledOut } from "../parts/mentioned";
import { MediaBox } from "./media-box";
import { Meta } from "./meta";
import { openLink } from "./open-link";
import { Text } from "./text";

/** What the core calls a message that never could be read. */
const SEALED = "CIPHERTEXT";

/** Where the words of a message stand in the page. */
export function wordsId(message: Message): string {
  return `words-${message.id}`;
}

/** What a message brings, by its kind. Whatever it is, something honest stands in its place. */
export function Body({
  message,
  found,
  onDetails,
}: {
  message: Message;
  found?: Excerpt | undefined;
  onDetails: (message: Message) => void;
}) {
  if (message.deleted) {
    return (
      <div>
        <span id={wordsId(message)} className="gone" data-testid="message-text">
          <Trans>This message was deleted</Trans>
        </span>
        <Meta message={message} />
      </div>
    );
  }
  return (
    <>
      <Thing message={message} onDetails={onDetails} />
      <Words message={message} found={found} />
    </>
  );
}

function Thing({ message, onDetails }: { message: Message; onDetails: (message: Message) => void }) {
  const { media, place, poll, cards, kind } = message;
  if (place !== null) return <PlaceBox place={place} />;
  if (cards.length > 0) return <Cards cards={cards} />;
  if (kind === "unknown") {
    return (
      <div className="unknown">
        <Icon name="puzzle" />
        <span>
          {message.unknown_kind === SEALED ? (
            <Trans>A message that the linked device could not decrypt. Its words never came.</Trans>
          ) : (
            <Trans>A kind of message that Threadkeep does not understand yet. It is kept.</Trans>
          )}
          {message.unknown_kind !== null && (
            <code className="ms-1.5" data-testid="unknown-kind">
              {message.unknown_kind}
            </code>
          )}{" "}
          <button type="button" className="link" data-testid="view-raw" onClick={() => onDetails(message)}>
            <Trans>View raw</Trans>
          </button>
        </span>
      </div>
    );
  }
  if (media !== null)
    return <MediaBox media={media} kind={kind} caption={spelledOut(message.text, message.mentions)} />;
  if (
    kind === "image" ||
    kind === "video" ||
    kind === "audio" ||
    kind === "voice" ||
    kind === "document" ||
    kind === "sticker"
  ) {
    return <MediaBox media={null} kind={kind} caption={spelledOut(message.text, message.mentions)} />;
  }
  if (kind === "poll" && poll === null) return <Label icon="poll" words={t`Poll`} />;
  if (kind === "location") return <Label icon="place" words={t`Location`} />;
  if (kind === "contact") return <Label icon="person" words={t`Contact`} />;
  return null;
}

/** The text or caption with the small line at its end; a poll's answers stand between the two. */
function Words({ message, found }: { message: Message; found: Excerpt | undefined }) {
  const { text, poll, place, cards, media } = message;
  const repeats =
    (place !== null && (text === place.name || text === place.address)) ||
    cards.some((card) => card.name === text) ||
    (media !== null && media.media_type === "document" && media.file_name === text);
  if (text === "" || repeats) {
    return (
      <>
        {poll !== null && <Options poll={poll} />}
        <Meta message={message} alone />
      </>
    );
  }
  if (poll !== null) {
    return (
      <>
        <div dir="auto" className="font-semibold">
          <Text
            id={wordsId(message)}
            text={text}
            found={found}
            mentions={message.mentions}
            spans={message.spans}
          />
        </div>
        <Options poll={poll} />
        <Meta message={message} alone />
      </>
    );
  }
  return (
    <div dir="auto">
      <Text
        id={wordsId(message)}
        text={text}
        found={found}
        mentions={message.mentions}
        spans={message.spans}
      />
      <Meta message={message} />
    </div>
  );
}

function PlaceBox({ place }: { place: NonNullable<Message["place"]> }) {
  const { latitude, longitude } = place;
  const coordinates = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  const map = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
  return (
    <div className="thing">
      <span className="badge">
        <Icon name="place" />
      </span>
      <span className="min-w-0">
        <bdi className="block font-medium">{place.name === "" ? t`Location` : place.name}</bdi>
        {place.address !== "" && <bdi className="block text-sm text-ink-2">{place.address}</bdi>}
        <button type="button" className="link text-sm" title={map} onClick={() => openLink(map)}>
          {coordinates}
        </button>
      </span>
    </div>
  );
}

function Cards({ cards }: { cards: Message["cards"] }) {
  return cards.map((card) => (
    <div key={`${card.name} ${card.phone}`} className="thing">
      <Avatar name={card.name} seed={card.phone === "" ? card.name : card.phone} size={38} />
      <span className="min-w-0">
        <bdi className="block font-medium">{card.name === "" ? t`A contact` : card.name}</bdi>
        <span className="block text-sm text-ink-2 select-text">
          {card.phone === "" ? t`No telephone number` : <bdi>{card.phone}</bdi>}
        </span>
      </span>
    </div>
  ));
}

function Options({ poll: { options, votes, several } }: { poll: Poll }) {
  const most = Math.max(1, ...votes);
  return (
    <>
      <p className="text-xs text-ink-2">
        {several ? <Trans>One or more answers</Trans> : <Trans>One answer</Trans>}
      </p>
      <ul className="options" aria-label={t`Answers to choose from`}>
        {options.map((option, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the answers of a poll never move, and two may be alike
          <li key={index}>
            <span className="flex items-baseline gap-3">
              <span dir="auto" className="min-w-0 flex-1">
                {option}
              </span>
              {votes[index] !== undefined && (
                <span className="text-sm text-ink-2">
                  <Plural value={votes[index]} one="# vote" other="# votes" />
                </span>
              )}
            </span>
            {votes[index] !== undefined && (
              <span className="votes" aria-hidden="true">
                <span style={{ width: `${(100 * votes[index]) / most}%` }} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function Label({ icon, words }: { icon: "poll" | "place" | "person"; words: string }) {
  return (
    <div className="thing">
      <span className="badge">
        <Icon name={icon} />
      </span>
      <span className="font-medium">{words}</span>
    </div>
  );
}
