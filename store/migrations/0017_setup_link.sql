-- The link by which the first account is created, by the hash of its token.
CREATE TABLE setup_links (
    token {bytes} NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
) {clustered};
