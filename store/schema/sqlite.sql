CREATE TABLE hallpass_migrations (
    number BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL
);

CREATE TABLE record_counts (
    workspace_id BLOB NOT NULL,
    entity TEXT NOT NULL,
    owner_id BLOB NOT NULL,
    n BIGINT NOT NULL,
    open_n BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, entity, owner_id)
) WITHOUT ROWID;

CREATE TABLE record_totals (
    workspace_id BLOB NOT NULL,
    entity TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, entity)
) WITHOUT ROWID;

CREATE TABLE records (
    workspace_id BLOB NOT NULL,
    entity TEXT NOT NULL,
    id BLOB NOT NULL,
    owner_id BLOB NOT NULL,
    title_key TEXT NOT NULL,
    stage TEXT,
    is_open BOOLEAN NOT NULL,
    amount BIGINT,
    created_month BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_by BLOB,
    title TEXT NOT NULL,
    fields TEXT NOT NULL,
    search_text TEXT NOT NULL,
    PRIMARY KEY (workspace_id, entity, id)
) WITHOUT ROWID;

CREATE INDEX records_owner ON records (workspace_id, entity, owner_id, id);

CREATE INDEX records_owner_title ON records (workspace_id, entity, owner_id, title_key, id);

CREATE INDEX records_title ON records (workspace_id, entity, title_key, id);

CREATE TABLE timeline (
    workspace_id BLOB NOT NULL,
    record_id BLOB NOT NULL,
    id BLOB NOT NULL,
    at BIGINT NOT NULL,
    actor_id BLOB,
    action TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (workspace_id, record_id, id)
) WITHOUT ROWID;

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
