import type { Message } from "../bindings";
import { withNames } from "../parts/mentioned";
import { linkify, type Piece } from "../reader/linkify";
import { openLink } from "../reader/open-link";
import { From } from "./file-row";

/** So much of the words around a link is shown. */
const WORDS = 240;

/** The links of a message, and what was said with them. */
export function LinkRow({ message, onShow }: { message: Message; onShow: () => void }) {
  const pieces = linkify(withNames(message.text, message.mentions).text);
  const links = unique(pieces.filter((piece) => piece.type === "link"));
  const words = pieces
    .map((piece) => (piece.type === "text" ? piece.text : " … "))
    .join("")
    .replaceAll(/\s+/g, " ")
    .trim();
  return (
    <article className="border-b border-line py-2.5" data-testid="gallery-link">
      {links.map(({ url }) => (
        <button
          key={url}
          type="button"
          title={url}
          className="link line-clamp-2 text-start wrap-anywhere"
          onClick={() => openLink(url)}
        >
          <bdi dir="ltr">{url}</bdi>
        </button>
      ))}
      {/[\p{L}\p{N}]/u.test(words) && (
        <p dir="auto" className="mt-0.5 line-clamp-2 text-sm text-ink-2 wrap-anywhere">
          {words.slice(0, WORDS)}
        </p>
      )}
      <From message={message} onShow={onShow} />
    </article>
  );
}

type Link = Extract<Piece, { type: "link" }>;

function unique(links: readonly Link[]): Link[] {
  const seen = new Set<string>();
  return links.filter(({ url }) => !seen.has(url) && seen.add(url));
}
