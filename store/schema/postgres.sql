CREATE TABLE access_changes (
    workspace_id uuid NOT NULL,
    revision bigint NOT NULL,
    touched text COLLATE "C" NOT NULL,
    CONSTRAINT access_changes_pkey PRIMARY KEY (workspace_id, revision)
);

CREATE TABLE account_workspaces (
    account_id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    visited_at bigint,
    is_open boolean NOT NULL,
    CONSTRAINT account_workspaces_pkey PRIMARY KEY (account_id, workspace_id),
    CONSTRAINT account_workspaces_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id)
);

CREATE TABLE accounts (
    id uuid NOT NULL,
    email text COLLATE "C" NOT NULL,
    email_key text COLLATE "C" NOT NULL,
    first_name text COLLATE "C" NOT NULL,
    last_name text COLLATE "C" NOT NULL,
    password text COLLATE "C",
    locale text COLLATE "C" NOT NULL,
    picture text COLLATE "C",
    notifications text COLLATE "C" NOT NULL,
    confirmed_at bigint,
    created_at bigint NOT NULL,
    deleted_at bigint,
    version bigint NOT NULL,
    is_operator boolean NOT NULL DEFAULT false,
    disabled_at bigint,
    CONSTRAINT accounts_pkey PRIMARY KEY (id)
);
CREATE INDEX accounts_address ON accounts USING btree (email_key, id) WHERE (deleted_at IS NULL);
CREATE UNIQUE INDEX accounts_confirmed ON accounts USING btree (email_key) WHERE ((deleted_at IS NULL) AND (confirmed_at IS NOT NULL));
CREATE INDEX accounts_operator ON accounts USING btree (email_key) WHERE is_operator;

CREATE TABLE address_changes (
    account_id uuid NOT NULL,
    email text COLLATE "C" NOT NULL,
    present_token bytea NOT NULL,
    new_token bytea NOT NULL,
    is_allowed boolean NOT NULL,
    is_confirmed boolean NOT NULL,
    expires_at bigint NOT NULL,
    CONSTRAINT address_changes_pkey PRIMARY KEY (account_id),
    CONSTRAINT address_changes_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id)
);
CREATE UNIQUE INDEX address_changes_new ON address_changes USING btree (new_token);
CREATE UNIQUE INDEX address_changes_present ON address_changes USING btree (present_token);

CREATE TABLE api_keys (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    token bytea NOT NULL,
    name text COLLATE "C" NOT NULL,
    member_id uuid NOT NULL,
    made_by uuid NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    seen_at bigint,
    scopes text COLLATE "C",
    networks text COLLATE "C" NOT NULL DEFAULT ''::text,
    address text COLLATE "C" NOT NULL DEFAULT ''::text,
    rotated_at bigint,
    former_token bytea,
    former_until bigint,
    former_seen_at bigint,
    version bigint NOT NULL DEFAULT 1,
    remind_at bigint,
    CONSTRAINT api_keys_pkey PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX api_keys_former_token ON api_keys USING btree (workspace_id, former_token);
CREATE INDEX api_keys_reminders ON api_keys USING btree (remind_at, workspace_id, id) WHERE (remind_at IS NOT NULL);
CREATE UNIQUE INDEX api_keys_token ON api_keys USING btree (workspace_id, token);

CREATE TABLE attempts (
    subject text COLLATE "C" NOT NULL,
    failures bigint NOT NULL,
    last_at bigint NOT NULL,
    CONSTRAINT attempts_pkey PRIMARY KEY (subject)
);

CREATE TABLE audit (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    at bigint NOT NULL,
    actor_id uuid,
    actor_name text COLLATE "C" NOT NULL,
    action text COLLATE "C" NOT NULL,
    outcome text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    before_text text COLLATE "C" NOT NULL,
    after_text text COLLATE "C" NOT NULL,
    revision bigint NOT NULL,
    request text COLLATE "C" NOT NULL,
    times bigint NOT NULL DEFAULT 1,
    last_at bigint NOT NULL DEFAULT 0,
    CONSTRAINT audit_pkey PRIMARY KEY (workspace_id, id)
);
CREATE INDEX audit_action ON audit USING btree (workspace_id, action, id);
CREATE INDEX audit_actor ON audit USING btree (workspace_id, actor_id, id);
CREATE INDEX audit_denied ON audit USING btree (workspace_id, actor_id, at) WHERE (outcome = 'denied'::text);
CREATE INDEX audit_subject ON audit USING btree (workspace_id, subject, id);

CREATE TABLE audit_subjects (
    workspace_id uuid NOT NULL,
    subject text COLLATE "C" NOT NULL,
    audit_id uuid NOT NULL,
    CONSTRAINT audit_subjects_pkey PRIMARY KEY (workspace_id, subject, audit_id)
);

CREATE TABLE billing (
    workspace_id uuid NOT NULL,
    plan text COLLATE "C",
    state text COLLATE "C" NOT NULL,
    renews_at bigint,
    company text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    vat text COLLATE "C" NOT NULL,
    card_brand text COLLATE "C",
    card_last4 text COLLATE "C",
    card_year bigint,
    card_month bigint,
    told_at bigint,
    version bigint NOT NULL,
    resumes text COLLATE "C",
    subscription text COLLATE "C",
    CONSTRAINT billing_pkey PRIMARY KEY (workspace_id)
);

CREATE TABLE bulk_job_parts (
    workspace_id uuid NOT NULL,
    job_id uuid NOT NULL,
    number bigint NOT NULL,
    input text COLLATE "C" NOT NULL,
    result text COLLATE "C" NOT NULL,
    CONSTRAINT bulk_job_parts_pkey PRIMARY KEY (workspace_id, job_id, number)
);

CREATE TABLE bulk_jobs (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    state text COLLATE "C" NOT NULL,
    done bigint NOT NULL,
    position text COLLATE "C" NOT NULL,
    result text COLLATE "C" NOT NULL,
    reason text COLLATE "C",
    updated_at bigint NOT NULL,
    ended_at bigint,
    run_at bigint NOT NULL,
    failures bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    member_id uuid NOT NULL,
    member_name text COLLATE "C" NOT NULL,
    api_key_id uuid,
    request text COLLATE "C" NOT NULL,
    audit_id uuid NOT NULL,
    parameters text COLLATE "C" NOT NULL,
    total bigint NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT bulk_jobs_pkey PRIMARY KEY (workspace_id, id)
);
CREATE INDEX bulk_jobs_ended ON bulk_jobs USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX bulk_jobs_running ON bulk_jobs USING btree (run_at, workspace_id, id) WHERE (state = 'running'::text);

CREATE TABLE connections (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    provider text COLLATE "C" NOT NULL,
    certificate bytea,
    secret bytea,
    is_on boolean NOT NULL,
    test text COLLATE "C",
    created_at bigint NOT NULL,
    version bigint NOT NULL,
    group_mapping text COLLATE "C",
    CONSTRAINT connections_pkey PRIMARY KEY (workspace_id, id)
);

CREATE TABLE customers (
    id text COLLATE "C" NOT NULL,
    workspace_id uuid NOT NULL,
    CONSTRAINT customers_pkey PRIMARY KEY (id)
);

CREATE TABLE departments (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    parent_id uuid,
    manager_id uuid,
    version bigint NOT NULL,
    CONSTRAINT departments_pkey PRIMARY KEY (workspace_id, id),
    CONSTRAINT departments_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);

CREATE TABLE devices (
    account_id uuid NOT NULL,
    token bytea NOT NULL,
    seen_at bigint NOT NULL,
    CONSTRAINT devices_pkey PRIMARY KEY (account_id, token),
    CONSTRAINT devices_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id)
);
CREATE INDEX devices_seen ON devices USING btree (seen_at);

CREATE TABLE entities (
    workspace_id uuid NOT NULL,
    entity text COLLATE "C" NOT NULL,
    is_added boolean NOT NULL,
    name text COLLATE "C",
    one text COLLATE "C",
    fields text COLLATE "C",
    stages text COLLATE "C",
    version bigint NOT NULL,
    CONSTRAINT entities_pkey PRIMARY KEY (workspace_id, entity),
    CONSTRAINT entities_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);

CREATE TABLE export_files (
    workspace_id uuid NOT NULL,
    job_id uuid NOT NULL,
    bytes bigint NOT NULL,
    pieces bigint NOT NULL,
    expires_at bigint,
    reach text COLLATE "C" NOT NULL,
    member_id uuid NOT NULL,
    CONSTRAINT export_files_pkey PRIMARY KEY (workspace_id, job_id)
);
CREATE INDEX export_files_expires ON export_files USING btree (expires_at) WHERE (expires_at IS NOT NULL);

CREATE TABLE export_pieces (
    workspace_id uuid NOT NULL,
    job_id uuid NOT NULL,
    number bigint NOT NULL,
    contents bytea NOT NULL,
    CONSTRAINT export_pieces_pkey PRIMARY KEY (workspace_id, job_id, number)
);

CREATE TABLE former_slugs (
    slug text COLLATE "C" NOT NULL,
    workspace_id uuid NOT NULL,
    until bigint NOT NULL,
    CONSTRAINT former_slugs_pkey PRIMARY KEY (slug),
    CONSTRAINT former_slugs_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);

CREATE TABLE hallpass_migrations (
    number bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    checksum text COLLATE "C" NOT NULL,
    CONSTRAINT hallpass_migrations_pkey PRIMARY KEY (number)
);

CREATE TABLE held_events (
    id text COLLATE "C" NOT NULL,
    customer text COLLATE "C" NOT NULL,
    checkout_of uuid,
    created_at bigint NOT NULL,
    at bigint NOT NULL,
    body text COLLATE "C" NOT NULL,
    CONSTRAINT held_events_pkey PRIMARY KEY (id)
);
CREATE INDEX held_events_customer ON held_events USING btree (customer);

CREATE TABLE identities (
    workspace_id uuid NOT NULL,
    connection_id uuid NOT NULL,
    issuer text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    account_id uuid NOT NULL,
    created_at bigint NOT NULL,
    seen_at bigint NOT NULL,
    known_groups text COLLATE "C",
    given text COLLATE "C",
    CONSTRAINT identities_pkey PRIMARY KEY (workspace_id, connection_id, issuer, subject)
);
CREATE INDEX identities_account ON identities USING btree (workspace_id, account_id);

CREATE TABLE invitations (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    token bytea NOT NULL,
    email text COLLATE "C" NOT NULL,
    email_key text COLLATE "C" NOT NULL,
    name text COLLATE "C",
    role text COLLATE "C" NOT NULL,
    levels text COLLATE "C" NOT NULL,
    visibility text COLLATE "C" NOT NULL,
    department_id uuid,
    manager_id uuid,
    teams text COLLATE "C" NOT NULL,
    is_billing_contact boolean NOT NULL,
    landing text COLLATE "C",
    state text COLLATE "C" NOT NULL,
    invited_by uuid,
    invited_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT invitations_pkey PRIMARY KEY (workspace_id, id),
    CONSTRAINT invitations_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX invitations_pending ON invitations USING btree (workspace_id, email_key) WHERE (state = 'pending'::text);
CREATE UNIQUE INDEX invitations_token ON invitations USING btree (workspace_id, token);

CREATE TABLE invoices (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    external text COLLATE "C" NOT NULL,
    number text COLLATE "C" NOT NULL,
    amount bigint NOT NULL,
    currency text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    issued_at bigint NOT NULL,
    due_at bigint,
    paid_at bigint,
    link text COLLATE "C",
    CONSTRAINT invoices_pkey PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX invoices_external ON invoices USING btree (workspace_id, external);

CREATE TABLE links (
    token bytea NOT NULL,
    kind text COLLATE "C" NOT NULL,
    account_id uuid NOT NULL,
    expires_at bigint NOT NULL,
    CONSTRAINT links_pkey PRIMARY KEY (token),
    CONSTRAINT links_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id)
);
CREATE INDEX links_account ON links USING btree (account_id, kind);

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
    kind text COLLATE "C",
    leased_until bigint,
    CONSTRAINT mails_pkey PRIMARY KEY (id)
);
CREATE INDEX mails_about ON mails USING btree (workspace_id, about, id);
CREATE INDEX mails_due ON mails USING btree (next_at, id) WHERE (state = 'queued'::text);
CREATE INDEX mails_failed ON mails USING btree (id) WHERE (state = 'failed'::text);
CREATE INDEX mails_queued ON mails USING btree (id) WHERE (state = 'queued'::text);

CREATE TABLE members (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    first_name text COLLATE "C" NOT NULL,
    last_name text COLLATE "C" NOT NULL,
    email text COLLATE "C" NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    search text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    levels text COLLATE "C" NOT NULL,
    visibility text COLLATE "C" NOT NULL,
    department_id uuid,
    manager_id uuid,
    is_billing_contact boolean NOT NULL,
    landing text COLLATE "C",
    joined_at bigint NOT NULL,
    seen_at bigint,
    version bigint NOT NULL,
    role_since bigint NOT NULL DEFAULT 0,
    role_by uuid,
    alias text COLLATE "C",
    CONSTRAINT members_pkey PRIMARY KEY (workspace_id, id),
    CONSTRAINT members_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX members_account ON members USING btree (workspace_id, account_id);
CREATE UNIQUE INDEX members_contact ON members USING btree (workspace_id) WHERE is_billing_contact;
CREATE INDEX members_name ON members USING btree (workspace_id, name_key, id);
CREATE INDEX members_role ON members USING btree (workspace_id, role, name_key, id);
CREATE INDEX members_search ON members USING gin (workspace_id, search gin_trgm_ops);

CREATE TABLE operations (
    id uuid NOT NULL,
    at bigint NOT NULL,
    actor text COLLATE "C" NOT NULL,
    action text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    detail text COLLATE "C" NOT NULL,
    CONSTRAINT operations_pkey PRIMARY KEY (id)
);
CREATE INDEX operations_action ON operations USING btree (action, id);

CREATE TABLE passkey_ceremonies (
    token bytea NOT NULL,
    account_id uuid,
    state text COLLATE "C" NOT NULL,
    expires_at bigint NOT NULL,
    CONSTRAINT passkey_ceremonies_pkey PRIMARY KEY (token),
    CONSTRAINT passkey_ceremonies_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id)
);
CREATE INDEX passkey_ceremonies_expiry ON passkey_ceremonies USING btree (expires_at);

CREATE TABLE passkeys (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    credential_id bytea NOT NULL,
    name text COLLATE "C" NOT NULL,
    credential text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    used_at bigint,
    CONSTRAINT passkeys_pkey PRIMARY KEY (id),
    CONSTRAINT passkeys_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id)
);
CREATE INDEX passkeys_account ON passkeys USING btree (account_id, id);
CREATE UNIQUE INDEX passkeys_credential ON passkeys USING btree (credential_id);

CREATE TABLE payment_messages (
    id text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    CONSTRAINT payment_messages_pkey PRIMARY KEY (id)
);

CREATE TABLE payment_references (
    id text COLLATE "C" NOT NULL,
    customer text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    CONSTRAINT payment_references_pkey PRIMARY KEY (id)
);

CREATE TABLE pending_sign_ins (
    token bytea NOT NULL,
    account_id uuid NOT NULL,
    expires_at bigint NOT NULL,
    CONSTRAINT pending_sign_ins_pkey PRIMARY KEY (token),
    CONSTRAINT pending_sign_ins_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id)
);
CREATE INDEX pending_sign_ins_expiry ON pending_sign_ins USING btree (expires_at);

CREATE TABLE profiles (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    template text COLLATE "C",
    name text COLLATE "C" NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    description text COLLATE "C" NOT NULL,
    cells text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT profiles_pkey PRIMARY KEY (workspace_id, id),
    CONSTRAINT profiles_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX profiles_name ON profiles USING btree (workspace_id, name_key);

CREATE TABLE proven_domains (
    workspace_id uuid NOT NULL,
    domain text COLLATE "C" NOT NULL,
    secret text COLLATE "C" NOT NULL,
    proven_at bigint,
    proven_by text COLLATE "C",
    created_at bigint NOT NULL,
    CONSTRAINT proven_domains_pkey PRIMARY KEY (workspace_id, domain)
);
CREATE INDEX proven_domains_domain ON proven_domains USING btree (domain, workspace_id);

CREATE TABLE provider_sessions (
    workspace_id uuid NOT NULL,
    session_id uuid NOT NULL,
    connection_id uuid NOT NULL,
    account_id uuid NOT NULL,
    subject text COLLATE "C" NOT NULL,
    provider_session text COLLATE "C",
    created_at bigint NOT NULL,
    CONSTRAINT provider_sessions_pkey PRIMARY KEY (session_id)
);
CREATE INDEX provider_sessions_created ON provider_sessions USING btree (created_at);
CREATE INDEX provider_sessions_subject ON provider_sessions USING btree (workspace_id, connection_id, subject);

CREATE TABLE record_counts (
    workspace_id uuid NOT NULL,
    entity text COLLATE "C" NOT NULL,
    owner_id uuid NOT NULL,
    n bigint NOT NULL,
    open_n bigint NOT NULL,
    amount_high bigint NOT NULL DEFAULT 0,
    amount_low bigint NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 0,
    CONSTRAINT record_counts_pkey PRIMARY KEY (workspace_id, entity, owner_id)
);
CREATE INDEX record_counts_n ON record_counts USING btree (workspace_id, ((entity || ''::text)), n DESC, owner_id);
CREATE INDEX record_counts_version ON record_counts USING btree (workspace_id, ((entity || ''::text)), version);

CREATE TABLE record_sums (
    workspace_id uuid NOT NULL,
    owner_id uuid NOT NULL,
    entity text COLLATE "C" NOT NULL,
    grouped_by text COLLATE "C" NOT NULL,
    grouped text COLLATE "C" NOT NULL,
    n bigint NOT NULL,
    open_n bigint NOT NULL,
    amount_high bigint NOT NULL,
    amount_low bigint NOT NULL,
    CONSTRAINT record_sums_pkey PRIMARY KEY (workspace_id, owner_id, entity, grouped_by, grouped)
);

CREATE TABLE record_totals (
    workspace_id uuid NOT NULL,
    entity text COLLATE "C" NOT NULL,
    n bigint NOT NULL,
    version bigint NOT NULL DEFAULT 0,
    owners bigint NOT NULL DEFAULT 0,
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
    doc bigint,
    CONSTRAINT records_pkey PRIMARY KEY (workspace_id, entity, id)
);
CREATE INDEX records_open ON records USING btree (workspace_id, entity, is_open, id, owner_id);
CREATE INDEX records_owner ON records USING btree (workspace_id, entity, owner_id, id);
CREATE INDEX records_owner_open ON records USING btree (workspace_id, entity, owner_id, is_open, id);
CREATE INDEX records_owner_stage ON records USING btree (workspace_id, entity, owner_id, stage, id);
CREATE INDEX records_owner_title ON records USING btree (workspace_id, entity, owner_id, title_key, id);
CREATE INDEX records_search ON records USING gin (((doc >> 37)), search_text gin_trgm_ops, split_part(search_text, '
'::text, 1) gin_trgm_ops) WITH (gin_pending_list_limit='256') WHERE (doc IS NOT NULL);
CREATE INDEX records_stage ON records USING btree (workspace_id, entity, stage, id, owner_id);
CREATE INDEX records_title ON records USING btree (workspace_id, entity, title_key, id);

CREATE TABLE recovery_codes (
    account_id uuid NOT NULL,
    code bytea NOT NULL,
    CONSTRAINT recovery_codes_pkey PRIMARY KEY (account_id, code),
    CONSTRAINT recovery_codes_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id)
);

CREATE TABLE roles (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    description text COLLATE "C" NOT NULL,
    grants text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT roles_pkey PRIMARY KEY (workspace_id, id),
    CONSTRAINT roles_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX roles_name ON roles USING btree (workspace_id, name_key);

CREATE TABLE saved_reports (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    created_by uuid NOT NULL,
    is_shared boolean NOT NULL,
    entity text COLLATE "C" NOT NULL,
    stage text COLLATE "C",
    owner_id uuid,
    grouped_by text COLLATE "C" NOT NULL,
    measure text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT saved_reports_pkey PRIMARY KEY (workspace_id, id),
    CONSTRAINT saved_reports_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);

CREATE TABLE saved_views (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    created_by uuid NOT NULL,
    is_shared boolean NOT NULL,
    entity text COLLATE "C" NOT NULL,
    filter text COLLATE "C" NOT NULL,
    sorted_by text COLLATE "C",
    shown_columns text COLLATE "C",
    version bigint NOT NULL,
    CONSTRAINT saved_views_pkey PRIMARY KEY (workspace_id, id),
    CONSTRAINT saved_views_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX saved_views_by_creator ON saved_views USING btree (workspace_id, created_by, entity);
CREATE INDEX saved_views_shared ON saved_views USING btree (workspace_id, entity, id) WHERE is_shared;

CREATE TABLE search_scopes (
    workspace_id uuid NOT NULL,
    entity text COLLATE "C" NOT NULL,
    scope bigint NOT NULL,
    last_doc bigint NOT NULL,
    indexed_doc bigint NOT NULL,
    indexed_id uuid,
    is_indexed boolean NOT NULL,
    CONSTRAINT search_scopes_pkey PRIMARY KEY (workspace_id, entity)
);
CREATE INDEX search_scopes_pending ON search_scopes USING btree (is_indexed, scope);

CREATE TABLE sessions (
    token bytea NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    created_at bigint NOT NULL,
    seen_at bigint NOT NULL,
    client text COLLATE "C" NOT NULL,
    view_workspace_id uuid,
    view_member_id uuid,
    view_until bigint,
    authentications text COLLATE "C" NOT NULL DEFAULT ''::text,
    longest_pause bigint NOT NULL DEFAULT 0,
    address text COLLATE "C" NOT NULL DEFAULT ''::text,
    CONSTRAINT sessions_pkey PRIMARY KEY (token),
    CONSTRAINT sessions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id)
);
CREATE INDEX sessions_account ON sessions USING btree (account_id, id);

CREATE TABLE setup_links (
    token bytea NOT NULL,
    expires_at bigint NOT NULL,
    CONSTRAINT setup_links_pkey PRIMARY KEY (token)
);

CREATE TABLE sign_on_requests (
    workspace_id uuid NOT NULL,
    state bytea NOT NULL,
    connection_id uuid NOT NULL,
    browser bytea NOT NULL,
    purpose text COLLATE "C" NOT NULL,
    account_id uuid,
    landing text COLLATE "C" NOT NULL,
    request_id text COLLATE "C" NOT NULL,
    answer bytea,
    expires_at bigint NOT NULL,
    CONSTRAINT sign_on_requests_pkey PRIMARY KEY (state)
);
CREATE INDEX sign_on_requests_expires ON sign_on_requests USING btree (expires_at);

CREATE TABLE stored_responses (
    account_id uuid NOT NULL,
    request_key text COLLATE "C" NOT NULL,
    request_hash bytea NOT NULL,
    status bigint NOT NULL,
    headers text COLLATE "C" NOT NULL,
    body text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    CONSTRAINT stored_responses_pkey PRIMARY KEY (account_id, request_key)
);
CREATE INDEX stored_responses_account ON stored_responses USING btree (account_id, at);
CREATE INDEX stored_responses_at ON stored_responses USING btree (at);

CREATE TABLE team_members (
    workspace_id uuid NOT NULL,
    team_id uuid NOT NULL,
    member_id uuid NOT NULL,
    CONSTRAINT team_members_pkey PRIMARY KEY (workspace_id, team_id, member_id),
    CONSTRAINT team_members_workspace_id_member_id_fkey FOREIGN KEY (workspace_id, member_id) REFERENCES members(workspace_id, id) ON DELETE CASCADE,
    CONSTRAINT team_members_workspace_id_team_id_fkey FOREIGN KEY (workspace_id, team_id) REFERENCES teams(workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX team_members_member ON team_members USING btree (workspace_id, member_id, team_id);

CREATE TABLE teams (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    description text COLLATE "C" NOT NULL,
    profile_id uuid,
    sharing text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT teams_pkey PRIMARY KEY (workspace_id, id),
    CONSTRAINT teams_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX teams_name ON teams USING btree (workspace_id, name_key);

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

CREATE TABLE totps (
    account_id uuid NOT NULL,
    secret bytea NOT NULL,
    last_step bigint,
    created_at bigint NOT NULL,
    confirmed_at bigint,
    CONSTRAINT totps_pkey PRIMARY KEY (account_id),
    CONSTRAINT totps_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id)
);

CREATE TABLE trusted_devices (
    token bytea NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    client text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    seen_at bigint NOT NULL,
    CONSTRAINT trusted_devices_pkey PRIMARY KEY (token),
    CONSTRAINT trusted_devices_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id)
);
CREATE INDEX trusted_devices_account ON trusted_devices USING btree (account_id, id);

CREATE TABLE used_messages (
    workspace_id uuid NOT NULL,
    connection_id uuid NOT NULL,
    message text COLLATE "C" NOT NULL,
    until bigint NOT NULL,
    CONSTRAINT used_messages_pkey PRIMARY KEY (connection_id, message)
);
CREATE INDEX used_messages_until ON used_messages USING btree (until);

CREATE TABLE workspaces (
    id uuid NOT NULL,
    slug text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    revision bigint NOT NULL,
    created_at bigint NOT NULL,
    deleted_at bigint,
    settings text COLLATE "C" NOT NULL DEFAULT '{}'::text,
    blueprint_id text COLLATE "C" NOT NULL,
    blueprint_hash bytea NOT NULL,
    blueprint_text text COLLATE "C" NOT NULL,
    import_at bigint,
    CONSTRAINT workspaces_pkey PRIMARY KEY (id)
);
CREATE INDEX workspaces_blueprint ON workspaces USING btree (blueprint_hash, blueprint_id);
CREATE UNIQUE INDEX workspaces_slug ON workspaces USING btree (slug);
