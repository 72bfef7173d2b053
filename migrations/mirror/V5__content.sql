-- Files whose bytes are on the server and not here, for who fetches them.
CREATE INDEX media_absent ON media (message_pk) WHERE local_state = 0 AND has_content = 1;

-- Files whose bytes are here, by the hash under which they lie: so that what nobody names can be swept.
CREATE INDEX media_content ON media (sha256) WHERE local_state = 2;
