-- Views that members save: the filter, order and columns of a list of records, for themselves or shared.
CREATE TABLE saved_views (
    workspace_id {id} NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id {id} NOT NULL,
    name {text} NOT NULL,
    created_by {id} NOT NULL,
    is_shared BOOLEAN NOT NULL,
    entity {text} NOT NULL,
    filter {text} NOT NULL,
    sorted_by {text},
    shown_columns {text},
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
) {clustered};

CREATE INDEX saved_views_by_creator ON saved_views (workspace_id, created_by, entity);
CREATE INDEX saved_views_shared ON saved_views (workspace_id, entity, id) WHERE is_shared;
