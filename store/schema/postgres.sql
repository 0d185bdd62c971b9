CREATE TABLE hallpass_migrations (
    number bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    checksum text COLLATE "C" NOT NULL,
    CONSTRAINT hallpass_migrations_pkey PRIMARY KEY (number)
);

CREATE TABLE record_counts (
    workspace_id uuid NOT NULL,
    entity text COLLATE "C" NOT NULL,
    owner_id uuid NOT NULL,
    n bigint NOT NULL,
    open_n bigint NOT NULL,
    CONSTRAINT record_counts_pkey PRIMARY KEY (workspace_id, entity, owner_id)
);

CREATE TABLE record_totals (
    workspace_id uuid NOT NULL,
    entity text COLLATE "C" NOT NULL,
    n bigint NOT NULL,
    CONSTRAINT record_totals_pkey PRIMARY KEY (workspace_id, entity)
);

CREATE TABLE records (
    workspace_id uuid NOT NULL,
    entity text COLLATE "C" NOT NULL,
    id uuid NOT NULL,
    owner_id uuid NOT NULL,
    title_key text COLLATE "C" NOT NULL,
    stage text COLLATE "C",
    is_open boolean NOT NULL,
    amount bigint,
    created_month bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    version bigint NOT NULL,
    created_by uuid,
    title text COLLATE "C" NOT NULL,
    fields text COLLATE "C" NOT NULL,
    search_text text COLLATE "C" NOT NULL,
    CONSTRAINT records_pkey PRIMARY KEY (workspace_id, entity, id)
);
CREATE INDEX records_owner ON records USING btree (workspace_id, entity, owner_id, id);
CREATE INDEX records_owner_title ON records USING btree (workspace_id, entity, owner_id, title_key, id);
CREATE INDEX records_title ON records USING btree (workspace_id, entity, title_key, id);

CREATE TABLE timeline (
    workspace_id uuid NOT NULL,
    record_id uuid NOT NULL,
    id uuid NOT NULL,
    at bigint NOT NULL,
    actor_id uuid,
    action text COLLATE "C" NOT NULL,
    detail text COLLATE "C" NOT NULL,
    CONSTRAINT timeline_pkey PRIMARY KEY (workspace_id, record_id, id)
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
