CREATE TABLE hallpass_migrations (
    number bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    checksum text COLLATE "C" NOT NULL,
    CONSTRAINT hallpass_migrations_pkey PRIMARY KEY (number)
);

CREATE TABLE workspaces (
    id uuid NOT NULL,
    slug text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    revision bigint NOT NULL,
    created_at bigint NOT NULL,
    deleted_at bigint,
    blueprint_id text COLLATE "C" NOT NULL,
    blueprint_hash bytea NOT NULL,
    blueprint_text text COLLATE "C" NOT NULL,
    CONSTRAINT workspaces_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX workspaces_slug ON workspaces USING btree (slug);
