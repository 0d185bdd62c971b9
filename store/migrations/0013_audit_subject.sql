-- What an entry is about beside its subject: each record of a bulk change, both owners, a new member.
CREATE TABLE audit_subjects (
    workspace_id {id} NOT NULL,
    subject {text} NOT NULL,
    audit_id {id} NOT NULL,
    PRIMARY KEY (workspace_id, subject, audit_id)
) {clustered};

-- A denial that is repeated is counted in its first entry.
ALTER TABLE audit ADD COLUMN times BIGINT NOT NULL DEFAULT 1;
ALTER TABLE audit ADD COLUMN last_at BIGINT NOT NULL DEFAULT 0;
UPDATE audit SET last_at = at;
CREATE INDEX audit_denied ON audit (workspace_id, actor_id, at) WHERE outcome = 'denied';
