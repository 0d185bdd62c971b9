-- What operators and jobs did to whole workspaces. It belongs to no workspace, so that it outlasts
-- those that are purged.
CREATE TABLE operations (
    id {id} NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    actor {text} NOT NULL,
    action {text} NOT NULL,
    subject {text} NOT NULL,
    detail {text} NOT NULL
) {clustered};
