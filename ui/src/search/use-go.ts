import { useNavigate } from "@tanstack/react-router";
import { jumpTo } from "../app/jump";
import { everywhere } from "./finding";
import type { Choice } from "./quick";

/** Goes to a chat, a person or a message, or looks for what was typed. */
export function useGo(): (choice: Choice) => void {
  const navigate = useNavigate();
  const chat = (chatId: string) =>
    void navigate({ to: "/chats/$chatId", params: { chatId }, state: { takesFocus: true } });
  return (choice) => {
    switch (choice.type) {
      case "chat":
        chat(choice.chat.id);
        break;
      case "person":
        if (choice.person.chat_id !== null) chat(choice.person.chat_id);
        // One with whom there is no chat has perhaps written in groups: their page says in which.
        else void navigate({ to: "/contacts/$personId", params: { personId: choice.person.id } });
        break;
      case "message":
        void navigate({
          to: "/chats/$chatId",
          params: { chatId: choice.hit.chat_id },
          state: { jump: jumpTo(choice.hit, false) },
        });
        break;
      default:
        everywhere.setText(choice.text);
        void navigate({ to: "/search" });
    }
  };
}
