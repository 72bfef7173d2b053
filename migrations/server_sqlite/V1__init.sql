-- What the sync server keeps. Times are milliseconds since 1970. Kinds are the numbers of their place
-- in the protocol's `ALL`. An empty JSON text stands for "none".

CREATE TABLE meta (
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE integrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  integration_type TEXT NOT NULL,
  external_id TEXT,
  display_name TEXT NOT NULL DEFAULT '',
  -- The counter from which every visible change takes its seq, in the transaction that makes the change.
  last_seq INTEGER NOT NULL DEFAULT 0,
  connection TEXT NOT NULL DEFAULT 'disconnected',
  last_history_sync_at INTEGER,
  history_sync_count INTEGER NOT NULL DEFAULT 0,
  last_history_sync_result TEXT NOT NULL DEFAULT '',
  last_backfill_at INTEGER,
  last_backfill_result TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL
) STRICT;

-- Where each stream stands, kept by whoever writes rows, so that no reader ever counts them.
CREATE TABLE streams (
  integration_id INTEGER NOT NULL REFERENCES integrations (id),
  stream TEXT NOT NULL,
  latest_seq INTEGER NOT NULL DEFAULT 0,
  row_count INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (integration_id, stream)
) STRICT, WITHOUT ROWID;

-- How many rows of a stream have a seq in [bucket * 4096, bucket * 4096 + 4095]: what lies past a cursor
-- is the sum of the buckets behind it and at most 4,096 counted index entries.
CREATE TABLE seq_buckets (
  integration_id INTEGER NOT NULL REFERENCES integrations (id),
  stream TEXT NOT NULL,
  bucket INTEGER NOT NULL,
  row_count INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (integration_id, stream, bucket)
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  label TEXT NOT NULL DEFAULT '',
  -- SHA-256 of the token; the token itself is shown once and kept nowhere.
  hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  scopes TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  expires_at INTEGER
) STRICT;

CREATE TABLE token_integrations (
  token_id INTEGER NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
  integration_id INTEGER NOT NULL REFERENCES integrations (id),
  PRIMARY KEY (token_id, integration_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE conversations (
  pk INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  integration_id INTEGER NOT NULL REFERENCES integrations (id),
  seq INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  kind INTEGER NOT NULL DEFAULT 0,
  name TEXT,
  description TEXT,
  avatar_url TEXT,
  is_archived INTEGER NOT NULL DEFAULT 0,
  is_pinned INTEGER NOT NULL DEFAULT 0,
  is_muted INTEGER NOT NULL DEFAULT 0,
  mute_until INTEGER,
  unread_count INTEGER NOT NULL DEFAULT 0,
  -- As of when the unread count, the names and the flags are known, and whether they were said without a
  -- time after that.
  unread_at INTEGER,
  unread_untimed INTEGER NOT NULL DEFAULT 0,
  named_at INTEGER,
  named_untimed INTEGER NOT NULL DEFAULT 0,
  flagged_at INTEGER,
  flagged_untimed INTEGER NOT NULL DEFAULT 0,
  total_message_count INTEGER NOT NULL DEFAULT 0,
  last_message_at INTEGER,
  last_message_external_id TEXT NOT NULL DEFAULT '',
  last_message_preview TEXT,
  last_activity_at INTEGER,
  oldest_message_at INTEGER,
  history_complete INTEGER NOT NULL DEFAULT 0,
  merged_into INTEGER REFERENCES conversations (pk) DEFERRABLE INITIALLY DEFERRED,
  is_deleted INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER,
  platform_metadata TEXT NOT NULL DEFAULT '',
  UNIQUE (integration_id, external_id),
  UNIQUE (integration_id, seq)
) STRICT;

CREATE TABLE contacts (
  pk INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  integration_id INTEGER NOT NULL REFERENCES integrations (id),
  seq INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  lid TEXT,
  display_name TEXT,
  first_name TEXT,
  last_name TEXT,
  push_name TEXT,
  -- As of when the push name is known, and the last one that a contact record said.
  push_name_at INTEGER,
  push_name_said TEXT,
  phone_number TEXT,
  username TEXT,
  avatar_url TEXT,
  about TEXT,
  is_blocked INTEGER NOT NULL DEFAULT 0,
  is_favorite INTEGER NOT NULL DEFAULT 0,
  is_business INTEGER NOT NULL DEFAULT 0,
  last_seen INTEGER,
  merged_into INTEGER REFERENCES contacts (pk) DEFERRABLE INITIALLY DEFERRED,
  platform_metadata TEXT NOT NULL DEFAULT '',
  UNIQUE (integration_id, external_id),
  UNIQUE (integration_id, seq)
) STRICT;

CREATE TABLE participants (
  pk INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  integration_id INTEGER NOT NULL REFERENCES integrations (id),
  seq INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  conversation_pk INTEGER NOT NULL REFERENCES conversations (pk),
  contact_pk INTEGER REFERENCES contacts (pk),
  external_id TEXT NOT NULL,
  role INTEGER NOT NULL DEFAULT 0,
  joined_at INTEGER,
  left_at INTEGER,
  platform_metadata TEXT NOT NULL DEFAULT '',
  UNIQUE (conversation_pk, external_id),
  UNIQUE (integration_id, seq)
) STRICT;

-- A contact that becomes known finds the groups it is in.
CREATE INDEX participants_by_address ON participants (integration_id, external_id);

-- For the foreign keys: without these, deleting a row reads the whole table that may point to it.
CREATE INDEX conversations_by_winner ON conversations (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX contacts_by_winner ON contacts (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX participants_by_contact ON participants (contact_pk) WHERE contact_pk IS NOT NULL;

CREATE TABLE messages (
  pk INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  integration_id INTEGER NOT NULL REFERENCES integrations (id),
  seq INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  conversation_pk INTEGER NOT NULL REFERENCES conversations (pk),
  external_id TEXT NOT NULL,
  sender_external_id TEXT,
  sender_display_name TEXT,
  kind INTEGER NOT NULL,
  content TEXT NOT NULL DEFAULT '',
  timestamp INTEGER NOT NULL,
  edited_at INTEGER,
  is_from_me INTEGER NOT NULL DEFAULT 0,
  is_forwarded INTEGER NOT NULL DEFAULT 0,
  -- NULL: nobody has said.
  is_starred INTEGER,
  is_deleted INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER,
  -- Whether deleted_at was told rather than taken from the clock.
  deleted_at_told INTEGER NOT NULL DEFAULT 0,
  reply_to_external_id TEXT,
  reply_to_preview TEXT,
  delivery_status INTEGER,
  -- All reactions by sender, those taken back included, so that a late older one does not come back.
  reactions TEXT NOT NULL DEFAULT '',
  -- The texts before the present one, each with the time from which it held.
  versions TEXT NOT NULL DEFAULT '',
  sync_source INTEGER NOT NULL,
  platform_metadata TEXT NOT NULL DEFAULT '',
  UNIQUE (conversation_pk, external_id),
  UNIQUE (integration_id, seq)
) STRICT;

CREATE TABLE media (
  pk INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  integration_id INTEGER NOT NULL REFERENCES integrations (id),
  seq INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  message_pk INTEGER NOT NULL UNIQUE REFERENCES messages (pk),
  media_type TEXT NOT NULL DEFAULT '',
  mime_type TEXT,
  file_name TEXT,
  file_size INTEGER,
  sha256 TEXT,
  width INTEGER,
  height INTEGER,
  duration INTEGER,
  has_content INTEGER NOT NULL DEFAULT 0,
  thumbnail TEXT,
  platform_metadata TEXT NOT NULL DEFAULT '',
  UNIQUE (integration_id, seq)
) STRICT;

CREATE TABLE receipts (
  pk INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  integration_id INTEGER NOT NULL REFERENCES integrations (id),
  seq INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  message_pk INTEGER NOT NULL REFERENCES messages (pk),
  external_id TEXT NOT NULL,
  delivered_at INTEGER,
  read_at INTEGER,
  played_at INTEGER,
  platform_metadata TEXT NOT NULL DEFAULT '',
  UNIQUE (message_pk, external_id),
  UNIQUE (integration_id, seq)
) STRICT;

-- Which hidden id stands for which phone address.
CREATE TABLE addresses (
  integration_id INTEGER NOT NULL REFERENCES integrations (id),
  lid TEXT NOT NULL,
  phone TEXT NOT NULL,
  PRIMARY KEY (integration_id, lid)
) STRICT, WITHOUT ROWID;

CREATE INDEX addresses_by_phone ON addresses (integration_id, phone);

-- Messages that name a hidden id whose phone address is not known yet, as sender, in a reaction or in a
-- receipt: what has to be rewritten once it is, without reading all messages.
CREATE TABLE hidden_senders (
  integration_id INTEGER NOT NULL REFERENCES integrations (id),
  lid TEXT NOT NULL,
  message_pk INTEGER NOT NULL REFERENCES messages (pk),
  PRIMARY KEY (integration_id, lid, message_pk)
) STRICT, WITHOUT ROWID;

CREATE INDEX hidden_senders_by_message ON hidden_senders (message_pk);

-- Changes to messages that have not come yet, as neutral records.
CREATE TABLE pending (
  pk INTEGER PRIMARY KEY,
  integration_id INTEGER NOT NULL REFERENCES integrations (id),
  conversation_external_id TEXT NOT NULL,
  message_external_id TEXT NOT NULL,
  record TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (integration_id, conversation_external_id, message_external_id, record)
) STRICT;
