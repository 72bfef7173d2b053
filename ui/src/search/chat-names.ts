// A filter may name a chat by its address, which is its own alone; who reads it is told what the chat is called.
import { useQueries } from "@tanstack/react-query";
import { call } from "../app/call";
import { commands } from "../bindings";

/** What to call the chats of these filters: those by an address by their name, others as they were typed. */
export function useChatNames(texts: readonly string[]): (text: string) => string {
  const addresses = texts.filter((text) => text.includes("@"));
  const found = useQueries({
    queries: addresses.map((address) => ({
      queryKey: ["names", address],
      queryFn: () => call(commands.searchNames(address)),
    })),
  });
  return (text) => {
    const { data } = found[addresses.indexOf(text)] ?? {};
    return data?.chats.find((chat) => chat.jid === text)?.name ?? text;
  };
}
