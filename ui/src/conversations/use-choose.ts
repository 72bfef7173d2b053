// What is chosen for a chat on this computer alone: pinned, archived, muted, read.
import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call, toAppError } from "../app/call";
import { brief } from "../app/errors";
import { type ChatChoice, commands } from "../bindings";
import { notify } from "../parts/notice";

/** Chooses, shows it, and says that the phone knows nothing of it. */
export function useChoose(): (id: string, choice: ChatChoice) => void {
  const client = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: ({ id, choice }: { id: string; choice: ChatChoice }) => call(commands.chatChoose(id, choice)),
    onSuccess: async (_, { id, choice }) => {
      notify(said(choice));
      await Promise.all([
        client.invalidateQueries({ queryKey: ["chats", "list"] }),
        client.invalidateQueries({ queryKey: ["chats", "one", id] }),
      ]);
    },
    onError: (fault) => notify(brief(toAppError(fault))),
  });
  return (id, choice) => mutate({ id, choice });
}

function said(choice: ChatChoice): string {
  switch (choice) {
    case "pin":
      return t`Pinned on this computer`;
    case "unpin":
      return t`No longer pinned on this computer`;
    case "archive":
      return t`Archived on this computer`;
    case "unarchive":
      return t`Taken out of the archive on this computer`;
    case "mute":
      return t`Muted on this computer`;
    case "unmute":
      return t`No longer muted on this computer`;
    default:
      return t`Marked as read on this computer`;
  }
}
