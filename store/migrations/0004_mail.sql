-- The mails that wait, and what became of those that do not. The letter holds a secret, so it goes
-- when it is sent. It is about something of a workspace (an invitation), or about an account.
CREATE TABLE mails (
    id {id} NOT NULL PRIMARY KEY,
    workspace_id {id},
    about {text},
    recipient {text} NOT NULL,
    letter {text},
    state {text} NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    last_error {text},
    created_at BIGINT NOT NULL,
    sent_at BIGINT
);

CREATE INDEX mails_due ON mails (next_at, id) WHERE state = 'queued';

CREATE INDEX mails_about ON mails (workspace_id, about, id);
