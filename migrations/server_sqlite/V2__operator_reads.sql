-- The newest threads of an account, and the newest messages of a thread: read through an index, so that
-- the cost is that of what is listed.
CREATE INDEX conversations_by_last_message ON conversations (integration_id, last_message_at);
CREATE INDEX messages_by_time ON messages (conversation_pk, timestamp);
