-- The mirror's tables. Times are milliseconds since 1970 UTC, 0 for none; texts are '' for none; ids are
-- 16 bytes. Kinds, roles, states and sources are their places in the protocol's lists. The wire's
-- created_at and updated_at are the server's bookkeeping and are not kept: seq says the same.
--
-- Every synced table has pk, id, integration_pk, generation, seq. An id is unique within an integration
-- only: one server reached under two addresses is two integrations with the same ids. generation is how
-- many histories (epochs) of the server came before: 0 and 1 take no byte of a row, and an epoch change
-- rewrites no row. Foreign keys are declared where the parent's side is cheap to check.

PRAGMA application_id = 0x544B4D52;

CREATE TABLE integrations (
    pk INTEGER PRIMARY KEY,
    server TEXT NOT NULL,
    remote_id INTEGER NOT NULL,
    integration_type TEXT NOT NULL DEFAULT '',
    external_id TEXT NOT NULL DEFAULT '',
    display_name TEXT NOT NULL DEFAULT '',
    connection TEXT NOT NULL DEFAULT 'disconnected',
    generation INTEGER NOT NULL DEFAULT 0,
    unread INTEGER NOT NULL DEFAULT 0,
    -- Being deleted, batch by batch; shown nowhere.
    removing INTEGER NOT NULL DEFAULT 0 CHECK (removing IN (0, 1))
) STRICT;

CREATE UNIQUE INDEX integrations_identity ON integrations (server, remote_id) WHERE removing = 0;

CREATE TABLE sync_state (
    integration_pk INTEGER NOT NULL REFERENCES integrations (pk),
    stream TEXT NOT NULL CHECK (
        stream IN ('conversations', 'messages', 'contacts', 'participants', 'media', 'receipts')
    ),
    last_seq INTEGER NOT NULL DEFAULT 0,
    epoch TEXT NOT NULL DEFAULT '',
    rows_pulled INTEGER NOT NULL DEFAULT 0,
    row_count INTEGER NOT NULL DEFAULT 0,
    last_sync_at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (integration_pk, stream)
) STRICT;

-- The dictionary of addresses. contact_pk says whose it is: a hidden id (LID) that turns out to be a phone
-- number's is this one row updated. name is what the sender of the latest message called themselves.
CREATE TABLE addresses (
    pk INTEGER PRIMARY KEY,
    integration_pk INTEGER NOT NULL REFERENCES integrations (pk),
    jid TEXT NOT NULL,
    contact_pk INTEGER NOT NULL DEFAULT 0,
    name TEXT NOT NULL DEFAULT '',
    name_at INTEGER NOT NULL DEFAULT 0,
    UNIQUE (integration_pk, jid)
) STRICT;

-- seq -1 is a placeholder: something came that belongs to a conversation whose row has not come.
CREATE TABLE conversations (
    pk INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    integration_pk INTEGER NOT NULL REFERENCES integrations (pk),
    generation INTEGER NOT NULL DEFAULT 0,
    seq INTEGER NOT NULL DEFAULT -1,
    address_pk INTEGER NOT NULL DEFAULT 0,
    kind INTEGER NOT NULL DEFAULT 0,
    name TEXT NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT '',
    avatar_url TEXT NOT NULL DEFAULT '',
    -- 1 archived, 2 muted, 4 history complete, 8 deleted
    flags INTEGER NOT NULL DEFAULT 0,
    pinned INTEGER NOT NULL DEFAULT 0,
    mute_until INTEGER NOT NULL DEFAULT 0,
    unread_count INTEGER NOT NULL DEFAULT 0,
    total_message_count INTEGER NOT NULL DEFAULT 0,
    last_message_at INTEGER NOT NULL DEFAULT 0,
    last_message_preview TEXT NOT NULL DEFAULT '',
    last_activity_at INTEGER NOT NULL DEFAULT 0,
    oldest_message_at INTEGER NOT NULL DEFAULT 0,
    merged_into BLOB NOT NULL DEFAULT x'',
    deleted_at INTEGER NOT NULL DEFAULT 0,
    metadata TEXT NOT NULL DEFAULT '',
    -- Kept by the mirror in the transaction that changes them.
    message_count INTEGER NOT NULL DEFAULT 0,
    last_message_pk INTEGER NOT NULL DEFAULT 0,
    last_at INTEGER NOT NULL DEFAULT 0,
    hidden INTEGER NOT NULL DEFAULT 1,
    unread_shown INTEGER NOT NULL DEFAULT 0,
    UNIQUE (id, integration_pk)
) STRICT;

CREATE INDEX conversations_list ON conversations (hidden, pinned, last_at, pk);
CREATE INDEX conversations_address ON conversations (address_pk);
CREATE INDEX conversations_integration ON conversations (integration_pk);

CREATE TABLE participants (
    pk INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    integration_pk INTEGER NOT NULL,
    generation INTEGER NOT NULL DEFAULT 0,
    seq INTEGER NOT NULL,
    conversation_pk INTEGER NOT NULL REFERENCES conversations (pk),
    address_pk INTEGER NOT NULL,
    role INTEGER NOT NULL DEFAULT 0,
    joined_at INTEGER NOT NULL DEFAULT 0,
    left_at INTEGER NOT NULL DEFAULT 0,
    metadata TEXT NOT NULL DEFAULT '',
    UNIQUE (id, integration_pk)
) STRICT;

CREATE INDEX participants_conversation ON participants (conversation_pk, address_pk);

CREATE TABLE contacts (
    pk INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    integration_pk INTEGER NOT NULL REFERENCES integrations (pk),
    generation INTEGER NOT NULL DEFAULT 0,
    seq INTEGER NOT NULL,
    address_pk INTEGER NOT NULL,
    lid_pk INTEGER NOT NULL DEFAULT 0,
    display_name TEXT NOT NULL DEFAULT '',
    first_name TEXT NOT NULL DEFAULT '',
    last_name TEXT NOT NULL DEFAULT '',
    push_name TEXT NOT NULL DEFAULT '',
    phone_number TEXT NOT NULL DEFAULT '',
    username TEXT NOT NULL DEFAULT '',
    avatar_url TEXT NOT NULL DEFAULT '',
    about TEXT NOT NULL DEFAULT '',
    -- 1 blocked, 2 favorite, 4 business
    flags INTEGER NOT NULL DEFAULT 0,
    last_seen INTEGER NOT NULL DEFAULT 0,
    merged_into BLOB NOT NULL DEFAULT x'',
    metadata TEXT NOT NULL DEFAULT '',
    UNIQUE (id, integration_pk)
) STRICT;

CREATE INDEX contacts_integration ON contacts (integration_pk);
CREATE INDEX contacts_address ON contacts (address_pk);
CREATE INDEX contacts_lid ON contacts (lid_pk);
CREATE INDEX contacts_merged ON contacts (merged_into) WHERE merged_into <> x'';

-- status is 0 for none, else one more than its place; sender_pk 0 is the account itself or nobody.
CREATE TABLE messages (
    pk INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    integration_pk INTEGER NOT NULL,
    generation INTEGER NOT NULL DEFAULT 0,
    seq INTEGER NOT NULL,
    conversation_pk INTEGER NOT NULL REFERENCES conversations (pk),
    timestamp INTEGER NOT NULL,
    sender_pk INTEGER NOT NULL DEFAULT 0,
    kind INTEGER NOT NULL DEFAULT 0,
    -- 1 from me, 2 forwarded, 4 starred, 8 deleted
    flags INTEGER NOT NULL DEFAULT 0,
    status INTEGER NOT NULL DEFAULT 0,
    source INTEGER NOT NULL DEFAULT 0,
    edited_at INTEGER NOT NULL DEFAULT 0,
    deleted_at INTEGER NOT NULL DEFAULT 0,
    external_id TEXT NOT NULL DEFAULT '',
    content TEXT NOT NULL DEFAULT '',
    reply_to TEXT NOT NULL DEFAULT '',
    reply_preview TEXT NOT NULL DEFAULT '',
    -- As on the wire.
    reactions TEXT NOT NULL DEFAULT '',
    edits TEXT NOT NULL DEFAULT '',
    metadata TEXT NOT NULL DEFAULT '',
    UNIQUE (id, integration_pk)
) STRICT;

CREATE INDEX messages_reading ON messages (conversation_pk, timestamp, pk);

-- message_pk 0: the message has not come; message_id then says which one is awaited.
CREATE TABLE media (
    pk INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    integration_pk INTEGER NOT NULL,
    generation INTEGER NOT NULL DEFAULT 0,
    seq INTEGER NOT NULL,
    message_pk INTEGER NOT NULL DEFAULT 0,
    message_id BLOB NOT NULL DEFAULT x'',
    media_type TEXT NOT NULL DEFAULT '',
    mime_type TEXT NOT NULL DEFAULT '',
    file_name TEXT NOT NULL DEFAULT '',
    file_size INTEGER NOT NULL DEFAULT 0,
    sha256 TEXT NOT NULL DEFAULT '',
    width INTEGER NOT NULL DEFAULT 0,
    height INTEGER NOT NULL DEFAULT 0,
    duration INTEGER NOT NULL DEFAULT 0,
    has_content INTEGER NOT NULL DEFAULT 0,
    thumbnail TEXT NOT NULL DEFAULT '',
    metadata TEXT NOT NULL DEFAULT '',
    -- Where the bytes stand on this computer: 0 not wanted, 1 queued, 2 here, 3 failed for now, 4 gone.
    local_state INTEGER NOT NULL DEFAULT 0 CHECK (local_state BETWEEN 0 AND 4),
    local_bytes INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    retry_at INTEGER NOT NULL DEFAULT 0,
    local_error TEXT NOT NULL DEFAULT '',
    UNIQUE (id, integration_pk)
) STRICT;

CREATE INDEX media_message ON media (message_pk);
CREATE INDEX media_awaited ON media (integration_pk, message_id) WHERE message_pk = 0;
CREATE INDEX media_queue ON media (retry_at) WHERE local_state IN (1, 3);

CREATE TABLE receipts (
    pk INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    integration_pk INTEGER NOT NULL,
    generation INTEGER NOT NULL DEFAULT 0,
    seq INTEGER NOT NULL,
    message_pk INTEGER NOT NULL DEFAULT 0,
    message_id BLOB NOT NULL DEFAULT x'',
    address_pk INTEGER NOT NULL,
    delivered_at INTEGER NOT NULL DEFAULT 0,
    read_at INTEGER NOT NULL DEFAULT 0,
    played_at INTEGER NOT NULL DEFAULT 0,
    metadata TEXT NOT NULL DEFAULT '',
    UNIQUE (id, integration_pk)
) STRICT;

CREATE INDEX receipts_message ON receipts (message_pk);
CREATE INDEX receipts_awaited ON receipts (integration_pk, message_id) WHERE message_pk = 0;

-- Where a request for older messages stands, one a conversation. A new request is a new row in its place.
CREATE TABLE sync_checkpoints (
    conversation_pk INTEGER PRIMARY KEY REFERENCES conversations (pk),
    status TEXT NOT NULL DEFAULT 'not_started' CHECK (
        status IN ('not_started', 'in_progress', 'completed', 'interrupted', 'cancelled', 'failed')
    ),
    messages_synced INTEGER NOT NULL DEFAULT 0,
    last_message_id TEXT NOT NULL DEFAULT '',
    last_timestamp INTEGER NOT NULL DEFAULT 0,
    progress_percent INTEGER NOT NULL DEFAULT 0 CHECK (progress_percent BETWEEN 0 AND 100),
    error_message TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL DEFAULT 0,
    updated_at INTEGER NOT NULL DEFAULT 0,
    completed_at INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TRIGGER sync_checkpoints_transition
BEFORE UPDATE OF status ON sync_checkpoints
WHEN NOT (
    OLD.status = NEW.status
    OR (OLD.status = 'not_started' AND NEW.status = 'in_progress')
    OR (OLD.status = 'in_progress' AND NEW.status IN ('completed', 'interrupted', 'cancelled', 'failed'))
    OR (OLD.status IN ('interrupted', 'cancelled') AND NEW.status = 'in_progress')
)
BEGIN
    SELECT RAISE(ABORT, 'a history checkpoint cannot make this step');
END;

CREATE TABLE sync_runs (
    pk INTEGER PRIMARY KEY,
    integration_pk INTEGER NOT NULL REFERENCES integrations (pk),
    mode TEXT NOT NULL,
    outcome TEXT NOT NULL DEFAULT 'running' CHECK (
        outcome IN ('running', 'completed', 'partial', 'cancelled', 'failed', 'interrupted')
    ),
    started_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL DEFAULT 0,
    saved INTEGER NOT NULL DEFAULT 0,
    updated INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0,
    errors TEXT NOT NULL DEFAULT '[]',
    bytes INTEGER NOT NULL DEFAULT 0,
    duration_ms INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX sync_runs_integration ON sync_runs (integration_pk);

-- What a person wants on this computer. conversation_pk 0 is the rule for chats that have none.
CREATE TABLE selections (
    pk INTEGER PRIMARY KEY,
    integration_pk INTEGER NOT NULL REFERENCES integrations (pk),
    conversation_pk INTEGER NOT NULL DEFAULT 0,
    included INTEGER NOT NULL DEFAULT 1 CHECK (included IN (0, 1)),
    since INTEGER NOT NULL DEFAULT 0,
    media INTEGER NOT NULL DEFAULT 1 CHECK (media IN (0, 1)),
    UNIQUE (integration_pk, conversation_pk)
) STRICT;

-- What transactions touched; AUTOINCREMENT, so that an id never comes twice though old rows are pruned.
CREATE TABLE changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind INTEGER NOT NULL,
    pk INTEGER NOT NULL
) STRICT;

CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL DEFAULT ''
) STRICT;

-- By this a search index or a backup knows whose it is.
INSERT INTO meta (key, value) VALUES ('mirror_id', lower(hex(randomblob(16))));

CREATE VIEW sync_status AS
SELECT
    i.pk AS integration_pk,
    coalesce(r.outcome = 'running', 0) AS is_syncing,
    (SELECT s.row_count FROM sync_state AS s WHERE s.integration_pk = i.pk AND s.stream = 'messages')
        AS messages_synced,
    (SELECT max(s.last_sync_at) FROM sync_state AS s WHERE s.integration_pk = i.pk) AS last_sync_at,
    coalesce(r.outcome = 'completed', 0) AS is_latest
FROM integrations AS i
LEFT JOIN sync_runs AS r
    ON r.pk = (SELECT max(l.pk) FROM sync_runs AS l WHERE l.integration_pk = i.pk)
WHERE i.removing = 0;
