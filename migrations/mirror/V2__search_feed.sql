-- Changes of messages that the search index must follow: an index is a file of its own, behind a cursor of
-- its own. Appending is not noted (whatever lies above the index's cursor is new), so a pull pays nothing.

CREATE TABLE search_feed (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    message_pk INTEGER NOT NULL,
    -- The time that the message had before.
    timestamp INTEGER NOT NULL,
    -- After a deletion the highest pk left: SQLite may give those above it anew.
    top INTEGER NOT NULL DEFAULT 9223372036854775807
) STRICT;

CREATE TRIGGER search_feed_message_update
AFTER UPDATE OF conversation_pk, timestamp, sender_pk, kind, flags, content ON messages
WHEN NEW.content <> OLD.content
    OR NEW.flags <> OLD.flags
    OR NEW.conversation_pk <> OLD.conversation_pk
    OR NEW.timestamp <> OLD.timestamp
    OR NEW.sender_pk <> OLD.sender_pk
    OR NEW.kind <> OLD.kind
BEGIN
    INSERT INTO search_feed (message_pk, timestamp) VALUES (OLD.pk, OLD.timestamp);
END;

CREATE TRIGGER search_feed_message_delete AFTER DELETE ON messages
BEGIN
    INSERT INTO search_feed (message_pk, timestamp, top)
    VALUES (OLD.pk, OLD.timestamp, (SELECT coalesce(max(pk), 0) FROM messages));
END;

CREATE TRIGGER search_feed_media_insert AFTER INSERT ON media
WHEN NEW.file_name <> '' AND NEW.message_pk <> 0
BEGIN
    INSERT INTO search_feed (message_pk, timestamp)
    SELECT pk, timestamp FROM messages WHERE pk = NEW.message_pk;
END;

CREATE TRIGGER search_feed_media_update AFTER UPDATE OF message_pk, file_name ON media
WHEN NEW.file_name <> OLD.file_name OR (NEW.message_pk <> OLD.message_pk AND NEW.file_name <> '')
BEGIN
    INSERT INTO search_feed (message_pk, timestamp)
    SELECT pk, timestamp FROM messages WHERE pk IN (OLD.message_pk, NEW.message_pk);
END;

CREATE TRIGGER search_feed_media_delete AFTER DELETE ON media
WHEN OLD.file_name <> '' AND OLD.message_pk <> 0
BEGIN
    INSERT INTO search_feed (message_pk, timestamp)
    SELECT pk, timestamp FROM messages WHERE pk = OLD.message_pk;
END;
