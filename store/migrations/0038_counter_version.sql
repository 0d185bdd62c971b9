-- The version of the counters of a record type in which a counter was last changed: who knows an earlier version reads
-- what has changed since. The index is on an expression, so that no planner takes it for other statements than that one.
ALTER TABLE record_counts ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
CREATE INDEX record_counts_version ON record_counts (workspace_id, (entity || ''), version);
