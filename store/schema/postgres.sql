CREATE TABLE hallpass_migrations (
    number bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    checksum text COLLATE "C" NOT NULL,
    CONSTRAINT hallpass_migrations_pkey PRIMARY KEY (number)
);

CREATE TABLE mails (
    id uuid NOT NULL,
    workspace_id uuid,
    about text COLLATE "C",
    recipient text COLLATE "C" NOT NULL,
    letter text COLLATE "C",
    state text COLLATE "C" NOT NULL,
    attempts bigint NOT NULL,
    next_at bigint NOT NULL,
    last_error text COLLATE "C",
    created_at bigint NOT NULL,
    sent_at bigint,
    CONSTRAINT mails_pkey PRIMARY KEY (id)
);
CREATE INDEX mails_about ON mails USING btree (workspace_id, about, id);
CREATE INDEX mails_due ON mails USING btree (next_at, id) WHERE (state = 'queued'::text);

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
