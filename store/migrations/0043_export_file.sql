-- The file of an export that a bulk job prepares. `reach` has the owners whose records its member might read when
-- it was made: their ids one after the other, nothing for the records of every owner.
CREATE TABLE export_files (
    workspace_id {id} NOT NULL,
    job_id {id} NOT NULL,
    bytes BIGINT NOT NULL,
    pieces BIGINT NOT NULL,
    expires_at BIGINT,
    reach {bytes},
    member_id {id} NOT NULL,
    PRIMARY KEY (workspace_id, job_id)
) {clustered};

CREATE INDEX export_files_expires ON export_files (expires_at) WHERE expires_at IS NOT NULL;

-- The contents of a file, a piece for each batch.
CREATE TABLE export_pieces (
    workspace_id {id} NOT NULL,
    job_id {id} NOT NULL,
    number BIGINT NOT NULL,
    contents {bytes} NOT NULL,
    PRIMARY KEY (workspace_id, job_id, number)
);
