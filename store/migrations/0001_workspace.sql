-- A workspace: what one tenant has. Its revision goes up with every change of access, and comes
-- before the long text, so that reading it never follows the text to its other pages. For the same
-- reason the table is not clustered: its rows are long.
CREATE TABLE workspaces (
    id {id} NOT NULL PRIMARY KEY,
    slug {text} NOT NULL,
    name {text} NOT NULL,
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT,
    settings {text} NOT NULL DEFAULT '{}',
    blueprint_id {text} NOT NULL,
    blueprint_hash {bytes} NOT NULL,
    blueprint_text {text} NOT NULL
);

CREATE UNIQUE INDEX workspaces_slug ON workspaces (slug);
