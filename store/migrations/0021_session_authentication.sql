-- How the person of a session has proved who they are, the longest time without a use since, and the
-- address of its last use. A session from before was started by a password.
ALTER TABLE sessions ADD COLUMN authentications {text} NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN longest_pause BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN address {text} NOT NULL DEFAULT '';

UPDATE sessions SET authentications = '[{"m":"password","t":' || created_at || '}]';
