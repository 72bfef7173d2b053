-- Whose matches change when somebody turns out to go by a name.

-- The names, as they were said, under which a chat has messages without a platform's id.
CREATE TABLE loose_names (
  conversation_pk INTEGER NOT NULL REFERENCES conversations (pk),
  name TEXT NOT NULL,
  PRIMARY KEY (conversation_pk, name)
) STRICT, WITHOUT ROWID;

INSERT INTO loose_names (conversation_pk, name)
SELECT conversation_pk, sender_display_name FROM messages
WHERE is_loose = 1 AND sender_display_name IS NOT NULL
UNION
SELECT m.conversation_pk,
  coalesce(json_extract(nullif(t.document, ''), '$.sender_display_name'), m.sender_display_name)
FROM message_aliases AS a
JOIN tellings AS t ON t.message_pk = a.message_pk AND t.external_id = a.external_id
JOIN messages AS m ON m.pk = a.message_pk
WHERE coalesce(json_extract(nullif(t.document, ''), '$.sender_display_name'), m.sender_display_name)
  IS NOT NULL;
