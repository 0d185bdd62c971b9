-- Second factors of accounts. The secret of an authenticator app is sealed; recovery codes and tokens
-- are hashed.
CREATE TABLE totps (
    account_id {id} NOT NULL PRIMARY KEY REFERENCES accounts (id),
    secret {bytes} NOT NULL,
    last_step BIGINT,
    created_at BIGINT NOT NULL,
    confirmed_at BIGINT
) {clustered};

CREATE TABLE recovery_codes (
    account_id {id} NOT NULL REFERENCES accounts (id),
    code {bytes} NOT NULL,
    PRIMARY KEY (account_id, code)
) {clustered};

CREATE TABLE passkeys (
    id {id} NOT NULL PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES accounts (id),
    credential_id {bytes} NOT NULL,
    name {text} NOT NULL,
    credential {text} NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT
) {clustered};

CREATE UNIQUE INDEX passkeys_credential ON passkeys (credential_id);
CREATE INDEX passkeys_account ON passkeys (account_id, id);

-- What a device was asked, until it answers. A sign-in by passkey alone has no account yet.
CREATE TABLE passkey_ceremonies (
    token {bytes} NOT NULL PRIMARY KEY,
    account_id {id} REFERENCES accounts (id),
    state {text} NOT NULL,
    expires_at BIGINT NOT NULL
) {clustered};

CREATE INDEX passkey_ceremonies_expiry ON passkey_ceremonies (expires_at);

-- Sign-ins whose password was right and whose second factor is still to come.
CREATE TABLE pending_sign_ins (
    token {bytes} NOT NULL PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES accounts (id),
    expires_at BIGINT NOT NULL
) {clustered};

CREATE INDEX pending_sign_ins_expiry ON pending_sign_ins (expires_at);

-- Devices from which an account signs in without its second factor.
CREATE TABLE trusted_devices (
    token {bytes} NOT NULL PRIMARY KEY,
    id {id} NOT NULL,
    account_id {id} NOT NULL REFERENCES accounts (id),
    client {text} NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
) {clustered};

CREATE INDEX trusted_devices_account ON trusted_devices (account_id, id);
