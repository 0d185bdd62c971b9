-- What each of the last revisions of a workspace has changed, so that a server which has an earlier one reads only
-- that. A revision without a row changed more than a row says.
CREATE TABLE access_changes (
    workspace_id {id} NOT NULL,
    revision BIGINT NOT NULL,
    touched {text} NOT NULL,
    PRIMARY KEY (workspace_id, revision)
) {clustered};
