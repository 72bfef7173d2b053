-- What clients want of an integration, each kept under the hash of what it says.
CREATE TABLE views (
  integration_id INTEGER NOT NULL REFERENCES integrations (id),
  id TEXT NOT NULL,
  document TEXT NOT NULL,
  -- The day on which it was last put, so that those that nobody uses can go.
  put_on INTEGER NOT NULL,
  PRIMARY KEY (integration_id, id)
) STRICT;
