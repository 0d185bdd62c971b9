-- An address belongs to the account that has confirmed it. Any number of accounts may claim it before.
DROP INDEX accounts_email;

CREATE UNIQUE INDEX accounts_confirmed ON accounts (email_key)
    WHERE deleted_at IS NULL AND confirmed_at IS NOT NULL;

CREATE INDEX accounts_address ON accounts (email_key, id) WHERE deleted_at IS NULL;
