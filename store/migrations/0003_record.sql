-- Records, in the order of their ids, which is the order of time. What lists look at comes before
-- what only a record's own page shows, so that walking them never follows a long text to its other
-- pages. `owner_id` is never nothing: an id of zeros owns what is unowned.
CREATE TABLE records (
    workspace_id {id} NOT NULL,
    entity {text} NOT NULL,
    id {id} NOT NULL,
    owner_id {id} NOT NULL,
    title_key {text} NOT NULL,
    stage {text},
    is_open BOOLEAN NOT NULL,
    amount BIGINT,
    created_month BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_by {id},
    title {text} NOT NULL,
    fields {text} NOT NULL,
    search_text {text} NOT NULL,
    PRIMARY KEY (workspace_id, entity, id)
) {clustered};

CREATE INDEX records_owner ON records (workspace_id, entity, owner_id, id);
CREATE INDEX records_title ON records (workspace_id, entity, title_key, id);
CREATE INDEX records_owner_title ON records (workspace_id, entity, owner_id, title_key, id);

-- How many records an owner has, and how many of them still need work. Kept with every change.
CREATE TABLE record_counts (
    workspace_id {id} NOT NULL,
    entity {text} NOT NULL,
    owner_id {id} NOT NULL,
    n BIGINT NOT NULL,
    open_n BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, entity, owner_id)
) {clustered};

CREATE TABLE record_totals (
    workspace_id {id} NOT NULL,
    entity {text} NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, entity)
) {clustered};

-- What happened to a record.
CREATE TABLE timeline (
    workspace_id {id} NOT NULL,
    record_id {id} NOT NULL,
    id {id} NOT NULL,
    at BIGINT NOT NULL,
    actor_id {id},
    action {text} NOT NULL,
    detail {text} NOT NULL,
    PRIMARY KEY (workspace_id, record_id, id)
) {clustered};
