-- What programs bring. A key is looked up in the workspace that it names, by its hash.
CREATE TABLE api_keys (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    token {bytes} NOT NULL,
    name {text} NOT NULL,
    member_id {id} NOT NULL,
    made_by {id} NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    seen_at BIGINT,
    PRIMARY KEY (workspace_id, id)
) {clustered};

CREATE UNIQUE INDEX api_keys_token ON api_keys (workspace_id, token);
