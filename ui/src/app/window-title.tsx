import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useLocation, useParams } from "@tanstack/react-router";
import { chatQuery } from "./queries";

const APP = "Threadkeep";

/** What the system calls the window: the open chat or page, and the app. The shell hands it on. */
export function WindowTitle() {
  const { chatId } = useParams({ strict: false });
  const { pathname } = useLocation();
  const chat = useQuery({ ...chatQuery(chatId ?? ""), enabled: chatId !== undefined });
  const name = chatId === undefined ? pageName(pathname) : (chat.data?.name ?? "");
  return <title>{name === "" ? APP : `${name} – ${APP}`}</title>;
}

function pageName(pathname: string): string {
  if (pathname.startsWith("/chats")) return t`Chats`;
  if (pathname.startsWith("/search")) return t`Search`;
  if (pathname.startsWith("/contacts")) return t`Contacts`;
  if (pathname.startsWith("/sync")) return t`Sync`;
  return pathname.startsWith("/settings") ? t`Settings` : "";
}
