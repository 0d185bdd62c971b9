-- The slugs that workspaces had: for some time they lead on to the workspace, and are free to no
-- other.
CREATE TABLE former_slugs (
    slug {text} NOT NULL PRIMARY KEY,
    workspace_id {id} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    until BIGINT NOT NULL
);
