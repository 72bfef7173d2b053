import { Popover } from "@base-ui/react/popover";
import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { formatCount } from "../app/format";
import type { Reaction } from "../bindings";
import { Popup } from "../parts/popup";

/** What people answered with a sign; who they were is one click away. */
export function Reactions({ reactions }: { reactions: readonly Reaction[] }) {
  const groups = group(reactions);
  const all = reactions.map((each) => `${each.emoji} ${nameOf(each)}`).join(", ");
  return (
    <Popover.Root>
      <Popover.Trigger className="reactions" title={all}>
        <span className="sr-only">
          <Trans>Reactions</Trans>:{" "}
        </span>
        {[...groups].map(([emoji, people]) => (
          <span key={emoji}>
            {emoji}
            {people.length > 1 && <span className="ms-1">{formatCount(people.length)}</span>}
          </span>
        ))}
      </Popover.Trigger>
      <Popup title={t`Reactions`}>
        <ul>
          {reactions.map((each) => (
            <li key={`${each.sender} ${each.emoji}`} className="flex items-baseline gap-2 py-0.5">
              <span>{each.emoji}</span>
              <bdi>{nameOf(each)}</bdi>
            </li>
          ))}
        </ul>
      </Popup>
    </Popover.Root>
  );
}

function nameOf(reaction: Reaction): string {
  return reaction.sender_name === "me" ? t`You` : reaction.sender_name;
}

function group(reactions: readonly Reaction[]): Map<string, Reaction[]> {
  const groups = new Map<string, Reaction[]>();
  for (const each of reactions) groups.set(each.emoji, [...(groups.get(each.emoji) ?? []), each]);
  return groups;
}
