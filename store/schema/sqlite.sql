CREATE TABLE hallpass_migrations (
    number BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL
);

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
