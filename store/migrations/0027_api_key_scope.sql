-- What an API key may do at most, from where it is used, and its secret before the last rotation. Scopes
-- and networks are lists, one entry on each line; without scopes a key may do what its member may.
ALTER TABLE api_keys ADD COLUMN scopes {text};
ALTER TABLE api_keys ADD COLUMN networks {text} NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN address {text} NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN rotated_at BIGINT;
ALTER TABLE api_keys ADD COLUMN former_token {bytes};
ALTER TABLE api_keys ADD COLUMN former_until BIGINT;
ALTER TABLE api_keys ADD COLUMN former_seen_at BIGINT;

CREATE UNIQUE INDEX api_keys_former_token ON api_keys (workspace_id, former_token);
