// The tables of the client that Threadkeep is measured against: text ids, JSON as text, times as
// integers, an index on seq and one to read a conversation by.

export const tables = `
CREATE TABLE sync_state (
  integration_id INTEGER PRIMARY KEY,
  last_conversation_seq INTEGER NOT NULL DEFAULT 0,
  last_message_seq INTEGER NOT NULL DEFAULT 0,
  last_contact_seq INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE conversations (
  id TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  external_conversation_id TEXT NOT NULL,
  conversation_type TEXT,
  name TEXT,
  is_archived INTEGER,
  is_pinned INTEGER,
  is_muted INTEGER,
  unread_count INTEGER,
  last_message_at INTEGER,
  last_message_preview TEXT,
  platform_metadata TEXT,
  created_at INTEGER,
  updated_at INTEGER
);
CREATE INDEX idx_conversations_seq ON conversations (seq);
CREATE TABLE contacts (
  id TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  external_contact_id TEXT NOT NULL,
  display_name TEXT,
  push_name TEXT,
  phone_number TEXT,
  is_blocked INTEGER,
  platform_metadata TEXT,
  created_at INTEGER,
  updated_at INTEGER
);
CREATE INDEX idx_contacts_seq ON contacts (seq);
CREATE TABLE messages (
  id TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  conversation_id TEXT NOT NULL,
  external_message_id TEXT NOT NULL,
  sender_external_id TEXT,
  sender_display_name TEXT,
  message_type TEXT NOT NULL,
  content TEXT,
  timestamp INTEGER NOT NULL,
  edited_at INTEGER,
  is_from_me INTEGER,
  is_forwarded INTEGER,
  is_starred INTEGER,
  is_deleted INTEGER,
  deleted_at INTEGER,
  reply_to_external_id TEXT,
  reply_to_preview TEXT,
  delivery_status TEXT,
  reactions TEXT,
  edits TEXT,
  sync_source TEXT,
  platform_metadata TEXT,
  created_at INTEGER,
  updated_at INTEGER
);
CREATE INDEX idx_messages_seq ON messages (seq);
CREATE INDEX idx_messages_conversation ON messages (conversation_id, timestamp);
`;

/** Each column of a table with how its value is kept. */
export const columns = {
  conversations: {
    id: "text", seq: "integer", external_conversation_id: "text", conversation_type: "text", name: "text",
    is_archived: "boolean", is_pinned: "boolean", is_muted: "boolean", unread_count: "integer",
    last_message_at: "time", last_message_preview: "text", platform_metadata: "json", created_at: "time",
    updated_at: "time",
  },
  contacts: {
    id: "text", seq: "integer", external_contact_id: "text", display_name: "text", push_name: "text",
    phone_number: "text", is_blocked: "boolean", platform_metadata: "json", created_at: "time",
    updated_at: "time",
  },
  messages: {
    id: "text", seq: "integer", conversation_id: "text", external_message_id: "text",
    sender_external_id: "text", sender_display_name: "text", message_type: "text", content: "text",
    timestamp: "time", edited_at: "time", is_from_me: "boolean", is_forwarded: "boolean",
    is_starred: "boolean", is_deleted: "boolean", deleted_at: "time", reply_to_external_id: "text",
    reply_to_preview: "text", delivery_status: "text", reactions: "json", edits: "json",
    sync_source: "text", platform_metadata: "json", created_at: "time", updated_at: "time",
  },
};
