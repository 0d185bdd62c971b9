-- API keys are edited: a version refuses an edit that was made from another one.
ALTER TABLE api_keys ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
