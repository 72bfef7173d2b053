import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "../app/call";
import { commands, type GalleryKind } from "../bindings";

/** Things in one page: some screens of small pictures. */
const THINGS_IN_A_PAGE = 60;

export const detailsQuery = (chatId: string) =>
  queryOptions({
    queryKey: ["details", chatId],
    queryFn: () => call(commands.chatDetails(chatId)),
  });

export const galleryQuery = (chatId: string, kind: GalleryKind) =>
  infiniteQueryOptions({
    queryKey: ["gallery", chatId, kind],
    queryFn: ({ pageParam }) => call(commands.galleryList(chatId, kind, pageParam, THINGS_IN_A_PAGE)),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
