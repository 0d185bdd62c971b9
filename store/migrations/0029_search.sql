-- Every record gets a number, by which the index of search knows it: that of its type in the workspace,
-- and one that goes up. Records that exist get theirs beside the service, in the order of their ids;
-- room for them is left below the numbers of new ones.
ALTER TABLE records ADD COLUMN doc BIGINT;

CREATE TABLE search_scopes (
    workspace_id {id} NOT NULL,
    entity {text} NOT NULL,
    scope BIGINT NOT NULL,
    last_doc BIGINT NOT NULL,
    indexed_doc BIGINT NOT NULL,
    indexed_id {id},
    is_indexed BOOLEAN NOT NULL,
    PRIMARY KEY (workspace_id, entity)
) {clustered};

CREATE INDEX search_scopes_pending ON search_scopes (is_indexed, scope);

INSERT INTO search_scopes (workspace_id, entity, scope, last_doc, indexed_doc, is_indexed)
SELECT workspace_id, entity, row_number() OVER (ORDER BY workspace_id, entity), n, 0, FALSE
FROM record_totals;

CREATE TABLE search_scope_count (id BIGINT NOT NULL PRIMARY KEY, n BIGINT NOT NULL);

INSERT INTO search_scope_count (id, n) SELECT 1, count(*) FROM search_scopes;

{search_index};
