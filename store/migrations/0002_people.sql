-- Accounts, sessions and the links that mails carry belong to no workspace.
CREATE TABLE accounts (
    id {id} NOT NULL PRIMARY KEY,
    email {text} NOT NULL,
    email_key {text} NOT NULL,
    first_name {text} NOT NULL,
    last_name {text} NOT NULL,
    password {text},
    locale {text} NOT NULL,
    picture {text},
    notifications {text} NOT NULL,
    confirmed_at BIGINT,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT,
    version BIGINT NOT NULL
);

-- The account of a deleted one keeps its row; its address is free again.
CREATE UNIQUE INDEX accounts_email ON accounts (email_key) WHERE deleted_at IS NULL;

CREATE TABLE sessions (
    token {bytes} NOT NULL PRIMARY KEY,
    id {id} NOT NULL,
    account_id {id} NOT NULL REFERENCES accounts (id),
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    client {text} NOT NULL
) {clustered};

CREATE INDEX sessions_account ON sessions (account_id, id);

CREATE TABLE links (
    token {bytes} NOT NULL PRIMARY KEY,
    kind {text} NOT NULL,
    account_id {id} NOT NULL REFERENCES accounts (id),
    expires_at BIGINT NOT NULL
) {clustered};

CREATE INDEX links_account ON links (account_id, kind);

-- Attempts that failed, by what was tried: an address or an account.
CREATE TABLE attempts (
    subject {text} NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL
) {clustered};

-- In which workspaces an account is, and whether being there lets it sign in. The membership itself
-- belongs to the workspace.
CREATE TABLE account_workspaces (
    account_id {id} NOT NULL REFERENCES accounts (id),
    workspace_id {id} NOT NULL,
    visited_at BIGINT,
    is_open BOOLEAN NOT NULL,
    PRIMARY KEY (account_id, workspace_id)
) {clustered};

-- Answers to requests that carried a key, so that a repeated request is answered and not repeated.
CREATE TABLE answers (
    account_id {id} NOT NULL,
    request_key {text} NOT NULL,
    request_hash {bytes} NOT NULL,
    status BIGINT,
    body {text},
    at BIGINT NOT NULL,
    PRIMARY KEY (account_id, request_key)
) {clustered};

CREATE INDEX answers_at ON answers (at);

-- Name and address of a member are copies of the account's, so that people are found, sorted and
-- still named when their account is gone.
CREATE TABLE members (
    workspace_id {id} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id {id} NOT NULL,
    account_id {id} NOT NULL,
    first_name {text} NOT NULL,
    last_name {text} NOT NULL,
    email {text} NOT NULL,
    name_key {text} NOT NULL,
    search {text} NOT NULL,
    status {text} NOT NULL,
    role {text} NOT NULL,
    levels {text} NOT NULL,
    visibility {text} NOT NULL,
    department_id {id},
    manager_id {id},
    is_billing_contact BOOLEAN NOT NULL,
    landing {text},
    joined_at BIGINT NOT NULL,
    seen_at BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
) {clustered};

CREATE UNIQUE INDEX members_account ON members (workspace_id, account_id);
CREATE INDEX members_name ON members (workspace_id, name_key, id);
CREATE UNIQUE INDEX members_contact ON members (workspace_id) WHERE is_billing_contact;

CREATE TABLE roles (
    workspace_id {id} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id {id} NOT NULL,
    name {text} NOT NULL,
    name_key {text} NOT NULL,
    description {text} NOT NULL,
    grants {text} NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
) {clustered};

CREATE UNIQUE INDEX roles_name ON roles (workspace_id, name_key);

CREATE TABLE profiles (
    workspace_id {id} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id {id} NOT NULL,
    template {text},
    name {text} NOT NULL,
    name_key {text} NOT NULL,
    description {text} NOT NULL,
    cells {text} NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
) {clustered};

CREATE UNIQUE INDEX profiles_name ON profiles (workspace_id, name_key);

CREATE TABLE teams (
    workspace_id {id} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id {id} NOT NULL,
    name {text} NOT NULL,
    name_key {text} NOT NULL,
    description {text} NOT NULL,
    profile_id {id},
    sharing {text} NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
) {clustered};

CREATE UNIQUE INDEX teams_name ON teams (workspace_id, name_key);

CREATE TABLE team_members (
    workspace_id {id} NOT NULL,
    team_id {id} NOT NULL,
    member_id {id} NOT NULL,
    PRIMARY KEY (workspace_id, team_id, member_id),
    FOREIGN KEY (workspace_id, team_id) REFERENCES teams (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, member_id) REFERENCES members (workspace_id, id) ON DELETE CASCADE
) {clustered};

CREATE INDEX team_members_member ON team_members (workspace_id, member_id, team_id);

CREATE TABLE departments (
    workspace_id {id} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id {id} NOT NULL,
    name {text} NOT NULL,
    name_key {text} NOT NULL,
    parent_id {id},
    manager_id {id},
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
) {clustered};

CREATE TABLE invitations (
    workspace_id {id} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id {id} NOT NULL,
    token {bytes} NOT NULL,
    email {text} NOT NULL,
    email_key {text} NOT NULL,
    name {text},
    role {text} NOT NULL,
    levels {text} NOT NULL,
    visibility {text} NOT NULL,
    department_id {id},
    manager_id {id},
    teams {text} NOT NULL,
    is_billing_contact BOOLEAN NOT NULL,
    landing {text},
    state {text} NOT NULL,
    invited_by {id},
    invited_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
) {clustered};

CREATE UNIQUE INDEX invitations_token ON invitations (workspace_id, token);
CREATE UNIQUE INDEX invitations_pending ON invitations (workspace_id, email_key) WHERE state = 'pending';

-- Record types that the workspace added, and fields and stages that it set for those of its
-- blueprint.
CREATE TABLE entities (
    workspace_id {id} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    entity {text} NOT NULL,
    is_added BOOLEAN NOT NULL,
    name {text},
    one {text},
    fields {text},
    stages {text},
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, entity)
) {clustered};

CREATE TABLE audit (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    at BIGINT NOT NULL,
    actor_id {id},
    actor_name {text} NOT NULL,
    action {text} NOT NULL,
    outcome {text} NOT NULL,
    subject {text} NOT NULL,
    before_text {text} NOT NULL,
    after_text {text} NOT NULL,
    revision BIGINT NOT NULL,
    request {text} NOT NULL,
    PRIMARY KEY (workspace_id, id)
) {clustered};

CREATE INDEX audit_actor ON audit (workspace_id, actor_id, id);
CREATE INDEX audit_subject ON audit (workspace_id, subject, id);
CREATE INDEX audit_action ON audit (workspace_id, action, id);
