CREATE TABLE access_changes (
    workspace_id BLOB NOT NULL,
    revision BIGINT NOT NULL,
    touched TEXT NOT NULL,
    PRIMARY KEY (workspace_id, revision)
) WITHOUT ROWID;

CREATE TABLE account_workspaces (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    workspace_id BLOB NOT NULL,
    visited_at BIGINT,
    is_open BOOLEAN NOT NULL,
    PRIMARY KEY (account_id, workspace_id)
) WITHOUT ROWID;

CREATE TABLE accounts (
    id BLOB NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    password TEXT,
    locale TEXT NOT NULL,
    picture TEXT,
    notifications TEXT NOT NULL,
    confirmed_at BIGINT,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT,
    version BIGINT NOT NULL
, is_operator BOOLEAN NOT NULL DEFAULT FALSE, disabled_at BIGINT);

CREATE INDEX accounts_address ON accounts (email_key, id) WHERE deleted_at IS NULL;

CREATE UNIQUE INDEX accounts_confirmed ON accounts (email_key)
    WHERE deleted_at IS NULL AND confirmed_at IS NOT NULL;

CREATE INDEX accounts_operator ON accounts (email_key) WHERE is_operator;

CREATE TABLE address_changes (
    account_id BLOB NOT NULL PRIMARY KEY REFERENCES accounts (id),
    email TEXT NOT NULL,
    present_token BLOB NOT NULL,
    new_token BLOB NOT NULL,
    is_allowed BOOLEAN NOT NULL,
    is_confirmed BOOLEAN NOT NULL,
    expires_at BIGINT NOT NULL
) WITHOUT ROWID;

CREATE UNIQUE INDEX address_changes_new ON address_changes (new_token);

CREATE UNIQUE INDEX address_changes_present ON address_changes (present_token);

CREATE TABLE api_keys (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL,
    token BLOB NOT NULL,
    name TEXT NOT NULL,
    member_id BLOB NOT NULL,
    made_by BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    seen_at BIGINT, scopes TEXT, networks TEXT NOT NULL DEFAULT '', address TEXT NOT NULL DEFAULT '', rotated_at BIGINT, former_token BLOB, former_until BIGINT, former_seen_at BIGINT, version BIGINT NOT NULL DEFAULT 1, remind_at BIGINT,
    PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX api_keys_former_token ON api_keys (workspace_id, former_token);

CREATE INDEX api_keys_reminders ON api_keys (remind_at, workspace_id, id) WHERE remind_at IS NOT NULL;

CREATE UNIQUE INDEX api_keys_token ON api_keys (workspace_id, token);

CREATE TABLE attempts (
    subject TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE audit (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL,
    at BIGINT NOT NULL,
    actor_id BLOB,
    actor_name TEXT NOT NULL,
    action TEXT NOT NULL,
    outcome TEXT NOT NULL,
    subject TEXT NOT NULL,
    before_text TEXT NOT NULL,
    after_text TEXT NOT NULL,
    revision BIGINT NOT NULL,
    request TEXT NOT NULL, times BIGINT NOT NULL DEFAULT 1, last_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;

CREATE INDEX audit_action ON audit (workspace_id, action, id);

CREATE INDEX audit_actor ON audit (workspace_id, actor_id, id);

CREATE INDEX audit_denied ON audit (workspace_id, actor_id, at) WHERE outcome = 'denied';

CREATE INDEX audit_subject ON audit (workspace_id, subject, id);

CREATE TABLE audit_subjects (
    workspace_id BLOB NOT NULL,
    subject TEXT NOT NULL,
    audit_id BLOB NOT NULL,
    PRIMARY KEY (workspace_id, subject, audit_id)
) WITHOUT ROWID;

CREATE TABLE billing (
    workspace_id BLOB NOT NULL,
    plan TEXT,
    state TEXT NOT NULL,
    renews_at BIGINT,
    company TEXT NOT NULL,
    address TEXT NOT NULL,
    vat TEXT NOT NULL,
    card_brand TEXT,
    card_last4 TEXT,
    card_year BIGINT,
    card_month BIGINT,
    told_at BIGINT,
    version BIGINT NOT NULL, resumes TEXT, subscription TEXT,
    PRIMARY KEY (workspace_id)
) WITHOUT ROWID;

CREATE TABLE bulk_job_parts (
    workspace_id BLOB NOT NULL,
    job_id BLOB NOT NULL,
    number BIGINT NOT NULL,
    input TEXT NOT NULL,
    result TEXT NOT NULL,
    PRIMARY KEY (workspace_id, job_id, number)
) WITHOUT ROWID;

CREATE TABLE bulk_jobs (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL,
    state TEXT NOT NULL,
    done BIGINT NOT NULL,
    position TEXT NOT NULL,
    result TEXT NOT NULL,
    reason TEXT,
    updated_at BIGINT NOT NULL,
    ended_at BIGINT,
    run_at BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    kind TEXT NOT NULL,
    member_id BLOB NOT NULL,
    member_name TEXT NOT NULL,
    api_key_id BLOB,
    request TEXT NOT NULL,
    audit_id BLOB NOT NULL,
    parameters TEXT NOT NULL,
    total BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;

CREATE INDEX bulk_jobs_ended ON bulk_jobs (ended_at) WHERE ended_at IS NOT NULL;

CREATE INDEX bulk_jobs_running ON bulk_jobs (run_at, workspace_id, id) WHERE state = 'running';

CREATE TABLE connections (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    provider TEXT NOT NULL,
    -- Our certificate, which the provider has.
    certificate BLOB,
    -- The client secret, or the key of the certificate, encrypted.
    secret BLOB,
    is_on BOOLEAN NOT NULL,
    test TEXT,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL, group_mapping TEXT,
    PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;

CREATE TABLE customers (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id BLOB NOT NULL
);

CREATE TABLE departments (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    parent_id BLOB,
    manager_id BLOB,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;

CREATE TABLE devices (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    token BLOB NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, token)
) WITHOUT ROWID;

CREATE INDEX devices_seen ON devices (seen_at);

CREATE TABLE entities (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    entity TEXT NOT NULL,
    is_added BOOLEAN NOT NULL,
    name TEXT,
    one TEXT,
    fields TEXT,
    stages TEXT,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, entity)
) WITHOUT ROWID;

CREATE TABLE export_files (
    workspace_id BLOB NOT NULL,
    job_id BLOB NOT NULL,
    bytes BIGINT NOT NULL,
    pieces BIGINT NOT NULL,
    expires_at BIGINT,
    reach TEXT NOT NULL,
    member_id BLOB NOT NULL,
    PRIMARY KEY (workspace_id, job_id)
) WITHOUT ROWID;

CREATE INDEX export_files_expires ON export_files (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE export_pieces (
    workspace_id BLOB NOT NULL,
    job_id BLOB NOT NULL,
    number BIGINT NOT NULL,
    contents BLOB NOT NULL,
    PRIMARY KEY (workspace_id, job_id, number)
);

CREATE TABLE former_slugs (
    slug TEXT NOT NULL PRIMARY KEY,
    workspace_id BLOB NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    until BIGINT NOT NULL
);

CREATE TABLE hallpass_migrations (
    number BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL
);

CREATE TABLE held_events (
    id TEXT NOT NULL PRIMARY KEY,
    customer TEXT NOT NULL,
    checkout_of BLOB,
    created_at BIGINT NOT NULL,
    at BIGINT NOT NULL,
    body TEXT NOT NULL
);

CREATE INDEX held_events_customer ON held_events (customer);

CREATE TABLE identities (
    workspace_id BLOB NOT NULL,
    connection_id BLOB NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    account_id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL, known_groups TEXT, given TEXT,
    PRIMARY KEY (workspace_id, connection_id, issuer, subject)
) WITHOUT ROWID;

CREATE INDEX identities_account ON identities (workspace_id, account_id);

CREATE TABLE invitations (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id BLOB NOT NULL,
    token BLOB NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    name TEXT,
    role TEXT NOT NULL,
    levels TEXT NOT NULL,
    visibility TEXT NOT NULL,
    department_id BLOB,
    manager_id BLOB,
    teams TEXT NOT NULL,
    is_billing_contact BOOLEAN NOT NULL,
    landing TEXT,
    state TEXT NOT NULL,
    invited_by BLOB,
    invited_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX invitations_pending ON invitations (workspace_id, email_key) WHERE state = 'pending';

CREATE UNIQUE INDEX invitations_token ON invitations (workspace_id, token);

CREATE TABLE invoices (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL,
    external TEXT NOT NULL,
    number TEXT NOT NULL,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    state TEXT NOT NULL,
    issued_at BIGINT NOT NULL,
    due_at BIGINT,
    paid_at BIGINT,
    link TEXT,
    PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX invoices_external ON invoices (workspace_id, external);

CREATE TABLE links (
    token BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    expires_at BIGINT NOT NULL
) WITHOUT ROWID;

CREATE INDEX links_account ON links (account_id, kind);

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
, kind TEXT, leased_until BIGINT);

CREATE INDEX mails_about ON mails (workspace_id, about, id);

CREATE INDEX mails_due ON mails (next_at, id) WHERE state = 'queued';

CREATE INDEX mails_failed ON mails (id) WHERE state = 'failed';

CREATE INDEX mails_queued ON mails (id) WHERE state = 'queued';

CREATE VIRTUAL TABLE member_index USING fts5 (search, content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1');

CREATE TABLE 'member_index_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TABLE 'member_index_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'member_index_docsize'(id INTEGER PRIMARY KEY, sz BLOB, origin INTEGER);

CREATE TABLE 'member_index_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE TRIGGER members_indexed AFTER INSERT ON members BEGIN UPDATE members SET doc = (SELECT coalesce((SELECT max(m.doc) FROM members m WHERE m.doc > w.member_scope << 32 AND m.doc < (w.member_scope + 1) << 32), w.member_scope << 32) + 1 FROM workspaces w WHERE w.id = NEW.workspace_id) WHERE workspace_id = NEW.workspace_id AND id = NEW.id; INSERT INTO member_index (rowid, search) SELECT doc, search FROM members WHERE workspace_id = NEW.workspace_id AND id = NEW.id; END;

CREATE TRIGGER members_reindexed AFTER UPDATE OF search ON members WHEN NEW.search <> OLD.search BEGIN DELETE FROM member_index WHERE rowid = OLD.doc; INSERT INTO member_index (rowid, search) VALUES (NEW.doc, NEW.search); END;

CREATE TRIGGER members_unindexed AFTER DELETE ON members BEGIN DELETE FROM member_index WHERE rowid = OLD.doc; END;

CREATE TABLE members (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id BLOB NOT NULL,
    account_id BLOB NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    email TEXT NOT NULL,
    name_key TEXT NOT NULL,
    search TEXT NOT NULL,
    status TEXT NOT NULL,
    role TEXT NOT NULL,
    levels TEXT NOT NULL,
    visibility TEXT NOT NULL,
    department_id BLOB,
    manager_id BLOB,
    is_billing_contact BOOLEAN NOT NULL,
    landing TEXT,
    joined_at BIGINT NOT NULL,
    seen_at BIGINT,
    version BIGINT NOT NULL, role_since BIGINT NOT NULL DEFAULT 0, role_by BLOB, alias TEXT, doc BIGINT,
    PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX members_account ON members (workspace_id, account_id);

CREATE UNIQUE INDEX members_contact ON members (workspace_id) WHERE is_billing_contact;

CREATE UNIQUE INDEX members_doc ON members (doc);

CREATE INDEX members_name ON members (workspace_id, name_key, id);

CREATE INDEX members_role ON members (workspace_id, role, name_key, id);

CREATE TABLE operations (
    id BLOB NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX operations_action ON operations (action, id);

CREATE TABLE passkey_ceremonies (
    token BLOB NOT NULL PRIMARY KEY,
    account_id BLOB REFERENCES accounts (id),
    state TEXT NOT NULL,
    expires_at BIGINT NOT NULL
) WITHOUT ROWID;

CREATE INDEX passkey_ceremonies_expiry ON passkey_ceremonies (expires_at);

CREATE TABLE passkeys (
    id BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    credential_id BLOB NOT NULL,
    name TEXT NOT NULL,
    credential TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT
) WITHOUT ROWID;

CREATE INDEX passkeys_account ON passkeys (account_id, id);

CREATE UNIQUE INDEX passkeys_credential ON passkeys (credential_id);

CREATE TABLE payment_messages (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL
);

CREATE TABLE payment_references (
    id TEXT NOT NULL PRIMARY KEY,
    customer TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE TABLE pending_sign_ins (
    token BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    expires_at BIGINT NOT NULL
) WITHOUT ROWID;

CREATE INDEX pending_sign_ins_expiry ON pending_sign_ins (expires_at);

CREATE TABLE profiles (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id BLOB NOT NULL,
    template TEXT,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    description TEXT NOT NULL,
    cells TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX profiles_name ON profiles (workspace_id, name_key);

CREATE TABLE proven_domains (
    workspace_id BLOB NOT NULL,
    domain TEXT NOT NULL,
    secret TEXT NOT NULL,
    proven_at BIGINT,
    proven_by TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, domain)
) WITHOUT ROWID;

CREATE INDEX proven_domains_domain ON proven_domains (domain, workspace_id);

CREATE TABLE provider_sessions (
    workspace_id BLOB NOT NULL,
    session_id BLOB NOT NULL,
    connection_id BLOB NOT NULL,
    account_id BLOB NOT NULL,
    subject TEXT NOT NULL,
    provider_session TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (session_id)
) WITHOUT ROWID;

CREATE INDEX provider_sessions_created ON provider_sessions (created_at);

CREATE INDEX provider_sessions_subject ON provider_sessions (workspace_id, connection_id, subject);

CREATE TABLE record_counts (
    workspace_id BLOB NOT NULL,
    entity TEXT NOT NULL,
    owner_id BLOB NOT NULL,
    n BIGINT NOT NULL,
    open_n BIGINT NOT NULL, amount_high BIGINT NOT NULL DEFAULT 0, amount_low BIGINT NOT NULL DEFAULT 0, version BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, entity, owner_id)
) WITHOUT ROWID;

CREATE INDEX record_counts_n ON record_counts (workspace_id, (entity || ''), n DESC, owner_id);

CREATE INDEX record_counts_version ON record_counts (workspace_id, (entity || ''), version);

CREATE VIRTUAL TABLE record_index USING fts5 (text, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram case_sensitive 1');

CREATE TABLE 'record_index_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TABLE 'record_index_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'record_index_docsize'(id INTEGER PRIMARY KEY, sz BLOB, origin INTEGER);

CREATE TABLE 'record_index_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE TABLE record_sums (
    workspace_id BLOB NOT NULL,
    owner_id BLOB NOT NULL,
    entity TEXT NOT NULL,
    grouped_by TEXT NOT NULL,
    grouped TEXT NOT NULL,
    n BIGINT NOT NULL,
    open_n BIGINT NOT NULL,
    amount_high BIGINT NOT NULL,
    amount_low BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, owner_id, entity, grouped_by, grouped)
) WITHOUT ROWID;

CREATE TABLE record_totals (
    workspace_id BLOB NOT NULL,
    entity TEXT NOT NULL,
    n BIGINT NOT NULL, version BIGINT NOT NULL DEFAULT 0, owners BIGINT NOT NULL DEFAULT 0,
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
    search_text TEXT NOT NULL, doc BIGINT,
    PRIMARY KEY (workspace_id, entity, id)
) WITHOUT ROWID;

CREATE INDEX records_doc ON records (workspace_id, doc, owner_id) WHERE doc IS NOT NULL;

CREATE INDEX records_open ON records (workspace_id, entity, is_open, id, owner_id);

CREATE INDEX records_owner ON records (workspace_id, entity, owner_id, id);

CREATE INDEX records_owner_open ON records (workspace_id, entity, owner_id, is_open, id);

CREATE INDEX records_owner_stage ON records (workspace_id, entity, owner_id, stage, id);

CREATE INDEX records_owner_title ON records (workspace_id, entity, owner_id, title_key, id);

CREATE INDEX records_stage ON records (workspace_id, entity, stage, id, owner_id);

CREATE INDEX records_title ON records (workspace_id, entity, title_key, id);

CREATE TABLE recovery_codes (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    code BLOB NOT NULL,
    PRIMARY KEY (account_id, code)
) WITHOUT ROWID;

CREATE TABLE roles (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    description TEXT NOT NULL,
    grants TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX roles_name ON roles (workspace_id, name_key);

CREATE TABLE saved_reports (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    created_by BLOB NOT NULL,
    is_shared BOOLEAN NOT NULL,
    entity TEXT NOT NULL,
    stage TEXT,
    owner_id BLOB,
    grouped_by TEXT NOT NULL,
    measure TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;

CREATE TABLE saved_views (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    created_by BLOB NOT NULL,
    is_shared BOOLEAN NOT NULL,
    entity TEXT NOT NULL,
    filter TEXT NOT NULL,
    sorted_by TEXT,
    shown_columns TEXT,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;

CREATE INDEX saved_views_by_creator ON saved_views (workspace_id, created_by, entity);

CREATE INDEX saved_views_shared ON saved_views (workspace_id, entity, id) WHERE is_shared;

CREATE TABLE search_scope_count (id BIGINT NOT NULL PRIMARY KEY, n BIGINT NOT NULL);

CREATE TABLE search_scopes (
    workspace_id BLOB NOT NULL,
    entity TEXT NOT NULL,
    scope BIGINT NOT NULL,
    last_doc BIGINT NOT NULL,
    indexed_doc BIGINT NOT NULL,
    indexed_id BLOB,
    is_indexed BOOLEAN NOT NULL,
    PRIMARY KEY (workspace_id, entity)
) WITHOUT ROWID;

CREATE INDEX search_scopes_pending ON search_scopes (is_indexed, scope);

CREATE TABLE sessions (
    token BLOB NOT NULL PRIMARY KEY,
    id BLOB NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    client TEXT NOT NULL
, view_workspace_id BLOB, view_member_id BLOB, view_until BIGINT, authentications TEXT NOT NULL DEFAULT '', longest_pause BIGINT NOT NULL DEFAULT 0, address TEXT NOT NULL DEFAULT '') WITHOUT ROWID;

CREATE INDEX sessions_account ON sessions (account_id, id);

CREATE TABLE setup_links (
    token BLOB NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE sign_on_requests (
    workspace_id BLOB NOT NULL,
    state BLOB NOT NULL,
    connection_id BLOB NOT NULL,
    -- The hash of the secret that the browser has.
    browser BLOB NOT NULL,
    purpose TEXT NOT NULL,
    -- Who tests or connects; none who signs in.
    account_id BLOB,
    landing TEXT NOT NULL,
    -- The id that an answer of SAML repeats.
    request_id TEXT NOT NULL,
    -- What the provider has answered, encrypted, until the browser collects it.
    answer BLOB,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (state)
) WITHOUT ROWID;

CREATE INDEX sign_on_requests_expires ON sign_on_requests (expires_at);

CREATE TABLE stored_responses (
    account_id BLOB NOT NULL,
    request_key TEXT NOT NULL,
    request_hash BLOB NOT NULL,
    status BIGINT NOT NULL,
    headers TEXT NOT NULL,
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (account_id, request_key)
) WITHOUT ROWID;

CREATE INDEX stored_responses_account ON stored_responses (account_id, at);

CREATE INDEX stored_responses_at ON stored_responses (at);

CREATE TABLE team_members (
    workspace_id BLOB NOT NULL,
    team_id BLOB NOT NULL,
    member_id BLOB NOT NULL,
    PRIMARY KEY (workspace_id, team_id, member_id),
    FOREIGN KEY (workspace_id, team_id) REFERENCES teams (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, member_id) REFERENCES members (workspace_id, id) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE INDEX team_members_member ON team_members (workspace_id, member_id, team_id);

CREATE TABLE teams (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    description TEXT NOT NULL,
    profile_id BLOB,
    sharing TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX teams_name ON teams (workspace_id, name_key);

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

CREATE TABLE totps (
    account_id BLOB NOT NULL PRIMARY KEY REFERENCES accounts (id),
    secret BLOB NOT NULL,
    last_step BIGINT,
    created_at BIGINT NOT NULL,
    confirmed_at BIGINT
) WITHOUT ROWID;

CREATE TABLE trusted_devices (
    token BLOB NOT NULL PRIMARY KEY,
    id BLOB NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    client TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
) WITHOUT ROWID;

CREATE INDEX trusted_devices_account ON trusted_devices (account_id, id);

CREATE TABLE used_messages (
    workspace_id BLOB NOT NULL,
    connection_id BLOB NOT NULL,
    message TEXT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (connection_id, message)
) WITHOUT ROWID;

CREATE INDEX used_messages_until ON used_messages (until);

CREATE TRIGGER workspaces_scoped AFTER INSERT ON workspaces BEGIN UPDATE workspaces SET member_scope = (SELECT coalesce(max(member_scope), 0) + 1 FROM workspaces) WHERE id = NEW.id; END;

CREATE TABLE workspaces (
    id BLOB NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT,
    settings TEXT NOT NULL DEFAULT '{}',
    blueprint_id TEXT NOT NULL,
    blueprint_hash BLOB NOT NULL,
    blueprint_text TEXT NOT NULL
, member_scope BIGINT, import_at BIGINT);

CREATE INDEX workspaces_blueprint ON workspaces (blueprint_hash, blueprint_id);

CREATE UNIQUE INDEX workspaces_member_scope ON workspaces (member_scope);

CREATE UNIQUE INDEX workspaces_slug ON workspaces (slug);
