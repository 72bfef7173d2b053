-- What a person has chosen for a chat on this computer alone. It goes before what the platform says, which a
-- pull may change as it likes: 0 nothing was chosen, 1 yes, 2 no.
ALTER TABLE conversations ADD COLUMN pinned_here INTEGER NOT NULL DEFAULT 0
    CHECK (pinned_here BETWEEN 0 AND 2);
ALTER TABLE conversations ADD COLUMN archived_here INTEGER NOT NULL DEFAULT 0
    CHECK (archived_here BETWEEN 0 AND 2);
ALTER TABLE conversations ADD COLUMN muted_here INTEGER NOT NULL DEFAULT 0
    CHECK (muted_here BETWEEN 0 AND 2);

-- It was read on this computer up to here, whatever the platform counts; 0 for never.
ALTER TABLE conversations ADD COLUMN read_here INTEGER NOT NULL DEFAULT 0;

-- Which of the two holds.
ALTER TABLE conversations ADD COLUMN top INTEGER
    GENERATED ALWAYS AS (iif(pinned_here = 0, pinned, pinned_here = 1)) VIRTUAL;
ALTER TABLE conversations ADD COLUMN away INTEGER
    GENERATED ALWAYS AS (iif(archived_here = 0, flags & 1, archived_here = 1)) VIRTUAL;

DROP INDEX conversations_list;
CREATE INDEX conversations_list ON conversations (hidden, top, last_at, pk);
CREATE INDEX conversations_away ON conversations (integration_pk) WHERE hidden = 0 AND away = 1;
