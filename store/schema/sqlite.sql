CREATE TABLE hallpass_migrations (
    number BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL
);

CREATE TABLE mails (
    id BLOB NOT NULL PRIMARY KEY,
    workspace_id BLOB,
    about TEXT,
    recipient TEXT NOT NULL,
    letter TEXT,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    sent_at BIGINT
);

CREATE INDEX mails_about ON mails (workspace_id, about, id);

CREATE INDEX mails_due ON mails (next_at, id) WHERE state = 'queued';

CREATE TABLE workspaces (
    id BLOB NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT,
    blueprint_id TEXT NOT NULL,
    blueprint_hash BLOB NOT NULL,
    blueprint_text TEXT NOT NULL
);

CREATE UNIQUE INDEX workspaces_slug ON workspaces (slug);
