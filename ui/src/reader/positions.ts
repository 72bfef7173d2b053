/** Where a chat was left in this session, and how much of it was unread then. */
export type Left = {
  unread: number;
  /** Its first message in view, and how far that was scrolled past; nothing for the end. */
  place: { id: string; offset: number } | null;
};

export const positions = new Map<string, Left>();
