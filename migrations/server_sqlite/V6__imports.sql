-- What a person imported, who knows what, and what can be taken back.

CREATE TABLE imports (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  integration_id INTEGER NOT NULL REFERENCES integrations (id),
  format TEXT NOT NULL DEFAULT '',
  -- Names without their folders, as JSON.
  inputs TEXT NOT NULL DEFAULT '[]',
  options TEXT NOT NULL DEFAULT '{}',
  state TEXT NOT NULL DEFAULT 'running' CHECK (
    state IN ('running', 'complete', 'cancelled', 'undoing', 'undone')
  ),
  saved INTEGER NOT NULL DEFAULT 0,
  updated INTEGER NOT NULL DEFAULT 0,
  unchanged INTEGER NOT NULL DEFAULT 0,
  conflicting INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX imports_of ON imports (integration_id, id);

-- Who knows a row: 0 the account itself, above 0 that import alone, -1 several (tellings, row_sources).
ALTER TABLE conversations ADD COLUMN origin INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contacts ADD COLUMN origin INTEGER NOT NULL DEFAULT 0;
ALTER TABLE participants ADD COLUMN origin INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN origin INTEGER NOT NULL DEFAULT 0;

-- All that told of it was undone: clients drop it, and counts and digests leave it out.
ALTER TABLE conversations ADD COLUMN is_withdrawn INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contacts ADD COLUMN is_withdrawn INTEGER NOT NULL DEFAULT 0;
ALTER TABLE participants ADD COLUMN is_withdrawn INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN is_withdrawn INTEGER NOT NULL DEFAULT 0;
ALTER TABLE media ADD COLUMN is_withdrawn INTEGER NOT NULL DEFAULT 0;
ALTER TABLE receipts ADD COLUMN is_withdrawn INTEGER NOT NULL DEFAULT 0;

-- Only sources without ids know it; and of a chat, that it has had such messages.
ALTER TABLE messages ADD COLUMN is_loose INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN has_loose INTEGER NOT NULL DEFAULT 0;

-- Which import lets a change wait for its message; 0 for the account, or several.
ALTER TABLE pending ADD COLUMN source INTEGER NOT NULL DEFAULT 0;

CREATE INDEX conversations_of_import ON conversations (origin) WHERE origin > 0;
CREATE INDEX contacts_of_import ON contacts (origin) WHERE origin > 0;
CREATE INDEX participants_of_import ON participants (origin) WHERE origin > 0;
CREATE INDEX messages_of_import ON messages (origin) WHERE origin > 0;
CREATE INDEX pending_of_import ON pending (source) WHERE source > 0;

-- What each of several sources says of a message: the fields in which it differs from the row, as JSON;
-- '' where it says what the row says.
CREATE TABLE tellings (
  message_pk INTEGER NOT NULL REFERENCES messages (pk),
  source INTEGER NOT NULL,
  -- By what the source names it; '' for the row's own name.
  external_id TEXT NOT NULL DEFAULT '',
  document TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (message_pk, source, external_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX tellings_of_import ON tellings (source, message_pk) WHERE source > 0;

-- Names without a platform's id that a message has gone by.
CREATE TABLE message_aliases (
  conversation_pk INTEGER NOT NULL REFERENCES conversations (pk),
  external_id TEXT NOT NULL,
  message_pk INTEGER NOT NULL REFERENCES messages (pk),
  PRIMARY KEY (conversation_pk, external_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX message_aliases_of ON message_aliases (message_pk);

-- The sources of chats, people and members that several know.
CREATE TABLE row_sources (
  stream TEXT NOT NULL,
  row_pk INTEGER NOT NULL,
  source INTEGER NOT NULL,
  PRIMARY KEY (source, stream, row_pk)
) STRICT, WITHOUT ROWID;

CREATE INDEX row_sources_of ON row_sources (stream, row_pk);

-- What an import has changed in chats, people and members that were known: each field before and after.
CREATE TABLE import_changes (
  import_id INTEGER NOT NULL REFERENCES imports (id),
  stream TEXT NOT NULL,
  row_pk INTEGER NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (import_id, stream, row_pk)
) STRICT, WITHOUT ROWID;
