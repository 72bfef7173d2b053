import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { VList, type VListHandle } from "virtua";
import { toAppError } from "../app/call";
import { formatCount, formatMonth } from "../app/format";
import type { GalleryKind, GalleryPage } from "../bindings";
import { ErrorNote } from "../parts/error-note";
import { FileRow } from "./file-row";
import { LinkRow } from "./link-row";
import { type GalleryRow, rowsOf } from "./months";
import { galleryQuery } from "./queries";
import { Tile } from "./tile";

/** Small pictures in a row. */
const ACROSS = 3;

/** Rows from the end at which the next page is asked for: before anyone can see that it is missing. */
const AHEAD = 12;

/** While the index is behind, how often is looked again. */
const AGAIN = 1_500;

const NONE: Readonly<Record<GalleryKind, MessageDescriptor>> = {
  media: msg`No photos or videos in this chat.`,
  audio: msg`No voice messages or recordings in this chat.`,
  links: msg`No links in this chat.`,
  documents: msg`No documents in this chat.`,
};

/** Pictures, recordings, links or files of a chat, the newest first, by month. */
export function Gallery({
  chatId,
  kind,
  onShow,
}: {
  chatId: string;
  kind: GalleryKind;
  onShow: (messageId: string) => void;
}) {
  const gallery = useInfiniteQuery({
    ...galleryQuery(chatId, kind),
    // What the index has not seen is shown when it has. Who has gone far keeps the ground under their feet.
    refetchInterval: ({ state: { data } }) =>
      data !== undefined && data.pages.length === 1 && (data.pages[0]?.behind ?? 0) > 0 ? AGAIN : false,
  });
  const list = useRef<VListHandle>(null);
  const first = gallery.data?.pages[0];
  const messages = useMemo(() => gallery.data?.pages.flatMap((page) => page.messages) ?? [], [gallery.data]);
  const rows = useMemo(() => rowsOf(messages, kind === "media" ? ACROSS : 1), [messages, kind]);

  const look = () => {
    const shown = list.current;
    if (shown === null || !gallery.hasNextPage || gallery.isFetchingNextPage) return;
    const last = shown.findItemIndex(shown.scrollOffset + shown.viewportSize);
    if (last >= rows.length - AHEAD) void gallery.fetchNextPage();
  };

  // A first page that does not fill the screen has to ask for more without being scrolled.
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at again whenever rows came
  useEffect(look, [rows.length]);

  if (gallery.isError && first === undefined) {
    return (
      <div className="p-4">
        <ErrorNote fault={toAppError(gallery.error)} onRetry={() => void gallery.refetch()} />
      </div>
    );
  }
  if (first === undefined) return <div aria-busy="true" />;
  return (
    <div className="flex h-full flex-col" data-testid="gallery">
      <Counted page={first} loaded={messages.length} isAll={!gallery.hasNextPage} />
      {rows.length === 0 ? (
        <p className="px-6 py-10 text-center text-sm text-ink-2" data-testid="gallery-none">
          {first.behind > 0 ? t`Nothing found so far.` : i18n._(NONE[kind])}
        </p>
      ) : (
        <VList
          ref={list}
          className="always-hit flex-1 px-4 pb-4"
          bufferSize={400}
          data={rows}
          onScroll={look}
        >
          {(row) => <Row key={row.key} row={row} kind={kind} onShow={onShow} />}
        </VList>
      )}
    </div>
  );
}

function Row({
  row,
  kind,
  onShow,
}: {
  row: GalleryRow;
  kind: GalleryKind;
  onShow: (messageId: string) => void;
}) {
  if (row.type === "month") {
    return <h3 className="pt-4 pb-2 text-sm font-semibold text-ink-2">{formatMonth(row.at)}</h3>;
  }
  if (kind === "media") {
    return (
      <div className="grid grid-cols-3 gap-1 pb-1">
        {row.messages.map((message) => (
          <Tile key={message.id} message={message} onShow={() => onShow(message.id)} />
        ))}
      </div>
    );
  }
  return row.messages.map((message) =>
    kind === "links" ? (
      <LinkRow key={message.id} message={message} onShow={() => onShow(message.id)} />
    ) : (
      <FileRow key={message.id} message={message} onShow={() => onShow(message.id)} />
    ),
  );
}

/** How much there is, and whether the index may not have seen all of it. */
function Counted({ page, loaded, isAll }: { page: GalleryPage; loaded: number; isAll: boolean }) {
  const count = formatCount(isAll ? loaded : (page.about ?? loaded));
  return (
    <p role="status" data-testid="gallery-count" className="px-4 pt-3 text-sm text-ink-2 empty:hidden">
      {page.about === null ? (
        <Trans>The search index is being made: what it finds of this chat shows here.</Trans>
      ) : loaded === 0 ? (
        ""
      ) : page.behind > 0 ? (
        <Trans>{count} so far: new messages are still being indexed.</Trans>
      ) : page.more && !isAll ? (
        <Trans>More than {count}</Trans>
      ) : (
        <Trans>{count} in all</Trans>
      )}
    </p>
  );
}
