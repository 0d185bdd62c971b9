-- Whether an account may open the operator's console.
ALTER TABLE accounts ADD COLUMN is_operator BOOLEAN NOT NULL DEFAULT FALSE;

CREATE INDEX accounts_operator ON accounts (email_key) WHERE is_operator;

-- What sort of mail it is, which outlasts its content, and until when a sender has it.
ALTER TABLE mails ADD COLUMN kind {text};
ALTER TABLE mails ADD COLUMN leased_until BIGINT;

CREATE INDEX mails_queued ON mails (id) WHERE state = 'queued';
CREATE INDEX mails_failed ON mails (id) WHERE state = 'failed';

CREATE INDEX operations_action ON operations (action, id);

-- The access models that workspaces have.
CREATE INDEX workspaces_blueprint ON workspaces (blueprint_hash, blueprint_id);
