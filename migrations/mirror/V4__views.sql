-- What of a stream is here: the cursor says how far, the view of what. A view is a text as it is put to the
-- server, '' for the whole stream. A stream without a line is wanted and held whole.
CREATE TABLE views (
    integration_pk INTEGER NOT NULL REFERENCES integrations (pk),
    stream TEXT NOT NULL CHECK (stream IN ('messages', 'media', 'receipts')),
    -- All that it has up to the stream's cursor is here.
    held TEXT NOT NULL DEFAULT '',
    -- What the selection asks for. Where it has more, that is being fetched.
    wanted TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (integration_pk, stream)
) STRICT;

-- Of what the wanted view has beyond the held one, the rows up to here have come.
ALTER TABLE sync_state ADD COLUMN widened INTEGER NOT NULL DEFAULT 0;

-- Rows that the selection leaves out may still be here.
ALTER TABLE integrations ADD COLUMN freeing INTEGER NOT NULL DEFAULT 0 CHECK (freeing IN (0, 1));

-- A chat's key may be given to another one.
CREATE TRIGGER selections_conversation AFTER DELETE ON conversations
BEGIN
    DELETE FROM selections
    WHERE integration_pk = OLD.integration_pk AND conversation_pk = OLD.pk;
END;
