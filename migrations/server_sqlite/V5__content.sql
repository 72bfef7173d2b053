-- Files whose bytes are here, by the hash under which they lie: so that what nobody names can be swept.
CREATE INDEX media_content ON media (lower(sha256)) WHERE has_content = 1;
