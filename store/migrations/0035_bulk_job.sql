-- Work on many records that runs in batches beside the requests. How far it came is stored by the transaction
-- of each batch.
CREATE TABLE bulk_jobs (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    state {text} NOT NULL,
    done BIGINT NOT NULL,
    position {text} NOT NULL,
    result {text} NOT NULL,
    reason {text},
    updated_at BIGINT NOT NULL,
    ended_at BIGINT,
    run_at BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    kind {text} NOT NULL,
    member_id {id} NOT NULL,
    member_name {text} NOT NULL,
    api_key_id {id},
    request {text} NOT NULL,
    audit_id {id} NOT NULL,
    parameters {text} NOT NULL,
    total BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
) {clustered};

CREATE INDEX bulk_jobs_running ON bulk_jobs (run_at, workspace_id, id) WHERE state = 'running';
CREATE INDEX bulk_jobs_ended ON bulk_jobs (ended_at) WHERE ended_at IS NOT NULL;

-- What a batch is to do, where the request has listed it, and which records it has changed.
CREATE TABLE bulk_job_parts (
    workspace_id {id} NOT NULL,
    job_id {id} NOT NULL,
    number BIGINT NOT NULL,
    input {text} NOT NULL,
    result {text} NOT NULL,
    PRIMARY KEY (workspace_id, job_id, number)
) {clustered};
