-- When people are reminded next that an API key expires: the job reads across workspaces those that are due.
ALTER TABLE api_keys ADD COLUMN remind_at BIGINT;
UPDATE api_keys SET remind_at = expires_at - 1209600000000 WHERE expires_at IS NOT NULL;
CREATE INDEX api_keys_reminders ON api_keys (remind_at, workspace_id, id) WHERE remind_at IS NOT NULL;
