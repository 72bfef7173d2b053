import { call, toAppError } from "../app/call";
import { commands } from "../bindings";

/** The local id of a message by the platform's, however far back it lies; nothing where it is not here. */
export async function findMessage(chatId: string, externalId: string): Promise<string | null> {
  try {
    const page = await call(commands.messageList(chatId, { at: "around", value: externalId }, 1));
    return page.messages[0]?.id ?? null;
  } catch (fault) {
    if (toAppError(fault).code === "bad_cursor") return null;
    throw fault;
  }
}
