-- Reports that members save: for themselves, or shared.
CREATE TABLE saved_reports (
    workspace_id {id} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id {id} NOT NULL,
    name {text} NOT NULL,
    created_by {id} NOT NULL,
    is_shared BOOLEAN NOT NULL,
    entity {text} NOT NULL,
    stage {text},
    owner_id {id},
    grouped_by {text} NOT NULL,
    measure {text} NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
) {clustered};
