-- Where messages of a chat may be missing: pairs of milliseconds, oldest first; '' for nowhere.
ALTER TABLE conversations ADD COLUMN gaps TEXT NOT NULL DEFAULT '';

-- The table stood empty until now: what keeps checkpoints came with these columns.
DROP TABLE sync_checkpoints;

-- Where a request for older messages stands, one a conversation. A new request is a new row in its place.
CREATE TABLE sync_checkpoints (
    conversation_pk INTEGER PRIMARY KEY REFERENCES conversations (pk),
    -- Which request of the server it is.
    request INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL DEFAULT 'not_started' CHECK (
        status IN ('not_started', 'in_progress', 'completed', 'interrupted', 'cancelled', 'failed')
    ),
    max_messages INTEGER NOT NULL DEFAULT 0 CHECK (max_messages BETWEEN 0 AND 10000),
    messages_synced INTEGER NOT NULL DEFAULT 0 CHECK (messages_synced >= 0),
    last_message_id TEXT NOT NULL DEFAULT '',
    last_timestamp INTEGER NOT NULL DEFAULT 0,
    progress_percent INTEGER NOT NULL DEFAULT 0 CHECK (progress_percent BETWEEN 0 AND 100),
    error_message TEXT NOT NULL DEFAULT '',
    -- The cursors had come at least so far when it was kept.
    seq INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL DEFAULT 0,
    updated_at INTEGER NOT NULL DEFAULT 0,
    completed_at INTEGER NOT NULL DEFAULT 0,
    CHECK (status <> 'completed' OR completed_at <> 0),
    CHECK (last_message_id = '' OR last_timestamp <> 0)
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

CREATE TRIGGER sync_checkpoints_cursor
BEFORE UPDATE OF last_message_id ON sync_checkpoints
WHEN NEW.last_message_id <> '' AND NOT EXISTS (
    SELECT 1 FROM messages
    WHERE conversation_pk = NEW.conversation_pk
        AND timestamp = NEW.last_timestamp
        AND external_id = NEW.last_message_id
)
BEGIN
    SELECT RAISE(ABORT, 'a history checkpoint names a message that is not here');
END;
