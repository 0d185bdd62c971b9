-- Changes of an address that wait for the mailboxes, each with the hash of the token in its mail.
CREATE TABLE address_changes (
    account_id {id} NOT NULL PRIMARY KEY REFERENCES accounts (id),
    email {text} NOT NULL,
    present_token {bytes} NOT NULL,
    new_token {bytes} NOT NULL,
    is_allowed BOOLEAN NOT NULL,
    is_confirmed BOOLEAN NOT NULL,
    expires_at BIGINT NOT NULL
) {clustered};

CREATE UNIQUE INDEX address_changes_present ON address_changes (present_token);
CREATE UNIQUE INDEX address_changes_new ON address_changes (new_token);

-- Devices on which an account has signed in, by the hash of the token in their cookie.
CREATE TABLE devices (
    account_id {id} NOT NULL REFERENCES accounts (id),
    token {bytes} NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, token)
) {clustered};

CREATE INDEX devices_seen ON devices (seen_at);
