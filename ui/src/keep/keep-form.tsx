import { RadioGroup } from "@base-ui/react/radio-group";
import { t } from "@lingui/core/macro";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { SelectionView } from "../bindings";
import { Choice } from "../parts/choice";
import { Toggle } from "../settings/toggle";
import { ApplyBar } from "./apply-bar";
import { ChatRules } from "./chat-rules";
import { type Draft, sameAsked, toAsked, toDraft, withBase, withChat, withWhich } from "./draft";
import { HowFar } from "./how-far";
import { Pending } from "./pending";
import { choosableQuery } from "./queries";

/** The choice as it is, the choice as it is being made, and what the difference would do. */
export function KeepForm({
  kept,
  heading,
  following,
  inside,
}: {
  kept: SelectionView;
  heading: ReactNode;
  /** What is missing comes by itself. */
  following: boolean;
  /** The account's server is the one inside the app, so that nothing leaves this computer. */
  inside: boolean;
}) {
  // Nothing while nothing was changed: then it is whatever is kept, also when that changes elsewhere.
  const [changed, setChanged] = useState<Draft | null>(null);
  const [now] = useState(Date.now);
  const scroller = useRef<HTMLDivElement>(null);
  const client = useQueryClient();
  const { account_id, pending } = kept;
  // What was on its way is here: the chats have other numbers of messages.
  useEffect(() => {
    if (!pending)
      void client.invalidateQueries({ queryKey: choosableQuery(account_id, "").queryKey.slice(0, 3) });
  }, [client, account_id, pending]);
  const draft = changed ?? toDraft(kept);
  const asked = toAsked(draft);
  const isChanged = changed !== null && !sameAsked(asked, toAsked(toDraft(kept)));
  return (
    <main data-pane="page" className="flex h-full min-h-0 flex-col">
      <div ref={scroller} className="relative min-h-0 flex-1 overflow-y-auto">
        <div className="flex flex-col gap-4.5 px-10 pt-7 pb-4.5 narrow:px-4 narrow:pt-5">
          {heading}
          {kept.pending && <Pending accountId={kept.account_id} following={following} />}
          <section
            aria-label={t`All chats`}
            className="card mx-auto flex w-full max-w-[760px] flex-col gap-4.5"
          >
            <Part title={t`Which chats`}>
              <RadioGroup
                aria-label={t`Which chats`}
                value={draft.which}
                onValueChange={(which) => setChanged(withWhich(draft, which as Draft["which"]))}
                className="flex flex-wrap gap-x-10 gap-y-2"
              >
                <Choice value="all" name={t`All chats`} about={t`New ones come by themselves.`} />
                <Choice
                  value="chosen"
                  name={t`Only chosen chats`}
                  about={t`New ones stay on the server until they are chosen.`}
                />
              </RadioGroup>
            </Part>
            <Part title={t`How far back`}>
              <HowFar
                since={draft.base.since}
                now={now}
                onChange={(since) => setChanged(withBase(draft, { since }))}
              />
            </Part>
            <Toggle
              name={t`Media`}
              checked={draft.base.media}
              onChange={(media) => setChanged(withBase(draft, { media }))}
              testId="keep-media"
              about={t`What is known of pictures, videos, voice messages and files, with their thumbnails. Messages stay in any case.`}
            />
          </section>
          <ChatRules
            accountId={kept.account_id}
            draft={draft}
            now={now}
            scroller={scroller}
            onChange={(chatId, title, rule) => setChanged(withChat(draft, chatId, title, rule))}
          />
        </div>
      </div>
      {isChanged && (
        <ApplyBar
          accountId={kept.account_id}
          asked={asked}
          from={inside ? "what you can read here" : "this computer"}
          onDone={() => setChanged(null)}
          onDiscard={() => setChanged(null)}
        />
      )}
    </main>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <h2 className="mb-2">{title}</h2>
      {children}
    </div>
  );
}
