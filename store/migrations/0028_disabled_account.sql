-- When the operator has disabled an account: it signs in by no way until it is enabled again.
ALTER TABLE accounts ADD COLUMN disabled_at BIGINT;
