-- Older history on demand: what is known to be whole, who has asked for more, and what the feeder is asked.

-- Counts how often the feeder has gone away: what comes by itself between two times is one stretch.
ALTER TABLE integrations ADD COLUMN presence INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER integrations_presence
AFTER UPDATE OF connection ON integrations
WHEN OLD.connection = 'connected' AND NEW.connection <> 'connected'
BEGIN
  UPDATE integrations SET presence = presence + 1 WHERE id = NEW.id;
END;

-- The gaps between the stretches below, as pairs of milliseconds; '' for none.
ALTER TABLE conversations ADD COLUMN gaps TEXT NOT NULL DEFAULT '';

-- Stretches of a conversation of which every message is here, apart from one another.
CREATE TABLE coverage (
  conversation_pk INTEGER NOT NULL REFERENCES conversations (pk) DEFERRABLE INITIALLY DEFERRED,
  from_at INTEGER NOT NULL,
  to_at INTEGER NOT NULL,
  -- The message that a request for what is older names.
  first_pk INTEGER NOT NULL REFERENCES messages (pk) DEFERRABLE INITIALLY DEFERRED,
  presence INTEGER NOT NULL,
  PRIMARY KEY (conversation_pk, from_at),
  CHECK (from_at <= to_at)
) STRICT, WITHOUT ROWID;

CREATE INDEX coverage_by_first ON coverage (first_pk);

-- What is here already counts as one stretch: nobody has said otherwise.
INSERT INTO coverage (conversation_pk, from_at, to_at, first_pk, presence)
SELECT c.pk, m.timestamp, max(m.timestamp, coalesce(c.last_message_at, m.timestamp)), m.pk, 0
FROM conversations AS c
JOIN messages AS m ON m.pk = (
  SELECT o.pk FROM messages AS o WHERE o.conversation_pk = c.pk AND o.timestamp > 0
  ORDER BY o.timestamp, o.pk LIMIT 1
);

-- Requests for older messages. They are numbered: the one with the greatest id is the conversation's.
CREATE TABLE history_checkpoints (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  integration_id INTEGER NOT NULL REFERENCES integrations (id),
  conversation_pk INTEGER NOT NULL REFERENCES conversations (pk),
  requested_by TEXT NOT NULL CHECK (requested_by IN ('client', 'backfill')),
  -- Counts what would come and keeps none of it.
  dry_run INTEGER NOT NULL DEFAULT 0 CHECK (dry_run IN (0, 1)),
  status TEXT NOT NULL DEFAULT 'not_started' CHECK (
    status IN ('not_started', 'in_progress', 'interrupted', 'cancelled', 'completed', 'failed')
  ),
  max_messages INTEGER NOT NULL CHECK (max_messages BETWEEN 1 AND 10000),
  messages_synced INTEGER NOT NULL DEFAULT 0 CHECK (messages_synced >= 0),
  -- The oldest message that it has brought. It must be there.
  last_message_pk INTEGER REFERENCES messages (pk),
  last_timestamp INTEGER,
  progress_percent INTEGER NOT NULL DEFAULT 0 CHECK (progress_percent BETWEEN 0 AND 100),
  error_message TEXT,
  -- The integration's last seq when the step was made: the rows that it speaks of lie before.
  seq INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  completed_at INTEGER,
  CHECK (status <> 'completed' OR completed_at IS NOT NULL),
  CHECK (status <> 'failed' OR error_message IS NOT NULL),
  CHECK (last_message_pk IS NULL OR last_timestamp IS NOT NULL)
) STRICT;

CREATE INDEX history_checkpoints_latest ON history_checkpoints (conversation_pk, id);
CREATE INDEX history_checkpoints_moved ON history_checkpoints (integration_id, updated_at, id)
WHERE requested_by = 'client';
CREATE INDEX history_checkpoints_cursor ON history_checkpoints (last_message_pk)
WHERE last_message_pk IS NOT NULL;
CREATE UNIQUE INDEX history_checkpoints_running ON history_checkpoints (conversation_pk)
WHERE status = 'in_progress';

CREATE TRIGGER history_checkpoints_begin
BEFORE INSERT ON history_checkpoints
WHEN NEW.status <> 'not_started'
BEGIN
  SELECT RAISE(ABORT, 'a history checkpoint begins as not_started');
END;

CREATE TRIGGER history_checkpoints_transition
BEFORE UPDATE OF status ON history_checkpoints
WHEN NOT (
  OLD.status = NEW.status
  OR (OLD.status = 'not_started' AND NEW.status = 'in_progress')
  OR (OLD.status = 'in_progress' AND NEW.status IN ('completed', 'interrupted', 'cancelled', 'failed'))
  OR (OLD.status IN ('interrupted', 'cancelled') AND NEW.status = 'in_progress')
)
BEGIN
  SELECT RAISE(ABORT, 'a history checkpoint cannot make this step');
END;

CREATE TRIGGER history_checkpoints_cursor_of_conversation
BEFORE UPDATE OF last_message_pk ON history_checkpoints
WHEN NEW.last_message_pk IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM messages WHERE pk = NEW.last_message_pk AND conversation_pk = NEW.conversation_pk
)
BEGIN
  SELECT RAISE(ABORT, 'a history checkpoint names a message that is not there');
END;

-- One question to the feeder, and what became of it. A checkpoint has at most one open.
CREATE TABLE history_steps (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  checkpoint_id INTEGER NOT NULL REFERENCES history_checkpoints (id),
  integration_id INTEGER NOT NULL REFERENCES integrations (id),
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'answered', 'withdrawn')),
  -- None where nothing of the conversation is here.
  before_pk INTEGER REFERENCES messages (pk),
  before_at INTEGER,
  wanted INTEGER NOT NULL CHECK (wanted >= 1),
  -- What the platform's answer will carry.
  session TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  -- Until when the feeder that has it may take; none while nobody has it.
  leased_until INTEGER,
  created_at INTEGER NOT NULL,
  CHECK ((before_pk IS NULL) = (before_at IS NULL))
) STRICT;

CREATE UNIQUE INDEX history_steps_open ON history_steps (checkpoint_id) WHERE state = 'open';
CREATE INDEX history_steps_offered ON history_steps (integration_id, id) WHERE state = 'open';
CREATE INDEX history_steps_checkpoint ON history_steps (checkpoint_id);
CREATE INDEX history_steps_session ON history_steps (integration_id, session) WHERE session IS NOT NULL;
CREATE INDEX history_steps_anchor ON history_steps (before_pk) WHERE before_pk IS NOT NULL;
