-- A file can be of the audit log too: `reach` has what its member might read when it was made, by the name of what it is
-- about, as JSON. Files that have it in the earlier form are made again.
DELETE FROM export_pieces;

DROP TABLE export_files;

CREATE TABLE export_files (
    workspace_id {id} NOT NULL,
    job_id {id} NOT NULL,
    bytes BIGINT NOT NULL,
    pieces BIGINT NOT NULL,
    expires_at BIGINT,
    reach {text} NOT NULL,
    member_id {id} NOT NULL,
    PRIMARY KEY (workspace_id, job_id)
) {clustered};

CREATE INDEX export_files_expires ON export_files (expires_at) WHERE expires_at IS NOT NULL;
