-- The key of a request and its response, written by the transaction of the request: there is no row
-- for a request that is still running or has failed.
CREATE TABLE stored_responses (
    account_id {id} NOT NULL,
    request_key {text} NOT NULL,
    request_hash {bytes} NOT NULL,
    status BIGINT NOT NULL,
    headers {text} NOT NULL,
    body {text} NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (account_id, request_key)
) {clustered};

INSERT INTO stored_responses (account_id, request_key, request_hash, status, headers, body, at)
    SELECT account_id, request_key, request_hash, status, '[]', body, at FROM answers
    WHERE status IS NOT NULL AND body IS NOT NULL;

DROP TABLE answers;

CREATE INDEX stored_responses_at ON stored_responses (at);

-- Counts those of an account, without their bodies.
CREATE INDEX stored_responses_account ON stored_responses (account_id, at);
