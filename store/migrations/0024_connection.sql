-- Identity providers by which a workspace lets its people sign in.
CREATE TABLE connections (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    name {text} NOT NULL,
    provider {text} NOT NULL,
    -- Our certificate, which the provider has.
    certificate {bytes},
    -- The client secret, or the key of the certificate, encrypted.
    secret {bytes},
    is_on BOOLEAN NOT NULL,
    test {text},
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
) {clustered};

-- The account of each person whom a provider has identified.
CREATE TABLE identities (
    workspace_id {id} NOT NULL,
    connection_id {id} NOT NULL,
    issuer {text} NOT NULL,
    subject {text} NOT NULL,
    account_id {id} NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, connection_id, issuer, subject)
) {clustered};

CREATE INDEX identities_account ON identities (workspace_id, account_id);

-- Requests to providers that are not answered yet, by the hash of their state.
CREATE TABLE sign_on_requests (
    workspace_id {id} NOT NULL,
    state {bytes} NOT NULL,
    connection_id {id} NOT NULL,
    -- The hash of the secret that the browser has.
    browser {bytes} NOT NULL,
    purpose {text} NOT NULL,
    -- Who tests or connects; none who signs in.
    account_id {id},
    landing {text} NOT NULL,
    -- The id that an answer of SAML repeats.
    request_id {text} NOT NULL,
    -- What the provider has answered, encrypted, until the browser collects it.
    answer {bytes},
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (state)
) {clustered};

CREATE INDEX sign_on_requests_expires ON sign_on_requests (expires_at);

-- Messages that may be used once.
CREATE TABLE used_messages (
    workspace_id {id} NOT NULL,
    connection_id {id} NOT NULL,
    message {text} NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (connection_id, message)
) {clustered};

CREATE INDEX used_messages_until ON used_messages (until);

-- The sessions that began at a provider, which its logout messages end.
CREATE TABLE provider_sessions (
    workspace_id {id} NOT NULL,
    session_id {id} NOT NULL,
    connection_id {id} NOT NULL,
    account_id {id} NOT NULL,
    subject {text} NOT NULL,
    provider_session {text},
    created_at BIGINT NOT NULL,
    PRIMARY KEY (session_id)
) {clustered};

CREATE INDEX provider_sessions_subject ON provider_sessions (workspace_id, connection_id, subject);
CREATE INDEX provider_sessions_created ON provider_sessions (created_at);

-- Domains of addresses that a workspace has proven to be its own, or is about to.
CREATE TABLE proven_domains (
    workspace_id {id} NOT NULL,
    domain {text} NOT NULL,
    secret {text} NOT NULL,
    proven_at BIGINT,
    proven_by {text},
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, domain)
) {clustered};

CREATE INDEX proven_domains_domain ON proven_domains (domain, workspace_id);
