import type { Excerpt, Message, Quote } from "../bindings";
import type { OnDay } from "./chat-calendar";
import { GapRow } from "./gap-row";
import { DayRow, MessageRow, NewRow } from "./message-row";
import type { Row } from "./rows";

/** Whatever stands in the reader, by what it is. */
export function AnyRow({
  row,
  isGroup,
  marked,
  found,
  now,
  onLoad,
  onJump,
  onDetails,
  onDay,
}: {
  row: Row;
  isGroup: boolean;
  marked: boolean;
  found: Excerpt | undefined;
  now: number;
  onLoad: () => void;
  onJump: (quote: Quote) => void;
  onDetails: (message: Message) => void;
  onDay: OnDay;
}) {
  if (row.type === "day") return <DayRow at={row.at} now={now} onDay={onDay} />;
  if (row.type === "gap") return <GapRow after={row.after} before={row.before} onLoad={onLoad} />;
  if (row.type === "new") return <NewRow count={row.count} />;
  return (
    <MessageRow
      message={row.message}
      first={row.first}
      isGroup={isGroup}
      marked={marked}
      found={found}
      onJump={onJump}
      onDetails={onDetails}
    />
  );
}
